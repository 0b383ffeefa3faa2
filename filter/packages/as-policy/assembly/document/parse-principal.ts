import {
  Bytes,
  JsonValue,
  List,
  addressOf,
  endsWith,
  equal,
  equalsText,
  indexOfByte,
  lengthOf,
  literalBytes,
  part as slice,
  startsWith,
} from "as-bytes";
import { Pattern, PatternKind, stringPattern } from "../patterns/pattern";
import { PolicyReader } from "./parse-policies";
import { concatenated, joined } from "./parse-values";
import { RefusalCode } from "./refusal";

const SLASH: u8 = 0x2f;
const STAR: u8 = 0x2a;

/** The parts of `domain/ns/namespace/sa/account`. */
const PRINCIPAL_PARTS: u32 = 5;

/** A principal, once for each trust domain that its own stands for. */
export function addPrincipals(
  patterns: List<Pattern>,
  value: JsonValue,
  text: Bytes,
  context: PolicyReader,
): void {
  const domains = context.surroundings.trustDomains;
  const slash = indexOfByte(text, SLASH);
  const domain = slash < 0 ? text : slice(text, 0, <u32>slash);
  if (countParts(text) != PRINCIPAL_PARTS || isStar(domain) || !isOneOfOurs(domain, domains)) {
    patterns.push(principalPattern(text, context));
    return;
  }
  const rest = slice(text, <u32>slash, lengthOf(text));
  context.countValues(value, domains.length - 1);
  for (let index: u32 = 0; index < domains.length; index++) {
    const alias = domains.at(index);
    // A domain that the value's own wildcard takes in is written as the value has it.
    const isTaken = load<u8>(addressOf(domain)) == STAR && wildcardMatches(domain, alias);
    patterns.push(principalPattern(isTaken ? text : concatenated(alias, rest, context), context));
  }
}

/** Values leave out `spiffe://`; `*` alone is any identity, `*x` looks at the end only. */
function principalPattern(text: Bytes, context: PolicyReader): Pattern {
  const pattern = stringPattern(text, PatternKind.NON_EMPTY, context.reader.arena);
  if (pattern.kind == PatternKind.EXACT || pattern.kind == PatternKind.PREFIX)
    pattern.text = joined("spiffe://", pattern.text, "", context);
  return pattern;
}

/** Whether a value's trust domain means the mesh: one of its domains, wildcards on either side, or `cluster.local`. */
function isOneOfOurs(domain: Bytes, domains: List<Bytes>): bool {
  for (let index: u32 = 0; index < domains.length; index++) {
    if (wildcardMatches(domain, domains.at(index))) return true;
  }
  return domains.length != 0 && equalsText(domain, "cluster.local");
}

/** Equal, or alike where one of them begins or ends with `*`. */
function wildcardMatches(pattern: Bytes, domain: Bytes): bool {
  const length = lengthOf(pattern);
  if (length == 0) return false;
  if (load<u8>(addressOf(pattern)) == STAR) return endsWith(domain, slice(pattern, 1, length));
  if (load<u8>(addressOf(pattern) + length - 1) == STAR)
    return startsWith(domain, slice(pattern, 0, length - 1));
  return equal(pattern, domain);
}

function isStar(text: Bytes): bool {
  return lengthOf(text) == 1 && load<u8>(addressOf(text)) == STAR;
}

function countParts(text: Bytes): u32 {
  let parts: u32 = 1;
  for (let index: u32 = 0; index < lengthOf(text); index++) {
    if (load<u8>(addressOf(text) + index) == SLASH) parts += 1;
  }
  return parts;
}

/** `*`, or a domain with at most one `*` at its beginning or its end; one of the mesh's stands for all of them. */
export function addTrustDomains(
  patterns: List<Pattern>,
  value: JsonValue,
  text: Bytes,
  context: PolicyReader,
): void {
  const arena = context.reader.arena;
  const star = indexOfByte(text, STAR);
  const isInside = star > 0 && <u32>star + 1 != lengthOf(text);
  const isSecond = star >= 0 && indexOfByte(text, STAR, <u32>star + 1) >= 0;
  if (indexOfByte(text, SLASH) >= 0 || isInside || isSecond)
    context.reader.refuse(RefusalCode.BAD_VALUE, value, "a trust domain, at most one * at an end");
  if (isStar(text)) {
    patterns.push(Pattern.create(PatternKind.PREFIX, literalBytes("spiffe://", arena), arena));
    return;
  }
  if (star >= 0) {
    patterns.push(Pattern.create(PatternKind.TRUST_DOMAIN, text, arena));
    return;
  }
  const domains = context.surroundings.trustDomains;
  let isOurs = false;
  for (let index: u32 = 0; index < domains.length; index++) {
    if (equal(domains.at(index), text)) isOurs = true;
  }
  if (!isOurs) {
    patterns.push(Pattern.create(PatternKind.PREFIX, joined("spiffe://", text, "/", context), arena));
    return;
  }
  context.countValues(value, domains.length - 1);
  for (let index: u32 = 0; index < domains.length; index++) {
    const prefix = joined("spiffe://", domains.at(index), "/", context);
    patterns.push(Pattern.create(PatternKind.PREFIX, prefix, arena));
  }
}
