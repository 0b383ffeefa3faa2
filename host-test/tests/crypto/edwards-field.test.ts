/** The field of edwards25519 at the bounds that `edwards-field.ts` promises, in both kernels. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadEntry } from "../support/wasm.ts";

interface Exports {
  edwardsMultiply(out: number, a: number, b: number): void;
  edwardsNormalize(out: number, a: number): void;
  edwardsSumAndNormalDifference(sum: number, difference: number, a: number, b: number): void;
  edwardsInvertLeft(out: number, a: number): void;
  edwardsToOctets(octets: number, a: number): void;
  edwardsToCoordinate(address: number, a: number): void;
  edwardsSetPair(out: number, left: number, right: number): void;
  edwardsSetFromOctets(out: number, octets: number): void;
  edwardsIsBelowPrime(octets: number): number;
  edwardsIsZero(a: number): number;
}

const p = 2n ** 255n - 19n;
const LIMBS = 5;

/** The magnitude of normal limbs: 1.001·2^50. */
const NORMAL = (1001n * 2n ** 50n) / 1000n;

type Limbs = bigint[];

const valueOf = (limbs: Limbs) => limbs.reduce((sum, limb, i) => sum + (limb << BigInt(51 * i)), 0n);
const mod = (value: bigint) => ((value % p) + p) % p;
const magnitude = (value: bigint) => (value < 0n ? -value : value);
const all = (limb: (i: number) => bigint): Limbs => Array.from({ length: LIMBS }, (_, i) => limb(i));

/** Limbs of an element of size `size`: random, all at the bound, and alternating at it. */
function element(size: bigint): fc.Arbitrary<Limbs> {
  const bound = size * NORMAL - 1n;
  return fc.oneof(
    fc.array(fc.bigInt({ min: -bound, max: bound }), { minLength: LIMBS, maxLength: LIMBS }),
    fc.constantFrom(
      all(() => bound),
      all(() => -bound),
      all((i) => (i % 2 ? bound : -bound)),
      all(() => 0n),
      all((i) => (i === 0 ? 1n : 0n)),
      all((i) => (i === LIMBS - 1 ? bound : 0n)),
      // Halves of a limb at their bounds, where they round to even.
      all(() => size * 2n ** 50n + 2n ** 25n),
      all(() => -size * 2n ** 50n - 2n ** 25n),
      all((i) => (i % 2 ? 1n : -1n) * (size * 2n ** 50n - 2n ** 25n)),
    ),
  );
}

/** Integers around multiples of p and of powers of two, below 2^255. */
const integer = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 255n - 1n }),
  fc.bigInt({ min: p - 40n, max: 2n ** 255n - 1n }),
  fc.bigInt({ min: 0n, max: 40n }),
  fc.integer({ min: 0, max: 254 }).map((bit) => 1n << BigInt(bit)),
  fc.integer({ min: 1, max: 255 }).map((bit) => (1n << BigInt(bit)) - 1n),
);

