/** Pairs of elements of P-256's field, and sums of points on them, at the bounds that their comments promise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadEntry } from "../support/wasm.ts";
import { integer, octets, power } from "./as-crypto.ts";
import { p, timesBase } from "./p256.ts";

interface Exports {
  p256PairMultiply(out: number, a: number, b: number): void;
  p256PairAddMultiple(out: number, a: number, b: number, factor: number): void;
  p256PairInvert(out: number, a: number): number;
  p256PairSet(out: number, left: number, right: number, negateLeft: number, negateRight: number): void;
  p256ToElements(left: number, right: number, a: number): void;
  p256ToCoordinate(address: number, a: number): void;
  elementFromOctets(out: number, octets: number): number;
  clearTerms(): void;
  addTerm(entry: number, negative: number): void;
  sumPairsOfTerms(out: number): number;
}

const { exports, get, put } = loadEntry<Exports>("as-crypto-field.relaxed");

const LIMBS = 6;

/** The magnitude of normal limbs: 1.001·2^47. */
const NORMAL = (1001n * 2n ** 47n) / 1000n;

/** Of the elements of `p256-field.ts`. */
const R = 2n ** 261n;

type Limbs = bigint[];

interface Pair {
  left: Limbs;
  right: Limbs;
}

const valueOf = (limbs: Limbs) => limbs.reduce((sum, limb, i) => sum + (limb << BigInt(48 * i)), 0n);
const mod = (value: bigint) => ((value % p) + p) % p;
const magnitude = (value: bigint) => (value < 0n ? -value : value);

const [a, b, out, left, right] = [128, 128, 128, 128, 128].map((size) => exports.take(size)) as [
  number,
  number,
  number,
  number,
  number,
];

function write(address: number, pair: Pair): void {
  const limbs = new Float64Array(exports.memory.buffer, address, 2 * LIMBS);
  for (let i = 0; i < LIMBS; i++) {
    limbs[2 * i] = Number(pair.left[i]);
    limbs[2 * i + 1] = Number(pair.right[i]);
  }
}

function read(address: number): Pair {
  const limbs = Array.from(new Float64Array(get(address, 16 * LIMBS).buffer), BigInt);
  return { left: limbs.filter((_, i) => i % 2 === 0), right: limbs.filter((_, i) => i % 2 === 1) };
}

/** The values of a result, whose limbs must be normal. */
function readNormal(address: number): { left: bigint; right: bigint } {
  const pair = read(address);
  for (const limb of [...pair.left, ...pair.right]) expect(magnitude(limb) < NORMAL).toBe(true);
  return { left: mod(valueOf(pair.left)), right: mod(valueOf(pair.right)) };
}

/** The element at `address` in the form of `p256-field.ts`. */
function readElement(address: number): bigint {
  const words = new Int32Array(get(address, 36).buffer);
  return words.reduce((sum, word, i) => sum + (BigInt(word) << BigInt(29 * i)), 0n);
}

/** Limbs of an element of size `size`: random, every one at the bound, and alternating at it. */
function element(size: bigint): fc.Arbitrary<Limbs> {
  const bound = size * NORMAL - 1n;
  const all = (limb: (i: number) => bigint) => Array.from({ length: LIMBS }, (_, i) => limb(i));
  return fc.oneof(
    fc.array(fc.bigInt({ min: -bound, max: bound }), { minLength: LIMBS, maxLength: LIMBS }),
    fc.array(fc.constantFrom(-bound, bound), { minLength: LIMBS, maxLength: LIMBS }),
    fc.constantFrom(
      all(() => bound),
      all(() => -bound),
      all((i) => (i % 2 ? bound : -bound)),
      all(() => 0n),
      all((i) => (i === 0 ? 1n : 0n)),
      all((i) => (i === LIMBS - 1 ? bound : 0n)),
    ),
  );
}

const pairOf = (size: bigint) => fc.record({ left: element(size), right: element(size) });

