/** The test builds of `as-crypto` in the terms of its tests. */
import { beforeAll, describe } from "vitest";
import { loadEntry } from "../support/wasm.ts";

interface Exports {
  reset(): void;
  selfTest(): number;
  digest(hash: number, message: number, length: number, out: number): void;
  hmacKey(hash: number, secret: number, length: number): number;
  hmacVerify(
    key: number,
    message: number,
    length: number,
    signature: number,
    signatureLength: number,
  ): number;
  rsaKey(modulus: number, modulusLength: number, exponent: number, exponentLength: number): number;
  rsaRecover(out: number, key: number, signature: number, length: number): number;
  rsaVerify(key: number, hash: number, digest: number, signature: number, length: number): number;
  pssVerify(key: number, hash: number, digest: number, signature: number, length: number): number;
  p256Key(x: number, xLength: number, y: number, yLength: number): number;
  p256BuildTable(key: number, windows: number): number;
  p256Verify(key: number, digest: number, signature: number, length: number): number;
  p256VerifyComplete(key: number, digest: number, signature: number, length: number): number;
  ecKey(curve: number, x: number, xLength: number, y: number, yLength: number): number;
  ecBuildTable(key: number, windows: number): number;
  ecVerify(key: number, digest: number, digestLength: number, signature: number, length: number): number;
  edKey(encoding: number, length: number): number;
  edBuildTable(key: number, windows: number): number;
  edVerify(key: number, message: number, length: number, signature: number, signatureLength: number): number;
}

/** The probe of `fused.ts`: x and −x² as it rounds, without the zero bytes at its start. */
const PROBE = Buffer.from(
  Float64Array.of(2 ** 27 + 1, 2 ** 27 + 1, -(2 ** 54 + 2 ** 28), -(2 ** 54 + 2 ** 28)).buffer,
).subarray(3);

/** Makes the module find that multiply-add is not fused: of zeros, there is no difference to see. */
function unfuse(module: Buffer): void {
  const at = module.indexOf(PROBE);
  if (at < 0 || module.includes(PROBE, at + 1)) throw new Error("the module has not one probe");
  module.fill(0, at, at + PROBE.length);
}

const builds = {
  portable: loadEntry<Exports>("as-crypto"),
  relaxed: loadEntry<Exports>("as-crypto.relaxed"),
  unfused: loadEntry<Exports>("as-crypto.relaxed", unfuse),
};

let { exports, put, get } = builds.portable;

/** Runs `suite` on the build without relaxed SIMD, and on the one with it, where that is fused and where not. */
export function onEachBuild(suite: () => void): void {
  for (const [name, build] of Object.entries(builds)) {
    describe(`the ${name} build`, () => {
      beforeAll(() => {
        ({ exports, put, get } = build);
      });
      suite();
    });
  }
}

/** A key in the module's memory, until `reset`. */
export type Key = number;

/** Gives back the module's memory; keys made before are gone. */
export function reset(): void {
  exports.reset();
}

export function selfTest(): boolean {
  return exports.selfTest() !== 0;
}

/** A hash function by its name in node:crypto. */
export type Hash = "sha256" | "sha384" | "sha512";

export const hashes = ["sha256", "sha384", "sha512"] as const satisfies Hash[];

export function computeDigest(hash: Hash, message: Uint8Array): Uint8Array {
  const { address, length } = put(message);
  const out = exports.take(64);
  exports.digest(hashes.indexOf(hash), address, length, out);
  return get(out, Number(hash.slice(3)) / 8);
}

/** Null where the secret is refused. */
export function hmacKey(hash: Hash, secret: Uint8Array): Key | null {
  const { address, length } = put(secret);
  return exports.hmacKey(hashes.indexOf(hash), address, length) || null;
}

export function hmacVerify(key: Key, message: Uint8Array, signature: Uint8Array): boolean {
  const text = put(message);
  const mac = put(signature);
  return exports.hmacVerify(key, text.address, text.length, mac.address, mac.length) !== 0;
}

/** Null where the key is refused. */
export function rsaKey(modulus: Uint8Array, exponent: Uint8Array): Key | null {
  const n = put(modulus);
  const e = put(exponent);
  return exports.rsaKey(n.address, n.length, e.address, e.length) || null;
}

