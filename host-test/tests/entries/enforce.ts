/**
 * The decision without a proxy: documents and requests by address and length, one request at a time.
 */
import { ABSENT, Arena, Bytes, Writer, bytesAt } from "as-bytes";
import { HeaderLines, NO_PORT, REFUSAL_LINE_BYTES, RefusalCode, isSpiffeId } from "as-policy";
import {
  Document,
  Facts,
  PeerIdentity,
  Reason,
  Verdict,
  enforce,
  httpStatus,
  loadDocument,
  reasonName,
} from "../../../filter/assembly/enforce";

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
  const copy = documentArena.take(length);
  memory.copy(copy, address, length);
  document = loadDocument(bytesAt(copy, length), documentArena);
  arena.reset();
  if (document.refusal.code == RefusalCode.NONE) return ABSENT;
  const writer = Writer.create(arena, REFUSAL_LINE_BYTES);
  document.refusal.write(document.root, writer);
  return writer.written();
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

/** The peer's URI SAN, believed only where it is a SPIFFE ID. */
export function peer(address: usize, length: u32): void {
  const name = bytesAt(address, length);
  facts.peerIdentity = isSpiffeId(name) ? PeerIdentity.VERIFIED : PeerIdentity.FAILED;
  if (facts.peerIdentity == PeerIdentity.VERIFIED) facts.peer = name;
}

export function port(number: i32): void {
  facts.destinationPort = number;
}

export function serverName(address: usize, length: u32): void {
  facts.serverName = bytesAt(address, length);
}

/** Decides at `now` in seconds; whether it allows. */
export function decide(now: f64): bool {
  verdict = enforce(facts, document, null, now, arena);
  return verdict.allows;
}

/** The reason's name, empty where the request is allowed. */
export function reason(): Bytes {
  const writer = Writer.create(arena, 64);
  writer.text(reasonName(verdict.reason));
  return writer.written();
}

export function status(): u32 {
  return verdict.reason == Reason.ALLOWED ? 200 : httpStatus(verdict.reason);
}

/** The deciding policy's name; 0 where there is none. */
export function policyName(): Bytes {
  const decider = verdict.where.decider.policy;
  return decider === null ? ABSENT : decider.name;
}

export function shadow(): u32 {
  return verdict.where.shadow;
}

export function spiffeId(address: usize, length: u32): bool {
  return isSpiffeId(bytesAt(address, length));
}