describe.each(["as-crypto-field", "as-crypto-field.relaxed"])("%s", (entry) => {
  const { exports, put, get } = loadEntry<Exports>(entry);
  const [a, b, out, out2, octets] = [
    exports.take(80),
    exports.take(80),
    exports.take(80),
    exports.take(80),
    exports.take(64),
  ] as const;

  function write(address: number, left: Limbs, right: Limbs = left): void {
    const pairs = new Float64Array(exports.memory.buffer, address, 2 * LIMBS);
    left.forEach((limb, i) => {
      pairs[2 * i] = Number(limb);
      pairs[2 * i + 1] = Number(right[i] ?? 0n);
    });
  }

  function read(address: number): { left: Limbs; right: Limbs } {
    const pairs = Array.from(new Float64Array(get(address, 16 * LIMBS).buffer), BigInt);
    return { left: pairs.filter((_, i) => i % 2 === 0), right: pairs.filter((_, i) => i % 2 === 1) };
  }

  function expectNormal(limbs: Limbs): void {
    for (const limb of limbs) expect(magnitude(limb) < NORMAL).toBe(true);
  }

  const littleEndian = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
  const readInteger = (address: number) =>
    BigInt(`0x${Buffer.from(get(address, 32)).reverse().toString("hex")}`);

  test.each([
    { left: 1n, right: 1n },
    { left: 1n, right: 2n },
    { left: 2n, right: 1n },
  ])("products of sizes $left and $right are right in both lanes, and normal", ({ left, right }) => {
    fc.assert(
      fc.property(element(left), element(left), element(right), element(right), (x, x2, y, y2) => {
        write(a, x, x2);
        write(b, y, y2);
        exports.edwardsMultiply(out, a, b);
        const result = read(out);
        expect(mod(valueOf(result.left))).toBe(mod(valueOf(x) * valueOf(y)));
        expect(mod(valueOf(result.right))).toBe(mod(valueOf(x2) * valueOf(y2)));
        expectNormal(result.left);
        expectNormal(result.right);
      }),
      { numRuns: 1000 },
    );
  });

  test("a product may take the place of its operands", () => {
    fc.assert(
      fc.property(element(1n), (x) => {
        write(a, x);
        exports.edwardsMultiply(a, a, a);
        expect(mod(valueOf(read(a).left))).toBe(mod(valueOf(x) ** 2n));
      }),
    );
  });

  test("an element of size 7 is made normal", () => {
    fc.assert(
      fc.property(element(7n), element(7n), (x, y) => {
        write(a, x, y);
        exports.edwardsNormalize(out, a);
        const result = read(out);
        expect(mod(valueOf(result.left))).toBe(mod(valueOf(x)));
        expect(mod(valueOf(result.right))).toBe(mod(valueOf(y)));
        expectNormal(result.left);
        expectNormal(result.right);
      }),
      { numRuns: 200 },
    );
  });

  test("a sum comes as it is, and a difference normal", () => {
    fc.assert(
      fc.property(element(1n), element(1n), (x, y) => {
        write(a, x, y);
        write(b, y, x);
        exports.edwardsSumAndNormalDifference(out, out2, a, b);
        expect(read(out).left).toEqual(x.map((limb, i) => limb + (y[i] ?? 0n)));
        const difference = read(out2);
        expect(mod(valueOf(difference.left))).toBe(mod(valueOf(x) - valueOf(y)));
        expect(mod(valueOf(difference.right))).toBe(mod(valueOf(y) - valueOf(x)));
        expectNormal(difference.left);
      }),
      { numRuns: 200 },
    );
  });

  test("an element is written as its value in 0 … p − 1, on the wire and in memory, from where it reads back", () => {
    fc.assert(
      fc.property(element(1n), (x) => {
        write(a, x);
        exports.edwardsToOctets(octets, a);
        expect(readInteger(octets)).toBe(mod(valueOf(x)));
        exports.edwardsToCoordinate(octets, a);
        exports.edwardsSetPair(out, octets, octets);
        const { left, right } = read(out);
        expect(mod(valueOf(left))).toBe(mod(valueOf(x)));
        expect(right).toEqual(left);
        for (const limb of left) expect(magnitude(limb) <= 2n ** 50n).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("integers on the wire are read, and known to be below p or not", () => {
    fc.assert(
      fc.property(integer, (value) => {
        const { address } = put(littleEndian(value));
        expect(exports.edwardsIsBelowPrime(address)).toBe(value < p ? 1 : 0);
        exports.edwardsSetFromOctets(out, address);
        expectNormal(read(out).left);
        exports.edwardsToOctets(octets, out);
        expect(readInteger(octets)).toBe(mod(value));
        expect(exports.edwardsIsZero(out)).toBe(mod(value) === 0n ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  test.each([-2n, -1n, 0n, 1n, 2n])("%s around multiples of p is reduced", (offset) => {
    for (const times of [-1n, 0n, 1n]) {
      let rest = times * p + offset;
      // Balanced digits.
      const limbs = all((i) => {
        if (i === LIMBS - 1) return rest;
        const digit = BigInt.asIntN(51, rest);
        rest = (rest - digit) >> 51n;
        return digit;
      });
      write(a, limbs);
      exports.edwardsToOctets(octets, a);
      expect(readInteger(octets)).toBe(mod(offset));
      expect(exports.edwardsIsZero(a)).toBe(offset === 0n ? 1 : 0);
    }
  });

  test("an element times its inverse is one, and zero has the inverse zero", () => {
    fc.assert(
      fc.property(element(1n), (x) => {
        write(a, x);
        exports.edwardsInvertLeft(b, a);
        const value = mod(valueOf(x));
        expect(mod(value * valueOf(read(b).left))).toBe(value === 0n ? 0n : 1n);
      }),
      { numRuns: 100 },
    );
  });
});