/** signature^e mod n, or null where it is refused. */
export function rsaRecover(key: Key, signature: Uint8Array): Uint8Array | null {
  const { address, length } = put(signature);
  const out = exports.take(length);
  return exports.rsaRecover(out, key, address, length) !== 0 ? get(out, length) : null;
}

/** By RSASSA-PKCS1-v1_5. */
export function rsaVerify(key: Key, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const { address, length } = put(signature);
  return exports.rsaVerify(key, hashes.indexOf(hash), put(digest).address, address, length) !== 0;
}

/** By RSASSA-PSS. */
export function pssVerify(key: Key, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const { address, length } = put(signature);
  return exports.pssVerify(key, hashes.indexOf(hash), put(digest).address, address, length) !== 0;
}

/** A key that has its table, and the same without. */
export interface KeyPair {
  warm: Key;
  cold: Key;
}

/** More calls than any table takes. */
const MOST_CALLS = 100;

/** Makes a key twice, and gives one of them its table, some windows at a time. */
function keyPair(make: () => Key, build: (key: Key, windows: number) => number): KeyPair | null {
  const warm = make();
  const cold = make();
  if (warm === 0 || cold === 0) return null;
  for (let calls = 0; build(warm, 25) === 0; calls++) {
    if (calls === MOST_CALLS) throw new Error("the table is never whole");
  }
  return { warm, cold };
}

/** The verdict of both keys; throws where they differ. */
function bothVerdicts({ warm, cold }: KeyPair, verify: (key: Key) => number): boolean {
  const verdict = verify(warm) !== 0;
  if ((verify(cold) !== 0) !== verdict) throw new Error("the table path and the one without differ");
  return verdict;
}

/** Null where the key is refused. */
export function p256Key(x: Uint8Array, y: Uint8Array): KeyPair | null {
  const placedX = put(x);
  const placedY = put(y);
  return keyPair(
    () => exports.p256Key(placedX.address, placedX.length, placedY.address, placedY.length),
    exports.p256BuildTable,
  );
}

/** The verdict by the table, by doubling and by the complete formulas; throws where they differ. */
export function p256Verify(key: KeyPair, digest: Uint8Array, signature: Uint8Array): boolean {
  const { address, length } = put(signature);
  const placed = put(digest).address;
  const verdict = bothVerdicts(key, (one) => exports.p256Verify(one, placed, address, length));
  if ((exports.p256VerifyComplete(key.cold, placed, address, length) !== 0) !== verdict) {
    throw new Error("the table path and the complete one differ");
  }
  return verdict;
}

export type Curve = "P-384" | "P-521";

/** Null where the key is refused. */
export function ecKey(curve: Curve, x: Uint8Array, y: Uint8Array): KeyPair | null {
  const placedX = put(x);
  const placedY = put(y);
  const number = curve === "P-384" ? 0 : 1;
  return keyPair(
    () => exports.ecKey(number, placedX.address, placedX.length, placedY.address, placedY.length),
    exports.ecBuildTable,
  );
}

export function ecVerify(key: KeyPair, digest: Uint8Array, signature: Uint8Array): boolean {
  const { address, length } = put(signature);
  const placed = put(digest);
  return bothVerdicts(key, (one) => exports.ecVerify(one, placed.address, placed.length, address, length));
}

/** Null where the key is refused. */
export function edKey(encoding: Uint8Array): KeyPair | null {
  const { address, length } = put(encoding);
  return keyPair(() => exports.edKey(address, length), exports.edBuildTable);
}

export function edVerify(key: KeyPair, message: Uint8Array, signature: Uint8Array): boolean {
  const { address, length } = put(signature);
  const placed = put(message);
  return bothVerdicts(key, (one) => exports.edVerify(one, placed.address, placed.length, address, length));
}

/** Big-endian bytes of `value`, `length` of them. */
export function octets(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
}

export function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** base^exponent mod modulus. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** `bytes` with bit `bit` (modulo its size) flipped. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const index = (bit >> 3) % copy.length;
  copy.writeUInt8(copy.readUInt8(index) ^ (1 << (bit & 7)), index);
  return copy;
}