describe("the field", () => {
  // The largest sizes that a product takes, and those of results.
  test.each([
    { sizeOfA: 1n, sizeOfB: 1n },
    { sizeOfA: 1n, sizeOfB: 3n },
    { sizeOfA: 3n, sizeOfB: 1n },
  ])(
    "products of sizes $sizeOfA and $sizeOfB are right in both lanes, and normal",
    ({ sizeOfA, sizeOfB }) => {
      fc.assert(
        fc.property(pairOf(sizeOfA), pairOf(sizeOfB), (x, y) => {
          write(a, x);
          write(b, y);
          exports.p256PairMultiply(out, a, b);
          expect(readNormal(out)).toEqual({
            left: mod(valueOf(x.left) * valueOf(y.left)),
            right: mod(valueOf(x.right) * valueOf(y.right)),
          });
        }),
        { numRuns: 2000 },
      );
    },
  );

  test("a sum with any factor up to 8 is right in both lanes, and normal", () => {
    fc.assert(
      fc.property(pairOf(2n), pairOf(2n), fc.integer({ min: -8, max: 8 }), (x, y, factor) => {
        write(a, x);
        write(b, y);
        exports.p256PairAddMultiple(out, a, b, factor);
        expect(readNormal(out)).toEqual({
          left: mod(valueOf(x.left) + BigInt(factor) * valueOf(y.left)),
          right: mod(valueOf(x.right) + BigInt(factor) * valueOf(y.right)),
        });
      }),
      { numRuns: 1000 },
    );
  });

  test("elements times their inverses are one", () => {
    fc.assert(
      fc.property(pairOf(1n), (x) => {
        write(a, x);
        const values = [mod(valueOf(x.left)), mod(valueOf(x.right))] as const;
        expect(exports.p256PairInvert(out, a) !== 0).toBe(!values.includes(0n));
        if (values.includes(0n)) return;
        const inverses = readNormal(out);
        expect(mod(values[0] * inverses.left)).toBe(1n);
        expect(mod(values[1] * inverses.right)).toBe(1n);
      }),
      { numRuns: 200 },
    );
  });

  /** The limbs of `value` in [0, p), which are below 2^48. */
  const limbsOf = (value: bigint): Limbs =>
    Array.from({ length: LIMBS }, (_, i) => (value >> BigInt(48 * i)) & (2n ** 48n - 1n));

  test.each([0n, 1n])("a pair with p·%s in one lane has no inverses", (times) => {
    // p as it is, in normal limbs: −1, 0, 1, 0, 1 − 2^32, 2^16.
    const zero = [-1n, 0n, 1n, 0n, 1n - 2n ** 32n, 2n ** 16n].map((limb) => limb * times);
    expect(valueOf(zero)).toBe(times * p);
    for (const pair of [
      { left: zero, right: limbsOf(1n) },
      { left: limbsOf(1n), right: zero },
    ]) {
      write(a, pair);
      expect(exports.p256PairInvert(out, a)).toBe(0);
    }
  });

  test("both elements come out in the other form", () => {
    fc.assert(
      fc.property(pairOf(1n), (x) => {
        write(a, x);
        exports.p256ToElements(left, right, a);
        expect(mod(readElement(left))).toBe(mod(valueOf(x.left) * R));
        expect(mod(readElement(right))).toBe(mod(valueOf(x.right) * R));
      }),
      { numRuns: 500 },
    );
  });

  test("elements in the other form are written as coordinates, and read back, negated on demand", () => {
    const value = fc.oneof(
      fc.bigInt({ min: 0n, max: p - 1n }),
      fc.constantFrom(0n, 1n, p - 1n, 2n ** 255n, 2n ** 224n - 1n),
    );
    fc.assert(
      fc.property(value, value, fc.boolean(), (x, y, isNegated) => {
        expect(exports.elementFromOctets(left, put(octets(x, 32)).address)).not.toBe(0);
        expect(exports.elementFromOctets(right, put(octets(y, 32)).address)).not.toBe(0);
        exports.p256ToCoordinate(left, left);
        exports.p256ToCoordinate(right, right);
        exports.p256PairSet(out, left, right, isNegated ? 1 : 0, isNegated ? 0 : 1);
        const pair = read(out);
        expect(valueOf(pair.left)).toBe(isNegated ? -x : x);
        expect(valueOf(pair.right)).toBe(isNegated ? y : -y);
      }),
      { numRuns: 500 },
    );
  });
});

describe("sums of terms, those of one point in each lane", () => {
  /** An entry of a table: k·G in coordinates. */
  function entry(k: bigint): number {
    const { x, y } = timesBase(k);
    const address = exports.take(80);
    for (const [offset, coordinate] of [x, y].entries()) {
      exports.elementFromOctets(left, put(coordinate).address);
      exports.p256ToCoordinate(address + 36 * offset, left);
    }
    return address;
  }

  /** The sum of multiples of G, the first half of them in one lane; null where it is left to others. */
  function sumOf(...multiples: number[]): bigint | "infinity" | null {
    exports.clearTerms();
    for (const k of multiples) exports.addTerm(entry(BigInt(Math.abs(k))), k < 0 ? 1 : 0);
    const sum = exports.take(128);
    if (exports.sumPairsOfTerms(sum) === 0) return null;
    const z = mod(readElement(sum + 72));
    if (z === 0n) return "infinity";
    // X·R / (Z·R)², times R.
    return mod(readElement(sum) * power(z, p - 3n, p) * R);
  }

  test.each([
    { name: "four points in each lane", terms: [1, 2, 3, 4, 5, 6, 7, 8], sum: 36n },
    { name: "negated ones", terms: [1, -2, 30, -4, -50, 6, 70, -8], sum: 43n },
    { name: "both lanes the same", terms: [1, 2, 3, 4, 3, 4, 1, 2], sum: 20n },
  ])("$name add up", ({ terms, sum }) => {
    expect(sumOf(...terms)).toBe(integer(timesBase(sum).x));
  });

  test("lanes that are opposite add up to infinity", () => {
    expect(sumOf(1, 2, 3, 4, -1, -2, -3, -4)).toBe("infinity");
  });

  // Terms i and i + 2 of a lane are paired, and then the sums added up.
  const lane = [9, 10, 11, 12];
  test.each([
    { name: "a pair of the same point", terms: [1, 2, 1, 4] },
    { name: "a pair of opposite points", terms: [1, 2, 3, -2] },
    { name: "sums of pairs that are the same", terms: [1, 2, 5, 4] },
    { name: "sums of pairs that are opposite", terms: [1, 2, 5, -8] },
  ])("$name, in either lane, is left to the complete formulas", ({ terms }) => {
    expect(sumOf(...terms, ...lane)).toBeNull();
    expect(sumOf(...lane, ...terms)).toBeNull();
    expect(sumOf(...lane, ...lane)).not.toBeNull();
  });
});
