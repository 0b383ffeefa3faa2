import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  flipBit,
  hashes,
  integer,
  octets,
  onEachBuild,
  power,
  reset,
  rsaKey,
  rsaRecover,
  rsaVerify,
  type Key,
} from "./as-crypto.ts";

afterEach(reset);

const F4 = octets(65537n, 3);

interface Parts {
  modulus: Buffer;
  exponent: Buffer;
}

function partsOf(publicKey: KeyObject): Parts {
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  return { modulus: Buffer.from(n, "base64url"), exponent: Buffer.from(e, "base64url") };
}

function load({ modulus, exponent }: Parts): Key {
  const key = rsaKey(modulus, exponent);
  if (key === null) throw new Error("key refused");
  return key;
}

const digestOf = (message: Uint8Array) => createHash("sha256").update(message).digest();

onEachBuild(() => {
  // A length that is no whole number of bytes (2049), and exponents other than the usual one.
  describe.each([
    { bits: 2048, publicExponent: 65537 },
    { bits: 2049, publicExponent: 3 },
    { bits: 3072, publicExponent: 17 },
    { bits: 4096, publicExponent: 65537 },
  ])("a key of $bits bits, e = $publicExponent", ({ bits, publicExponent }) => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent });
    const parts = partsOf(publicKey);
    let key: Key;
    beforeEach(() => {
      key = load(parts);
    });

    test("OpenSSL's signatures verify, and not with any bit changed", () => {
      fc.assert(
        fc.property(fc.uint8Array(), fc.nat(), (message, bit) => {
          const signature = sign("sha256", message, privateKey);
          expect(rsaVerify(key, "sha256", digestOf(message), signature)).toBe(true);
          expect(rsaVerify(key, "sha256", digestOf(message), flipBit(signature, bit))).toBe(false);
          expect(rsaVerify(key, "sha256", flipBit(digestOf(message), bit), signature)).toBe(false);
        }),
        { numRuns: 20 },
      );
    });

    test.each(hashes)("a signature with %s verifies under that hash alone", (hash) => {
      const message = Buffer.from("message");
      const signature = sign(hash, message, privateKey);
      for (const other of hashes) {
        const digest = createHash(other).update(message).digest();
        expect(rsaVerify(key, other, digest, signature)).toBe(other === hash);
      }
    });

    test("a signature has exactly the length of the modulus", () => {
      const message = Buffer.from("message");
      // A signature that starts with zero bytes would have a shorter form of the same value.
      const signature = sign("sha256", message, privateKey);
      for (const wrong of [
        Buffer.alloc(0),
        signature.subarray(1),
        signature.subarray(0, -1),
        Buffer.concat([Buffer.alloc(1), signature]),
        Buffer.concat([signature, Buffer.alloc(1)]),
      ]) {
        expect(rsaVerify(key, "sha256", digestOf(message), wrong)).toBe(false);
      }
    });

    test("a signature is below the modulus", () => {
      const n = integer(parts.modulus);
      const length = parts.modulus.length;
      expect(rsaRecover(key, octets(n - 1n, length))).toEqual(new Uint8Array(octets(n - 1n, length)));
      for (const value of [n, n + 1n, (1n << BigInt(8 * length)) - 1n]) {
        expect(rsaRecover(key, octets(value, length))).toBeNull();
      }
    });

    test("a good signature plus the modulus is refused, where it has the same length", () => {
      const n = integer(parts.modulus);
      const limit = 1n << BigInt(8 * parts.modulus.length);
      let tried = 0;
      for (let i = 0; i < 5000 && tried < 3; i++) {
        const message = Buffer.from(`message ${i}`);
        const shifted = integer(sign("sha256", message, privateKey)) + n;
        if (shifted >= limit) continue;
        tried += 1;
        expect(rsaVerify(key, "sha256", digestOf(message), octets(shifted, parts.modulus.length))).toBe(
          false,
        );
      }
      expect(tried).toBeGreaterThan(0);
    });
  });

  describe("forged padding", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
    const parts = partsOf(publicKey);
    const message = Buffer.from("message");
    const prefix = Buffer.from("3031300d060960864801650304020105000420", "hex");

    test("a cube root with the digest on the left (Bleichenbacher 2006) is refused", () => {
      const key = load(parts);
      const head = Buffer.concat([Buffer.from("0001ffffffffffffffff00", "hex"), prefix, digestOf(message)]);
      const target = integer(Buffer.concat([head, Buffer.alloc(256 - head.length)]));
      const root = cubeRoot(target) + 1n;
      const cube = octets(root ** 3n, 256);
      expect(cube.subarray(0, head.length)).toEqual(head);
      expect(rsaVerify(key, "sha256", digestOf(message), octets(root, 256))).toBe(false);
    });

    test("only the one encoding of RFC 8017 is accepted", () => {
      const key = load(parts);
      const digest = digestOf(message);
      const { d = "" } = privateKey.export({ format: "jwk" });
      const exponent = integer(Buffer.from(d, "base64url"));
      const signatureOf = (encoded: Buffer) =>
        octets(power(integer(encoded), exponent, integer(parts.modulus)), 256);
      const pad = (tail: Buffer, fill = 0xff, type = 1, separator = 0) =>
        Buffer.concat([
          Buffer.from([0, type]),
          Buffer.alloc(253 - tail.length, fill),
          Buffer.from([separator]),
          tail,
        ]);
      const good = Buffer.concat([prefix, digest]);
      const withoutNull = Buffer.concat([
        Buffer.from("302f300b0609608648016503040201", "hex"),
        Buffer.from("0420", "hex"),
        digest,
      ]);

      expect(rsaVerify(key, "sha256", digest, signatureOf(pad(good)))).toBe(true);
      for (const bad of [
        pad(withoutNull),
        pad(digest),
        pad(good, 0xfe),
        pad(good, 0xff, 2),
        pad(good, 0xff, 0),
        pad(good, 0xff, 1, 0xff),
        pad(Buffer.concat([good, Buffer.alloc(1)])),
        pad(Buffer.concat([Buffer.alloc(1), good])),
      ]) {
        expect(bad.length).toBe(256);
        expect(rsaVerify(key, "sha256", digest, signatureOf(bad))).toBe(false);
      }
    });
  });

  describe("arithmetic", () => {
    const ones = (bits: number) => (1n << BigInt(bits)) - 1n;
    /** Runs of 28 ones and 28 zeros, which are limbs of the integer kernel. */
    const alternating = (bits: number) =>
      ((ones(bits) / ((1n << 56n) - 1n)) * ones(28)) | (1n << BigInt(bits - 1)) | 1n;
    /** All limbs of the floating-point kernel as near to ±2^50 as they come. */
    const halves = (bits: number) =>
      ((ones(bits) / ((1n << 102n) - 1n)) * ((1n << 101n) - (1n << 50n))) | (1n << BigInt(bits - 1)) | 1n;
    const lengths = [2048, 2055, 2056, 2072, 3072, 4000, 4095, 4096, 4097, 8192];
    const moduli = lengths.flatMap((bits) => [
      ones(bits),
      (1n << BigInt(bits - 1)) + 1n,
      ones(bits) - (1n << BigInt(bits >> 1)),
      alternating(bits),
      halves(bits),
    ]);

    test.each([3n, 5n, 65537n, 2n ** 32n + 1n, 2n ** 33n - 1n])(
      "extreme operands give what BigInt gives, e = %s",
      (e) => {
        for (const n of moduli) {
          reset();
          const bits = n.toString(2).length;
          const modulus = octets(n, (bits + 7) >> 3);
          const key = load({ modulus, exponent: octets(e, e > 0xffffffffn ? 5 : e > 0xffn ? 3 : 1) });
          const half = ones(bits >> 1);
          for (const s of [0n, 1n, 2n, n - 1n, n - 2n, n >> 1n, half, n - half, alternating(bits - 1)]) {
            expect(rsaRecover(key, octets(s, modulus.length))).toEqual(
              new Uint8Array(octets(power(s, e, n), modulus.length)),
            );
          }
        }
      },
    );

    test("a key gives the same after a larger one has been used", () => {
      const small = load({ modulus: octets(ones(2048), 256), exponent: F4 });
      const large = load({ modulus: octets(ones(8192), 1024), exponent: F4 });
      const signature = octets(ones(2047), 256);
      const before = rsaRecover(small, signature);
      rsaRecover(large, octets(ones(8192) - 1n, 1024));
      expect(rsaRecover(small, signature)).toEqual(before);
    });

    test("random operands give what BigInt gives", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 2048, max: 4096 }).chain((bits) =>
            fc.record({
              n: fc.bigInt({ min: 1n << BigInt(bits - 1), max: ones(bits) }),
              s: fc.bigInt({ min: 0n, max: ones(bits) }),
            }),
          ),
          ({ n, s }) => {
            reset();
            const modulus = n | 1n;
            const length = (modulus.toString(2).length + 7) >> 3;
            const key = load({ modulus: octets(modulus, length), exponent: F4 });
            const base = s % modulus;
            expect(rsaRecover(key, octets(base, length))).toEqual(
              new Uint8Array(octets(power(base, 65537n, modulus), length)),
            );
          },
        ),
        { numRuns: 60 },
      );
    });
  });

  describe("keys", () => {
    const n = (1n << 2048n) - 1n;
    const refused: { name: string; modulus: Buffer; exponent: Buffer }[] = [
      { name: "an even modulus", modulus: octets(n - 1n, 256), exponent: F4 },
      { name: "2047 bits", modulus: octets(n >> 1n, 256), exponent: F4 },
      { name: "1024 bits", modulus: octets((1n << 1024n) - 1n, 128), exponent: F4 },
      { name: "no modulus", modulus: Buffer.alloc(0), exponent: F4 },
      { name: "8193 bits", modulus: octets((1n << 8193n) - 1n, 1025), exponent: F4 },
      { name: "a modulus with a leading zero byte", modulus: octets(n, 257), exponent: F4 },
      { name: "no exponent", modulus: octets(n, 256), exponent: Buffer.alloc(0) },
      { name: "e = 0", modulus: octets(n, 256), exponent: octets(0n, 1) },
      { name: "e = 1", modulus: octets(n, 256), exponent: octets(1n, 1) },
      { name: "e = 2", modulus: octets(n, 256), exponent: octets(2n, 1) },
      { name: "an even exponent", modulus: octets(n, 256), exponent: octets(65536n, 3) },
      { name: "an exponent with a leading zero byte", modulus: octets(n, 256), exponent: octets(65537n, 4) },
      { name: "e = 2^33 + 1", modulus: octets(n, 256), exponent: octets(2n ** 33n + 1n, 5) },
      { name: "an exponent of six bytes", modulus: octets(n, 256), exponent: octets(2n ** 40n + 1n, 6) },
      { name: "an exponent of nine bytes", modulus: octets(n, 256), exponent: octets(2n ** 64n + 3n, 9) },
    ];

    test.each(refused)("a key with $name is refused", ({ modulus, exponent }) => {
      expect(rsaKey(modulus, exponent)).toBeNull();
    });

    test.each([
      { name: "2048 bits", modulus: octets(n, 256), exponent: F4 },
      { name: "8192 bits", modulus: octets((1n << 8192n) - 1n, 1024), exponent: F4 },
      { name: "e = 3", modulus: octets(n, 256), exponent: octets(3n, 1) },
      { name: "e = 2^33 − 1", modulus: octets(n, 256), exponent: octets(2n ** 33n - 1n, 5) },
    ])("a key at the limit, $name, is taken", ({ modulus, exponent }) => {
      expect(rsaKey(modulus, exponent)).not.toBeNull();
    });
  });
});

/** The integer part of the cube root, by Newton's iteration from above. */
function cubeRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 3));
  while (true) {
    const next = (2n * root + value / (root * root)) / 3n;
    if (next >= root) return root;
    root = next;
  }
}
