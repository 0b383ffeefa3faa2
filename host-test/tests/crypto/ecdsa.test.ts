import { createECDH, createHash, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  ecKey,
  ecVerify,
  flipBit,
  integer,
  octets,
  onEachBuild,
  power,
  reset,
  type Curve,
  type Hash,
  type KeyPair,
} from "./as-crypto.ts";

afterEach(reset);

interface Parameters {
  curve: Curve;
  openssl: string;
  hash: Hash;
  /** Bytes of a coordinate and of a scalar. */
  length: number;
  p: bigint;
  n: bigint;
}

/** SP 800-186 §3.2.1.4 and §3.2.1.5. */
const curves: Parameters[] = [
  {
    curve: "P-384",
    openssl: "secp384r1",
    hash: "sha384",
    length: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    n: BigInt(`0x${"f".repeat(48)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`),
  },
  {
    curve: "P-521",
    openssl: "secp521r1",
    hash: "sha512",
    length: 66,
    p: 2n ** 521n - 1n,
    n: BigInt(`0x1${"f".repeat(64)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
  },
];

onEachBuild(() => {
  describe.each(curves)("$curve", ({ curve, openssl, hash, length, p, n }) => {
    interface Point {
      x: Buffer;
      y: Buffer;
    }

    /** k·G by OpenSSL, for k ≢ 0. */
    function timesBase(k: bigint): Point {
      const pair = createECDH(openssl);
      pair.setPrivateKey(octets(modulo(k), length));
      const point = pair.getPublicKey();
      return { x: point.subarray(1, 1 + length), y: point.subarray(1 + length) };
    }

    const modulo = (a: bigint) => ((a % n) + n) % n;
    const inverse = (a: bigint) => power(modulo(a), n - 2n, n);
    const digestBytes = Number(hash.slice(3)) / 8;

    function load({ x, y }: Point): KeyPair {
      const key = ecKey(curve, x, y);
      if (key === null) throw new Error("key refused");
      return key;
    }

    const signatureOf = (r: bigint, s: bigint) => Buffer.concat([octets(r, length), octets(s, length)]);

    /** r, s and e of a signature by `d` whose verification computes u1·G + u2·Q, e short enough for a digest. */
    function signedBy(d: bigint, u1: bigint, u2: bigint): { r: bigint; s: bigint; e: bigint } {
      const r = modulo(integer(timesBase(u1 + u2 * d).x));
      const s = modulo(r * inverse(u2));
      return { r, s, e: modulo(u1 * s) };
    }

    test("OpenSSL's signatures verify, and not with any bit changed", () => {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      const key = load({ x: Buffer.from(x, "base64url"), y: Buffer.from(y, "base64url") });
      fc.assert(
        fc.property(fc.uint8Array(), fc.nat(), (message, bit) => {
          const digest = createHash(hash).update(message).digest();
          const signature = sign(hash, message, { key: privateKey, dsaEncoding: "ieee-p1363" });
          expect(ecVerify(key, digest, signature)).toBe(true);
          expect(ecVerify(key, digest, flipBit(signature, bit))).toBe(false);
          expect(ecVerify(key, flipBit(digest, bit), signature)).toBe(false);
        }),
        { numRuns: 20 },
      );
    });

    test("OpenSSL's signatures by any key verify", () => {
      fc.assert(
        fc.property(
          fc.oneof(
            fc.bigInt({ min: 1n, max: n - 1n }),
            fc.bigInt({ min: 1n, max: 70n }),
            fc.bigInt({ min: 1n, max: 70n }).map((d) => n - d),
            fc.integer({ min: 0, max: 8 * digestBytes - 1 }).map((bit) => 1n << BigInt(bit)),
          ),
          (d) => {
            reset();
            const { x, y } = timesBase(d);
            const jwk = { kty: "EC", crv: curve, d: octets(d, length).toString("base64url") };
            const key = {
              format: "jwk" as const,
              key: { ...jwk, x: x.toString("base64url"), y: y.toString("base64url") },
              dsaEncoding: "ieee-p1363" as const,
            };
            const message = Buffer.from(`message ${d}`);
            const digest = createHash(hash).update(message).digest();
            expect(ecVerify(load({ x, y }), digest, sign(hash, message, key))).toBe(true);
          },
        ),
        { numRuns: 15 },
      );
    });

    // A digest has fewer bits than the order of P-521: u1 = e/s cannot be chosen there but as 0.
    const d = 0x1234567890abcdefn;
    const sums = [
      { name: "u1 = 0", d, u1: 0n, u2: 5n },
      { name: "u1 = 0 and Q alone", d, u1: 0n, u2: 1n },
      { name: "u1·G = u2·Q", d, u1: 7n * d, u2: 7n },
      { name: "Q = G and u1 = u2", d: 1n, u1: 3n, u2: 3n },
      { name: "Q = −G", d: n - 1n, u1: 9n, u2: 4n },
      { name: "Q = 2G and u1 = 2·u2", d: 2n, u1: 4n, u2: 2n },
      { name: "even and odd scalars", d, u1: 1n << 200n, u2: n - 2n },
    ].filter(({ u1 }) => curve === "P-384" || u1 === 0n);

    test.each(sums)("$name verifies", ({ d: secret, u1, u2 }) => {
      const { r, s, e } = signedBy(secret, u1, u2);
      const key = load(timesBase(secret));
      expect(ecVerify(key, octets(e, digestBytes), signatureOf(r, s))).toBe(true);
      expect(ecVerify(key, octets(e, digestBytes), signatureOf(modulo(r + 1n), s))).toBe(false);
    });

    test("a sum at infinity is refused, whatever r", () => {
      const key = load(timesBase(n - 1n));
      // Q = −G: u1 = u2 is e = r.
      for (const r of [1n, 2n, 77n]) {
        for (const s of [1n, n - 1n, 12345n]) {
          expect(ecVerify(key, octets(r, digestBytes), signatureOf(r, s))).toBe(false);
        }
      }
    });

    test("r and s outside 1 … n − 1 are refused, though they would fit modulo n", () => {
      const key = load(timesBase(d));
      const { r, s, e } = signedBy(d, 0n, 3n);
      const digest = octets(e, digestBytes);
      expect(ecVerify(key, digest, signatureOf(r, s))).toBe(true);
      expect(ecVerify(key, digest, signatureOf(r, n - s))).toBe(true);
      const values = [0n, n, n + 1n, p, 2n ** BigInt(8 * length) - 1n];
      for (const value of values) {
        expect(ecVerify(key, digest, signatureOf(value, s))).toBe(false);
        expect(ecVerify(key, digest, signatureOf(r, value))).toBe(false);
        expect(ecVerify(key, digest, signatureOf(value, value))).toBe(false);
      }
      expect(ecVerify(key, digest, signatureOf(n - 1n, n - 1n))).toBe(false);
      if (2n ** BigInt(8 * length) - 1n >= s + n)
        expect(ecVerify(key, digest, signatureOf(r, s + n))).toBe(false);
    });

    test("an x between n and p counts modulo n", () => {
      let x = n + 1n;
      while (power(right(x), (p - 1n) / 2n, p) !== 1n) x += 1n;
      const key = load({ x: octets(x, length), y: octets(power(right(x), (p + 1n) / 4n, p), length) });
      // For u1 = 0 and u2 = 1 the sum is Q itself.
      const verify = (r: bigint) => ecVerify(key, Buffer.alloc(digestBytes), signatureOf(r, r));
      expect(verify(x - n)).toBe(true);
      expect(verify(x - n + 1n)).toBe(false);
    });

    test("a signature has exactly two halves of the order's length", () => {
      const key = load(timesBase(d));
      const { r, s, e } = signedBy(d, 0n, 3n);
      const signature = signatureOf(r, s);
      for (const wrong of [
        Buffer.alloc(0),
        signature.subarray(1),
        signature.subarray(0, -1),
        Buffer.concat([signature, Buffer.alloc(1)]),
      ]) {
        expect(ecVerify(key, octets(e, digestBytes), wrong)).toBe(false);
      }
    });

    const { x, y } = timesBase(12345n);
    test.each([
      { name: "0, 0", x: Buffer.alloc(length), y: Buffer.alloc(length) },
      { name: "x and y exchanged", x: y, y: x },
      { name: "a bit of y changed", x, y: flipBit(y, 77) },
      { name: "x = p", x: octets(p, length), y },
      { name: "y = p", x, y: octets(p, length) },
      { name: "all ones", x: Buffer.alloc(length, 0xff), y: Buffer.alloc(length, 0xff) },
      { name: "too few bytes of x", x: x.subarray(1), y },
      { name: "too many bytes of y", x, y: Buffer.concat([Buffer.alloc(1), y]) },
      { name: "no bytes", x: Buffer.alloc(0), y: Buffer.alloc(0) },
    ])("a key of $name is refused", (bad) => {
      expect(ecKey(curve, x, y)).not.toBeNull();
      expect(ecKey(curve, bad.x, bad.y)).toBeNull();
    });

    test("a coordinate is not reduced: x + p is refused where it fits", () => {
      // The least x on the curve; x + p fits P-384's 48 bytes and P-521's 66.
      let small = 1n;
      while (power(right(small), (p - 1n) / 2n, p) !== 1n) small += 1n;
      const smallY = octets(power(right(small), (p + 1n) / 4n, p), length);
      expect(ecKey(curve, octets(small, length), smallY)).not.toBeNull();
      expect(ecKey(curve, octets(small + p, length), smallY)).toBeNull();
    });

    /** x³ − 3x + b modulo p, with b from G. */
    function right(value: bigint): bigint {
      const base = timesBase(1n);
      const gx = integer(base.x);
      const b = integer(base.y) ** 2n - gx ** 3n + 3n * gx;
      return (((value ** 3n - 3n * value + b) % p) + p) % p;
    }
  });
});
