/** The decision as a library: `filter/tools`, one document and one request at a time. */
import { loadModule } from "../support/wasm.ts";
import { headerLines, timeOf, transportOf, type CorpusRequest, type DecisionRecord } from "./corpus.ts";

interface Enforce {
  loadPolicy(address: number, length: number): bigint;
  documentHash(): number;
  begin(): void;
  header(name: number, nameLength: number, value: number, valueLength: number): void;
  peer(address: number, length: number): void;
  port(number: number): void;
  serverName(address: number, length: number): void;
  peerAddress(address: number, length: number): void;
  remoteAddress(address: number, length: number): void;
  destinationAddress(address: number, length: number): void;
  decide(now: number): number;
  reason(): bigint;
  status(): number;
  policyName(): bigint;
  spiffeId(address: number, length: number): number;
}

const entry = loadModule<Enforce>("lictor.tools.wasm");

/** Loads the document; the line that refuses it, or undefined. */
export function loadPolicy(document: string): string | undefined {
  const { address, length } = entry.put(Buffer.from(document));
  return text(entry.exports.loadPolicy(address, length));
}

/** The SHA-256 of the loaded document. */
export function documentHash(): string {
  return Buffer.from(entry.get(entry.exports.documentHash(), 32)).toString("hex");
}

/** Decides with the loaded document, by default at the request's time. */
export function decide(request: CorpusRequest, now = timeOf(request) / 1000): DecisionRecord {
  return decideLines(headerLines(request), transportOf(request), now);
}

/** What the transport tells of a request. */
export interface Transport {
  /** A URI SAN of a valid certificate. */
  peer?: string | undefined;
  serverName?: string | undefined;
  port?: number | undefined;
  /** IP addresses. */
  peerAddress?: string | undefined;
  remoteAddress?: string | undefined;
  destinationAddress?: string | undefined;
}

export function decideLines(
  lines: readonly (readonly [string, string])[],
  transport: string | Transport = {},
  now = Date.now() / 1000,
): DecisionRecord {
  const { port, ...texts }: Transport = typeof transport === "string" ? { peer: transport } : transport;
  entry.exports.begin();
  for (const [name, value] of lines) {
    const placedName = entry.put(Buffer.from(name, "latin1"));
    const placedValue = entry.put(Buffer.from(value, "latin1"));
    // An empty value still has an address: it is there.
    entry.exports.header(placedName.address, placedName.length, placedValue.address, placedValue.length);
  }
  for (const [name, given] of Object.entries(texts) as [keyof typeof texts, string | undefined][]) {
    if (given === undefined) continue;
    const placed = entry.put(Buffer.from(given, "latin1"));
    entry.exports[name](placed.address, placed.length);
  }
  if (port !== undefined) entry.exports.port(port);
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
