import { createHash, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  flipBit,
  integer,
  octets,
  onEachBuild,
  p256Key,
  p256Verify,
  power,
  reset,
  type KeyPair,
} from "./as-crypto.ts";
import { moduloOrder as modulo, n, p, timesBase, type Point } from "./p256.ts";

beforeEach(reset);

const inverse = (a: bigint) => power(modulo(a), n - 2n, n);

function load({ x, y }: Point): KeyPair {
  const key = p256Key(x, y);
  if (key === null) throw new Error("key refused");
  return key;
}

interface Signed {
  digest: Buffer;
  signature: Buffer;
}

/** The digest and signature by the private key `d` whose verification computes u1·G + u2·Q. */
function signedBy(d: bigint, u1: bigint, u2: bigint): Signed {
  const r = modulo(integer(timesBase(u1 + u2 * d).x));
  const s = modulo(r * inverse(u2));
  return { digest: octets(modulo(u1 * s), 32), signature: Buffer.concat([octets(r, 32), octets(s, 32)]) };
}

const digestOf = (message: Uint8Array) => createHash("sha256").update(message).digest();

/** Scalars that stress carries, windows and recoding, beside random ones. */
const scalar = fc.oneof(
  fc.bigInt({ min: 1n, max: n - 1n }),
  fc.bigInt({ min: 1n, max: 70n }),
  fc.bigInt({ min: 1n, max: 70n }).map((k) => n - k),
  fc.integer({ min: 0, max: 255 }).map((bit) => 1n << BigInt(bit)),
  fc.integer({ min: 2, max: 255 }).map((bit) => (1n << BigInt(bit)) - 1n),
);

/** Windows of seven bits. */
const WINDOWS = 37n;

/** The multiples of P that add up to k·P, in the order of the table path. */
function tableEntries(k: bigint): bigint[] {
  const isOdd = (k & 1n) === 1n;
  const odd = isOdd ? k : n - k;
  const entries = [1n << (7n * WINDOWS)];
  for (let window = 0n; window < WINDOWS; window++) {
    const bits = (odd >> (7n * window + 1n)) & 127n;
    entries.push((2n * bits - 127n) << (7n * window));
  }
  return isOdd ? entries : entries.map((entry) => -entry);
}

/** The odd scalar `k` with another digit in `window`. */
function withDigit(k: bigint, window: bigint, digit: bigint): bigint {
  const shift = 7n * window + 1n;
  return (k & ~(127n << shift)) | (((digit + 127n) / 2n) << shift);
}

/** x³ − 3x + b modulo p, with b from G. */
function curve(x: bigint): bigint {
  const base = timesBase(1n);
  const gx = integer(base.x);
  const b = integer(base.y) ** 2n - gx ** 3n + 3n * gx;
  return (((x ** 3n - 3n * x + b) % p) + p) % p;
}

