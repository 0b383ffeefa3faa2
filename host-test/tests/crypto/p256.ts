/** P-256 (SP 800-186 §3.2.1.3) for tests, its points by OpenSSL. */
import { createECDH } from "node:crypto";
import { octets } from "./as-crypto.ts";

export const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
export const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export interface Point {
  x: Buffer;
  y: Buffer;
}

/** In 0 … n − 1. */
export const moduloOrder = (a: bigint) => ((a % n) + n) % n;

/** k·G, for k ≢ 0. */
export function timesBase(k: bigint): Point {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(octets(moduloOrder(k), 32));
  const point = pair.getPublicKey();
  return { x: point.subarray(1, 33), y: point.subarray(33) };
}
