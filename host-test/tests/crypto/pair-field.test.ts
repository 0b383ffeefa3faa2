/** The fields of P-384 and P-521 at the bounds that `pair-field.ts` promises, in both kernels. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadEntry } from "../support/wasm.ts";

interface Exports {
  pairMultiply(out: number, a: number, b: number, field: number): void;
  pairNormalize(out: number, a: number, field: number): void;
  pairInvertLeft(out: number, a: number, field: number): void;
  pairToCoordinate(address: number, a: number, field: number): void;
  pairSet(
    out: number,
    left: number,
    right: number,
    negateLeft: number,
    negateRight: number,
    field: number,
  ): void;
}

const fields = [
  { name: "P-384", index: 0, limbs: 8, p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n },
  { name: "P-521", index: 1, limbs: 11, p: 2n ** 521n - 1n },
];

/** The magnitude of normal limbs: 1.04·2^47. */
const NORMAL = (104n * 2n ** 47n) / 100n;

type Limbs = bigint[];

const valueOf = (limbs: Limbs) => limbs.reduce((sum, limb, i) => sum + (limb << BigInt(48 * i)), 0n);
const mod = (value: bigint, m: bigint) => ((value % m) + m) % m;
const magnitude = (value: bigint) => (value < 0n ? -value : value);

describe.each(["as-crypto-field", "as-crypto-field.relaxed"])("%s", (entry) => {
  const { exports, get } = loadEntry<Exports>(entry);
  const [a, b, out, bytes] = [
    exports.take(256),
    exports.take(256),
    exports.take(256),
    exports.take(256),
  ] as const;

  function write(address: number, left: Limbs, right: Limbs): void {
    const pairs = new Float64Array(exports.memory.buffer, address, 2 * left.length);
    left.forEach((limb, i) => {
      pairs[2 * i] = Number(limb);
      pairs[2 * i + 1] = Number(right[i] ?? 0n);
    });
  }

  function read(address: number, limbs: number): { left: Limbs; right: Limbs } {
    const pairs = Array.from(new Float64Array(get(address, 16 * limbs).buffer), BigInt);
    return { left: pairs.filter((_, i) => i % 2 === 0), right: pairs.filter((_, i) => i % 2 === 1) };
  }

  function expectNormal(limbs: Limbs): void {
    for (const limb of limbs) expect(magnitude(limb) < NORMAL).toBe(true);
  }

  describe.each(fields)("$name", ({ index, limbs, p }) => {
    /** Limbs of an element of size `size`: random, all at the bound, and alternating at it. */
    const element = (size: bigint): fc.Arbitrary<Limbs> => {
      const bound = size * NORMAL - 1n;
      const all = (limb: (i: number) => bigint) => Array.from({ length: limbs }, (_, i) => limb(i));
      return fc.oneof(
        fc.array(fc.bigInt({ min: -bound, max: bound }), { minLength: limbs, maxLength: limbs }),
        fc.constantFrom(
          all(() => bound),
          all(() => -bound),
          all((i) => (i % 2 ? bound : -bound)),
          all(() => 0n),
          all((i) => (i === 0 ? 1n : 0n)),
          all((i) => (i === limbs - 1 ? bound : 0n)),
        ),
      );
    };

    // The largest sizes that a product takes, and those that the formulas use most.
    const sizes: { left: bigint; right: bigint }[] = [
      { left: 1n, right: 1n },
      { left: 3n, right: 9n },
      { left: 9n, right: 3n },
      { left: 4n, right: 4n },
      { left: 5n, right: 5n },
    ];

    test.each(sizes)(
      "products of sizes $left and $right are right in both lanes, and normal",
      ({ left, right }) => {
        fc.assert(
          fc.property(element(left), element(left), element(right), element(right), (x, x2, y, y2) => {
            write(a, x, x2);
            write(b, y, y2);
            exports.pairMultiply(out, a, b, index);
            const result = read(out, limbs);
            expect(mod(valueOf(result.left), p)).toBe(mod(valueOf(x) * valueOf(y), p));
            expect(mod(valueOf(result.right), p)).toBe(mod(valueOf(x2) * valueOf(y2), p));
            expectNormal(result.left);
            expectNormal(result.right);
          }),
          { numRuns: 200 },
        );
      },
    );

    test("an element of size 60 is made normal", () => {
      fc.assert(
        fc.property(element(60n), element(60n), (x, y) => {
          write(a, x, y);
          exports.pairNormalize(out, a, index);
          const result = read(out, limbs);
          expect(mod(valueOf(result.left), p)).toBe(mod(valueOf(x), p));
          expect(mod(valueOf(result.right), p)).toBe(mod(valueOf(y), p));
          expectNormal(result.left);
          expectNormal(result.right);
        }),
        { numRuns: 200 },
      );
    });

    /** The limbs of `value` in [0, p), which are below 2^48. */
    const limbsOf = (value: bigint): Limbs =>
      Array.from({ length: limbs }, (_, i) => (value >> BigInt(48 * i)) & (2n ** 48n - 1n));

    test("the coordinate of an element is its value in 0 … p − 1, and reads back, negated on demand", () => {
      fc.assert(
        fc.property(element(1n), fc.boolean(), (x, isNegated) => {
          write(a, x, x);
          exports.pairToCoordinate(bytes, a, index);
          const value = mod(valueOf(x), p);
          const written = get(bytes, 6 * limbs);
          expect(BigInt(`0x${Buffer.from(written).reverse().toString("hex")}`)).toBe(value);
          exports.pairSet(out, bytes, bytes, isNegated ? 1 : 0, isNegated ? 0 : 1, index);
          const result = read(out, limbs);
          expect(valueOf(result.left)).toBe(isNegated ? -value : value);
          expect(valueOf(result.right)).toBe(isNegated ? value : -value);
        }),
        { numRuns: 200 },
      );
    });

    test.each([-2n, -1n, 0n, 1n, 2n])("%s around multiples of p is reduced", (offset) => {
      for (const times of [-1n, 0n, 1n]) {
        const value = times * p + offset;
        // One limb takes the rest: coordinates near p have limbs near 2^48 otherwise.
        const positive = limbsOf(magnitude(value));
        const balanced: Limbs = [];
        let carry = 0n;
        for (const limb of positive) {
          const digit = limb + carry;
          carry = digit >= 2n ** 47n ? 1n : 0n;
          balanced.push(digit - (carry << 48n));
        }
        balanced[limbs - 1] = (balanced[limbs - 1] ?? 0n) + (carry << 48n);
        const signed = value < 0n ? balanced.map((limb) => -limb) : balanced;
        write(a, signed, signed);
        exports.pairToCoordinate(bytes, a, index);
        const written = get(bytes, 6 * limbs);
        expect(BigInt(`0x${Buffer.from(written).reverse().toString("hex")}`)).toBe(mod(value, p));
      }
    });

    test("an element times its inverse is one, and zero has the inverse zero", () => {
      fc.assert(
        fc.property(element(1n), (x) => {
          write(a, x, x);
          exports.pairInvertLeft(b, a, index);
          const inverse = valueOf(read(b, limbs).left);
          const value = mod(valueOf(x), p);
          expect(mod(value * inverse, p)).toBe(value === 0n ? 0n : 1n);
        }),
        { numRuns: 100 },
      );
    });
  });
});