onEachBuild(() => {
  test("OpenSSL's signatures verify, and not with any bit changed", () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const key = load({ x: Buffer.from(x, "base64url"), y: Buffer.from(y, "base64url") });
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), (message, bit) => {
        const digest = digestOf(message);
        const signature = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
        expect(p256Verify(key, digest, signature)).toBe(true);
        expect(p256Verify(key, digest, flipBit(signature, bit))).toBe(false);
        expect(p256Verify(key, flipBit(digest, bit), signature)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("signatures for chosen u1 and u2 verify by the tables and by the complete formulas alike", () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, fc.nat(), (d, u1, u2, bit) => {
        fc.pre(modulo(u1 + u2 * d) !== 0n);
        reset();
        const key = load(timesBase(d));
        const { digest, signature } = signedBy(d, u1, u2);
        expect(p256Verify(key, digest, signature)).toBe(true);
        expect(p256Verify(key, digest, flipBit(signature, bit))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  describe("collisions that incomplete formulas cannot add", () => {
    const d = 0x1234567890abcdefn;
    test.each([
      { name: "u1·G = u2·Q", d, u1: 7n * d, u2: 7n },
      { name: "u1 = 0", d, u1: 0n, u2: 5n },
      { name: "Q = G", d: 1n, u1: 3n, u2: 4n },
      { name: "Q = G and u1 = u2", d: 1n, u1: 3n, u2: 3n },
      { name: "Q = −G", d: n - 1n, u1: 9n, u2: 4n },
      { name: "Q = 2G and u1 = 2·u2", d: 2n, u1: 4n, u2: 2n },
      { name: "a partial sum that is infinite", d: 1n, u1: n - 31n, u2: 40n },
      { name: "Q = 3G and u1 = −3·u2, but for one", d: 3n, u1: n - 14n, u2: 5n },
    ])("$name", ({ d: key, u1, u2 }) => {
      const { digest, signature } = signedBy(key, u1, u2);
      expect(p256Verify(load(timesBase(key)), digest, signature)).toBe(true);
    });

    test("a sum at infinity is refused, whatever r", () => {
      const u2 = 11n;
      for (const r of [1n, 2n, n - 1n, integer(timesBase(d).x)]) {
        const s = modulo(r * inverse(u2));
        const digest = octets(modulo(-u2 * d * s), 32);
        const signature = Buffer.concat([octets(r, 32), octets(s, 32)]);
        expect(p256Verify(load(timesBase(d)), digest, signature)).toBe(false);
      }
    });

    const scalars = [0x1357924680n, (1n << 254n) + 12345n, n / 3n];
    const sides = [
      { name: "itself", side: 1n },
      { name: "its opposite", side: -1n },
    ];

    /** The tables and the complete formulas agree about u1·G + u2·Q for Q = privateKey·G. */
    function expectAgreement(privateKey: bigint, u1: bigint, u2: bigint): void {
      const key = load(timesBase(privateKey));
      if (modulo(u1 + u2 * privateKey) !== 0n) {
        const { digest, signature } = signedBy(privateKey, u1, u2);
        expect(p256Verify(key, digest, signature)).toBe(true);
      }
      // The same u1 and u2 under an r that is not the sum's.
      const r = 0x123456789n;
      const s = modulo(r * inverse(u2));
      const forged = Buffer.concat([octets(r, 32), octets(s, 32)]);
      expect(p256Verify(key, octets(modulo(u1 * s), 32), forged)).toBe(false);
    }

    // The table path adds the entries of G and of Q for the same window first, all at once: with Q = ±3·G they
    // meet wherever the digits are 15 and 5.
    test.each(sides)("an entry of any window meets $name", ({ side }) => {
      for (const u of scalars) {
        for (let window = 0n; window < WINDOWS - 1n; window++) {
          const u1 = withDigit(u | 1n, window, 15n);
          const u2 = withDigit((u ^ 0x5a5an) | 1n, window, 5n);
          expectAgreement(modulo(3n * side), u1, u2);
          expectAgreement(modulo(3n * side), n - u1, u2);
          reset();
        }
      }
    });

    // Then it adds these sums up, the top ones first and then window by window. For given u1 and u2, the key can
    // be chosen so that any one of these additions meets its own operand or the opposite of it.
    test.each(sides)("an addition of any window meets $name", ({ side }) => {
      for (const u1 of scalars) {
        const u2 = modulo(u1 * u1);
        const entries1 = tableEntries(u1);
        const entries2 = tableEntries(u2);
        let before1 = entries1[0] ?? 0n;
        let before2 = entries2[0] ?? 0n;
        for (let term = 1; term < entries1.length; term++) {
          const entry1 = entries1[term] ?? 0n;
          const entry2 = entries2[term] ?? 0n;
          const privateKey = modulo((side * entry1 - before1) * inverse(before2 - side * entry2));
          before1 += entry1;
          before2 += entry2;
          if (privateKey !== 0n) expectAgreement(privateKey, u1, u2);
          reset();
        }
      }
    });
  });

  test("a digest above the order counts modulo the order", () => {
    const d = 5n;
    const e = 2n ** 256n - 1n;
    const k = 77n;
    const r = modulo(integer(timesBase(k).x));
    const s = modulo(inverse(k) * (e + r * d));
    const signature = Buffer.concat([octets(r, 32), octets(s, 32)]);
    expect(p256Verify(load(timesBase(d)), octets(e, 32), signature)).toBe(true);
    expect(p256Verify(load(timesBase(d)), octets(modulo(e), 32), signature)).toBe(true);
  });

  test("r and s outside 1 … n − 1 are refused, though they would fit modulo n", () => {
    const d = 99n;
    const key = load(timesBase(d));
    const { digest, signature } = signedBy(d, 1n, 1n);
    const r = integer(signature.subarray(0, 32));
    const s = integer(signature.subarray(32));
    expect(p256Verify(key, digest, signature)).toBe(true);
    const values = [0n, n, n + 1n, p, 2n ** 256n - 1n];
    for (const value of values) {
      expect(p256Verify(key, digest, Buffer.concat([octets(value, 32), octets(s, 32)]))).toBe(false);
      expect(p256Verify(key, digest, Buffer.concat([octets(r, 32), octets(value, 32)]))).toBe(false);
      for (const other of values) {
        expect(p256Verify(key, digest, Buffer.concat([octets(value, 32), octets(other, 32)]))).toBe(false);
      }
    }
    // At the limit: n − s is a signature whenever s is (ECDSA is malleable).
    expect(p256Verify(key, digest, Buffer.concat([octets(r, 32), octets(n - s, 32)]))).toBe(true);
    expect(p256Verify(key, digest, Buffer.concat([octets(n - 1n, 32), octets(n - 1n, 32)]))).toBe(false);
  });

  test("s = n − 1 and s = 1 are taken, and 1 not in its second form n + 1", () => {
    const d = 99n;
    for (const s of [1n, n - 1n]) {
      const k = 1234n;
      const r = modulo(integer(timesBase(k).x));
      const digest = octets(modulo(s * k - r * d), 32);
      const key = load(timesBase(d));
      expect(p256Verify(key, digest, Buffer.concat([octets(r, 32), octets(s, 32)]))).toBe(true);
      if (s === 1n) {
        expect(p256Verify(key, digest, Buffer.concat([octets(r, 32), octets(n + 1n, 32)]))).toBe(false);
      }
    }
  });

  test("an x between n and p counts modulo n", () => {
    // For u1 = 0 and u2 = 1 the sum is Q itself.
    let x = n + 1n;
    while (power(curve(x), (p - 1n) / 2n, p) !== 1n) x += 1n;
    const key = load({ x: octets(x, 32), y: octets(power(curve(x), (p + 1n) / 4n, p), 32) });
    const verify = (r: bigint) =>
      p256Verify(key, Buffer.alloc(32), Buffer.concat([octets(r, 32), octets(r, 32)]));
    expect(verify(x - n)).toBe(true);
    expect(verify(x - n + 1n)).toBe(false);
  });

  test("a signature is exactly 64 bytes", () => {
    const d = 99n;
    const key = load(timesBase(d));
    const { digest, signature } = signedBy(d, 3n, 4n);
    for (const wrong of [
      Buffer.alloc(0),
      signature.subarray(0, 63),
      signature.subarray(1),
      Buffer.concat([signature, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), signature]),
    ]) {
      expect(p256Verify(key, digest, wrong)).toBe(false);
    }
  });

  describe("keys", () => {
    const { x, y } = timesBase(12345n);
    // p + 5 fits in 32 bytes, and x = 5 is on the curve: only the range check can refuse it.
    const yOf5 = power(curve(5n), (p + 1n) / 4n, p);

    test("the point that the refused ones derive from is taken", () => {
      expect(p256Key(x, y)).not.toBeNull();
      expect(p256Key(octets(5n, 32), octets(yOf5, 32))).not.toBeNull();
      expect(p256Key(x, octets(p - integer(y), 32))).not.toBeNull();
    });

    test.each([
      { name: "0, 0", x: Buffer.alloc(32), y: Buffer.alloc(32) },
      { name: "x and y exchanged", x: y, y: x },
      { name: "a bit of y changed", x, y: flipBit(y, 77) },
      { name: "x + p", x: octets(5n + p, 32), y: octets(yOf5, 32) },
      { name: "x = p", x: octets(p, 32), y },
      { name: "y = p", x, y: octets(p, 32) },
      { name: "all ones", x: Buffer.alloc(32, 0xff), y: Buffer.alloc(32, 0xff) },
      { name: "31 bytes of x", x: x.subarray(1), y },
      { name: "31 bytes of y", x, y: y.subarray(1) },
      { name: "33 bytes of x", x: Buffer.concat([Buffer.alloc(1), x]), y },
      { name: "33 bytes of y", x, y: Buffer.concat([Buffer.alloc(1), y]) },
      { name: "no bytes", x: Buffer.alloc(0), y: Buffer.alloc(0) },
    ])("a key of $name is refused", ({ x: keyX, y: keyY }) => {
      expect(p256Key(keyX, keyY)).toBeNull();
    });
  });
});
