/** The decision as a library: `entries/enforce.ts`, one document and one request at a time. */
import { loadEntry } from "../support/wasm.ts";
import { headerLines, type CorpusRequest, type DecisionRecord } from "./corpus.ts";

interface Enforce {
  loadPolicy(address: number, length: number): bigint;
  documentHash(): number;
  begin(): void;
  header(name: number, nameLength: number, value: number, valueLength: number): void;
  peer(address: number, length: number): void;
  port(number: number): void;
  decide(now: number): number;
  reason(): bigint;
  status(): number;
  policyName(): bigint;
  spiffeId(address: number, length: number): number;
}

const entry = loadEntry<Enforce>("enforce");

/** Loads the document; the line that refuses it, or undefined. */
export function loadPolicy(document: string): string | undefined {
  const { address, length } = entry.put(Buffer.from(document));
  return text(entry.exports.loadPolicy(address, length));
}

/** The SHA-256 of the loaded document. */
export function documentHash(): string {
  return Buffer.from(entry.get(entry.exports.documentHash(), 32)).toString("hex");
}

/** Decides with the loaded document at the clock's time. */
export function decide(request: CorpusRequest, now = Date.now() / 1000): DecisionRecord {
  return decideLines(headerLines(request), request.peer ?? undefined, now);
}

export function decideLines(
  lines: [string, string][],
  peer?: string,
  now = Date.now() / 1000,
): DecisionRecord {
  entry.exports.begin();
  for (const [name, value] of lines) {
    const placedName = entry.put(Buffer.from(name, "latin1"));
    const placedValue = entry.put(Buffer.from(value, "latin1"));
    // An empty value still has an address: it is there.
    entry.exports.header(placedName.address, placedName.length, placedValue.address, placedValue.length);
  }
  if (peer !== undefined) {
    const placed = entry.put(Buffer.from(peer, "latin1"));
    entry.exports.peer(placed.address, placed.length);
  }
  const allows = entry.exports.decide(now) === 1;
  const policy = text(entry.exports.policyName());
  return {
    decision: allows ? "allow" : "deny",
    ...(allows ? {} : { reason: text(entry.exports.reason()) ?? "", status: entry.exports.status() }),
    ...(policy === undefined ? {} : { policy }),
  };
}

export function isSpiffeId(id: string): boolean {
  const { address, length } = entry.put(Buffer.from(id));
  return entry.exports.spiffeId(address, length) === 1;
}

function text(packed: bigint): string | undefined {
  const value = BigInt.asUintN(64, packed);
  if (value === 0n) return undefined;
  return Buffer.from(entry.get(Number(value & 0xffffffffn), Number(value >> 32n))).toString("utf8");
}
