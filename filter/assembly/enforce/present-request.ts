import { ABSENT, Arena, Bytes, List, indexOfByte, lengthOf, part } from "as-bytes";
import { HeaderLines, RequestAttributes, TokenAttributes } from "as-policy";
import { Document } from "./document";
import { Facts } from "./facts";
import { stripTokens } from "./strip-tokens";
import { CallerToken, Where } from "./verdict";
import { Header } from "./well-known";
import { writeOutputs } from "./write-outputs";

const QUESTION_MARK: u8 = 0x3f;
const HASH: u8 = 0x23;

/**
 * Makes the request what rules and the service are to see: tokens of ours taken off, headers written from
 * their claims, the proven caller beside it.
 */
export function presentRequest(where: Where, document: Document, facts: Facts, now: f64, arena: Arena): void {
  const request = where.request;
  stripTokens(where.caller.strip, facts.lines, where.changed, arena);
  writeOutputs(where.caller.tokens, facts.lines, where.changed, arena);
  request.headers = facts.lines;
  request.query = queryOf(facts.lines);
  request.destinationPort = facts.destinationPort;
  request.serverName = facts.serverName;
  request.sourceAddress = facts.peerAddress;
  request.remoteAddress = facts.remoteAddress;
  request.destinationAddress = facts.destinationAddress;
  request.peer = where.caller.peer;
  request.now = now;
  describeTokens(where.caller.tokens, document, request, arena);
}

/** Between the first `?` and a fragment, which servers do not see as part of it. */
function queryOf(lines: HeaderLines): Bytes {
  const path = lines.first(Header.PATH);
  if (path === null) return ABSENT;
  const fragment = indexOfByte(path.value, HASH);
  const end: u32 = fragment < 0 ? lengthOf(path.value) : <u32>fragment;
  const mark = indexOfByte(path.value, QUESTION_MARK);
  return mark < 0 || <u32>mark >= end ? ABSENT : part(path.value, <u32>mark + 1, end);
}

/** The first one for unqualified `request.auth`; all of them by their rules where the document names rules. */
function describeTokens(
  tokens: List<CallerToken>,
  document: Document,
  request: RequestAttributes,
  arena: Arena,
): void {
  if (tokens.length == 0) return;
  request.token = attributesOf(tokens.at(0), arena);
  if (!document.policies.readsNamedTokens) return;
  const byRule = List.create<TokenAttributes | null>(arena, document.jwtRules.length);
  for (let index: u32 = 0; index < document.jwtRules.length; index++) byRule.push(null);
  // From the last to the first, so that of two tokens of one rule the first one counts.
  for (let left = tokens.length; left > 0; left--) {
    const token = tokens.at(left - 1);
    byRule.put(token.rule.index, attributesOf(token, arena));
  }
  request.tokens = byRule;
}

function attributesOf(entry: CallerToken, arena: Arena): TokenAttributes {
  const attributes = changetype<TokenAttributes>(arena.allocate(offsetof<TokenAttributes>()));
  attributes.claims = entry.token.claims;
  attributes.issuer = entry.token.issuer;
  attributes.subject = entry.token.subject;
  attributes.spaceDelimitedClaims = entry.rule.spaceDelimitedClaims;
  return attributes;
}
