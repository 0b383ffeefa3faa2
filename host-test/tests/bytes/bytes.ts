import { loadEntry } from "../support/wasm.ts";

/** What `entries/as-bytes.ts` exports; a `bigint` is the packed `Bytes`, 0n for absent. */
interface AsBytes {
  reset(): void;
  utf8(address: number, length: number): number;
  base64url(address: number, length: number): bigint;
  double(address: number, length: number): number;
  jsonError(address: number, length: number, depth: number, members: number): number;
  jsonPrinted(address: number, length: number): bigint;
  jsonCanonical(address: number, length: number): bigint;
  jsonLastPointer(address: number, length: number): bigint;
  escaped(address: number, length: number, limit: number): bigint;
  arenaCycle(size: number, rounds: number): number;
  overLimitWith(pages: number): number;
}

const entry = loadEntry<AsBytes>("as-bytes");

type Packed = "base64url" | "jsonPrinted" | "jsonCanonical" | "jsonLastPointer";

/** Calls a function over bytes that answers with bytes; undefined where it refuses. */
export function bytesOf(name: Packed, input: Uint8Array): Buffer | undefined {
  return unpack(call(input, (address, length) => entry.exports[name](address, length)));
}

export function isUtf8(input: Uint8Array): boolean {
  return call(input, (address, length) => entry.exports.utf8(address, length)) === 1;
}

export function doubleOf(text: string): number {
  return call(Buffer.from(text), (address, length) => entry.exports.double(address, length));
}

export function escaped(input: Uint8Array, limit: number): string {
  return unpack(call(input, (address, length) => entry.exports.escaped(address, length, limit)))!.toString(
    "utf8",
  );
}

/** `JsonError` of the parser. */
export const JsonError = {
  NONE: 0,
  NOT_JSON: 1,
  NOT_UTF8: 2,
  DUPLICATE_MEMBER: 3,
  TOO_DEEP: 4,
  TOO_MANY_MEMBERS: 5,
};

export function jsonError(text: Uint8Array | string, depth = 64, members = 512): number {
  return call(Buffer.from(text), (address, length) =>
    entry.exports.jsonError(address, length, depth, members),
  );
}

export function arenaCycle(size: number, rounds: number): number {
  return entry.exports.arenaCycle(size, rounds);
}

/** Whether so many pages in arenas are over the limit, 0 or 1. */
export function overLimitWith(pages: number): number {
  return entry.exports.overLimitWith(pages);
}

function call<T>(input: Uint8Array, run: (address: number, length: number) => T): T {
  entry.exports.reset();
  const { address, length } = entry.put(input);
  return run(address, length);
}

function unpack(packed: bigint): Buffer | undefined {
  if (packed === 0n) return undefined;
  const value = BigInt.asUintN(64, packed);
  return Buffer.from(entry.get(Number(value & 0xffffffffn), Number(value >> 32n)));
}
