/**
 * The decision without a proxy, for the command line and for tests: documents and requests by address
 * and length, one request at a time, with a trace of every rule. Never part of the filter.
 */
import { ABSENT, Arena, Bytes, Writer, bytesAt } from "as-bytes";
import {
  HeaderLines,
  NO_PORT,
  Policy,
  REFUSAL_LINE_BYTES,
  Truths,
  evaluateRequest,
  isSpiffeId,
  parseAddress,
  writeTrace,
} from "as-policy";
import {
  Document,
  Facts,
  PeerIdentity,
  Reason,
  Verdict,
  enforce,
  isTrustedPeer,
  loadDocument,
  writeReason,
} from "../assembly/enforce";
import { evaluateTokens } from "../assembly/enforce/evaluate-tokens";

/** Room that a trace is first tried in; one that does not fit gets twice as much. */
const TRACE_BYTES: u32 = 65536;

const arena = Arena.create();
let documentArena: Arena = Arena.create();
let document: Document = Document.create(documentArena);
let facts: Facts = changetype<Facts>(0);
let verdict: Verdict = changetype<Verdict>(0);

export function take(size: u32): usize {
  return arena.take(size);
}

/** Loads a document in place of the one before; 0, or the line that refuses it. */
export function loadPolicy(address: usize, length: u32): Bytes {
  documentArena.release();
  documentArena = Arena.create();
  const working = Arena.create();
  const loading = loadDocument(bytesAt(address, length), documentArena, working);
  document = loading.document;
  const writer = Writer.create(documentArena, REFUSAL_LINE_BYTES);
  const refused = loading.refused;
  if (refused) loading.writeRefusal(writer);
  working.release();
  arena.reset();
  return refused ? writer.written() : ABSENT;
}

export function documentHash(): usize {
  return document.hash;
}

export function begin(): void {
  arena.reset();
  facts = changetype<Facts>(arena.allocate(offsetof<Facts>()));
  facts.lines = HeaderLines.create(document.headers, arena);
  facts.destinationPort = NO_PORT;
}

export function header(name: usize, nameLength: u32, value: usize, valueLength: u32): void {
  facts.lines.collect(bytesAt(name, nameLength), bytesAt(value, valueLength), arena);
}

/** The peer's URI SAN, believed where the document takes it. */
export function peer(address: usize, length: u32): void {
  const name = bytesAt(address, length);
  facts.peerIdentity = isTrustedPeer(document, name) ? PeerIdentity.VERIFIED : PeerIdentity.FAILED;
  if (facts.peerIdentity == PeerIdentity.VERIFIED) facts.peer = name;
}

export function port(number: i32): void {
  facts.destinationPort = number;
}

export function serverName(address: usize, length: u32): void {
  facts.serverName = bytesAt(address, length);
}

/** The address of the connection's peer, of the client behind proxies, and of this side. */
export function peerAddress(address: usize, length: u32): void {
  facts.peerAddress = parseAddress(bytesAt(address, length), arena);
}

export function remoteAddress(address: usize, length: u32): void {
  facts.remoteAddress = parseAddress(bytesAt(address, length), arena);
}

export function destinationAddress(address: usize, length: u32): void {
  facts.destinationAddress = parseAddress(bytesAt(address, length), arena);
}

/** Decides at `now` in seconds; whether it allows. */
export function decide(now: f64): bool {
  verdict = enforce(facts, document, null, now, arena);
  return verdict.allows;
}

/** The reason's name, empty where the request is allowed. */
export function reason(): Bytes {
  const writer = Writer.create(arena, 64);
  if (!verdict.allows) writeReason(verdict.reason, writer);
  return writer.written();
}

export function status(): u32 {
  return verdict.reason == Reason.ALLOWED ? 200 : verdict.status;
}

/** The deciding policy's name; 0 where there is none. */
export function policyName(): Bytes {
  const decider = verdict.where.decider.policy;
  return decider === null ? ABSENT : decider.name;
}

/** Its rule's place among the rules of the policy. */
export function ruleIndex(): u32 {
  return verdict.where.decider.rule;
}

export function shadow(): u32 {
  return verdict.where.shadow;
}

/**
 * What every rule came to in the latest decision, as JSON: `{"asked", "decider", "nearest", "audit",
 * "rules"}`. The three are `{"policy", "rule"}` with indexes of the document, left out where there is
 * none; `rules` is `writeTrace`'s. Where the request was refused before the policies were asked,
 * `asked` is false and there are no rules.
 */
export function trace(): Bytes {
  const truths = Truths.create(arena, document.policies.atomCount);
  // The headers are shown to the policies last of all.
  const asked = changetype<usize>(verdict.where.request.headers) != 0;
  if (asked) {
    evaluateRequest(document.policies, verdict.where.request, truths, arena);
    evaluateTokens(document.policies, verdict.where.request, verdict.where.caller.tokens, truths, arena);
  }
  let room = TRACE_BYTES;
  let writer = Writer.create(arena, room);
  while (!writeWhole(asked, truths, writer)) {
    room <<= 1;
    writer = Writer.create(arena, room);
  }
  return writer.written();
}

/** Whether there was room. */
function writeWhole(asked: bool, truths: Truths, writer: Writer): bool {
  const where = verdict.where;
  writer.text(asked ? '{"asked":true' : '{"asked":false');
  writePlace("decider", where.decider.policy, where.decider.rule, writer);
  writePlace("nearest", where.nearest.policy, where.nearest.rule, writer);
  writePlace("audit", where.audit.policy, where.audit.rule, writer);
  writer.text(',"rules":');
  if (asked) writeTrace(document.policies, truths, writer);
  else writer.text("[]");
  writer.text("}");
  return !writer.overflowed;
}

function writePlace(name: string, policy: Policy | null, rule: u32, writer: Writer): void {
  if (policy === null) return;
  writer.text(',"');
  writer.text(name);
  writer.text('":{"policy":');
  writer.decimal(indexOf(policy));
  writer.text(',"rule":');
  writer.decimal(rule);
  writer.text("}");
}

export function spiffeId(address: usize, length: u32): bool {
  return isSpiffeId(bytesAt(address, length));
}

/** A policy's place in the document. */
function indexOf(policy: Policy): u32 {
  const policies = document.policies.policies;
  let index: u32 = 0;
  while (index < policies.length && policies.at(index) !== policy) index += 1;
  return index;
}
