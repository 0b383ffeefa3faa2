/** The compiled form and the reference evaluator: `entries/as-policy.ts`. */
import { loadEntry } from "../support/wasm.ts";

interface AsPolicy {
  loadPolicies(address: number, length: number): bigint;
  compiledBytes(): number;
  prepare(address: number, length: number): void;
  repeatCompiled(times: number): number;
  decideBoth(address: number, length: number, allowByDefault: boolean): number;
}

const entry = loadEntry<AsPolicy>("as-policy");

/** What policies see of a request. A member that is left out is absent. */
export interface Attributes {
  method?: string;
  path?: string;
  query?: string;
  host?: string;
  port?: number;
  sni?: string;
  /** A SPIFFE ID. */
  peer?: string;
  /** Addresses of the connection's peer, of the client behind proxies, of this side. */
  source?: string;
  remote?: string;
  destination?: string;
  /** Seconds since the epoch. */
  now: number;
  headers: [string, string][];
  /** Claims by the name of the JWT rule that accepted the token. */
  tokens: { one?: object; two?: object };
}

export interface Answers {
  allowed: boolean;
  /** With the policies of dry runs enforced. */
  shadow: boolean;
  denies: boolean;
  allows: boolean;
  audits: boolean;
}

/** Loads policies; the line that refuses them, or undefined. */
export function loadPolicies(policies: unknown): string | undefined {
  const { address, length } = entry.put(Buffer.from(JSON.stringify(policies)));
  const refusal = BigInt.asUintN(64, entry.exports.loadPolicies(address, length));
  if (refusal === 0n) return undefined;
  return Buffer.from(entry.get(Number(refusal & 0xffffffffn), Number(refusal >> 32n))).toString();
}

export function compiledBytes(): number {
  return entry.exports.compiledBytes();
}

/** What the loaded policies say, by the compiled form and by the reference. */
export function decide(
  request: Attributes,
  allowByDefault = false,
): { compiled: Answers; reference: Answers } {
  const { address, length } = entry.put(Buffer.from(JSON.stringify(request)));
  const bits = entry.exports.decideBoth(address, length, allowByDefault);
  return { compiled: answers(bits), reference: answers(bits >> 8) };
}

/** Milliseconds that the compiled form takes for the request so many times. */
export function compiledTime(request: Attributes, times: number): number {
  const { address, length } = entry.put(Buffer.from(JSON.stringify(request)));
  entry.exports.prepare(address, length);
  const started = performance.now();
  entry.exports.repeatCompiled(times);
  return performance.now() - started;
}

function answers(bits: number): Answers {
  const bit = (index: number) => ((bits >> index) & 1) === 1;
  return { allowed: bit(0), shadow: bit(1), denies: bit(2), allows: bit(3), audits: bit(4) };
}
