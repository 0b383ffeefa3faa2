/** The field and scalar arithmetic of P-256 at the bounds that its comments promise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadEntry } from "../support/wasm.ts";
import { n, p } from "./p256.ts";

interface Exports {
  multiply(out: number, a: number, b: number): void;
  square(out: number, a: number): void;
  subtract(out: number, a: number, b: number): void;
  copySigned(out: number, a: number, negative: number): void;
  addMultiple(out: number, a: number, b: number, factor: bigint): void;
  canonical(out: number, a: number): void;
  invert(out: number, a: number): void;
  invertScalar(out: number, a: number): void;
  multiplyScalars(out: number, a: number, b: number): void;
}

const { exports, get } = loadEntry<Exports>("as-crypto-field");

const R = 2n ** 261n;
const LIMB = 2n ** 29n;

const [a, b, out] = [exports.take(40), exports.take(40), exports.take(40)] as const;

type Limbs = bigint[];

/** The nine limbs of `value`, the last with its sign. */
function limbsOf(value: bigint): Limbs {
  const limbs = Array.from({ length: 8 }, (_, i) => (value >> BigInt(29 * i)) & (LIMB - 1n));
  return [...limbs, value >> 232n];
}

const valueOf = (limbs: Limbs) => limbs.reduce((sum, limb, i) => sum + (limb << BigInt(29 * i)), 0n);

function write(address: number, limbs: Limbs): void {
  new Int32Array(exports.memory.buffer, address, 9).set(limbs.map(Number));
}

function read(address: number): Limbs {
  return Array.from(new Int32Array(get(address, 36).buffer), BigInt);
}

/** The value of a result, whose limbs must be normal. */
function readNormal(address: number): bigint {
  const limbs = read(address);
  for (const limb of limbs.slice(0, 8)) expect(limb >= 0n && limb < LIMB).toBe(true);
  return valueOf(limbs);
}

const mod = (value: bigint, m: bigint) => ((value % m) + m) % m;
const magnitude = (value: bigint) => (value < 0n ? -value : value);

/** A product's bound is 1.5 p, a reduced element's 1.01 p, a difference's 3 p. */
const productBound = (3n * p) / 2n;
const reducedBound = (101n * p) / 100n;

/** Values at and around multiples of p and of 2^256, where the quotient's estimate can be off by one. */
const corners = [-1n, 0n, 1n].flatMap((times) =>
  [p, 2n ** 256n, 2n ** 256n - 2n ** 223n].flatMap((unit) =>
    [-(2n ** 204n), -1n, 0n, 1n, 2n ** 204n].map((offset) => times * unit + offset),
  ),
);

const product = fc
  .oneof(fc.bigInt({ min: -productBound, max: productBound }), fc.constantFrom(...corners))
  .map(limbsOf);

/** What `subtract` gives: limbs of either sign, as large as they come. */
const lazy = fc.tuple(product, product).map(([x, y]) => x.map((limb, i) => limb - (y[i] ?? 0n)));

const extreme = fc.constantFrom(
  Array.from({ length: 9 }, (_, i) => (i < 8 ? LIMB - 1n : 2n ** 25n)),
  Array.from({ length: 9 }, (_, i) => (i < 8 ? 1n - LIMB : -(2n ** 25n))),
  Array.from({ length: 9 }, (_, i) => (i < 8 ? (i % 2 ? LIMB - 1n : 1n - LIMB) : 2n ** 25n)),
);

const negated = product.map((limbs) => limbs.map((limb) => -limb));

const operand = fc.oneof(product, lazy, negated, extreme);

describe("the field", () => {
  test("a product of any allowed operands is a·b/R modulo p, and normal", () => {
    fc.assert(
      fc.property(operand, operand, (x, y) => {
        write(a, x);
        write(b, y);
        exports.multiply(out, a, b);
        const result = readNormal(out);
        expect(mod(result * R, p)).toBe(mod(valueOf(x) * valueOf(y), p));
        expect(magnitude(result) < productBound).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("a square is a product with itself", () => {
    fc.assert(
      fc.property(operand, (x) => {
        write(a, x);
        exports.square(out, a);
        const result = readNormal(out);
        exports.multiply(b, a, a);
        expect(result).toBe(readNormal(b));
      }),
      { numRuns: 1000 },
    );
  });

  test("a difference keeps its value and stays within what a product takes", () => {
    fc.assert(
      fc.property(product, product, (x, y) => {
        write(a, x);
        write(b, y);
        exports.subtract(out, a, b);
        const limbs = read(out);
        expect(valueOf(limbs)).toBe(valueOf(x) - valueOf(y));
        for (const limb of limbs) expect(magnitude(limb) < LIMB).toBe(true);
      }),
    );
  });

  test("a copy has the limbs of the element, negated on demand", () => {
    fc.assert(
      fc.property(product, fc.boolean(), (x, isNegative) => {
        write(a, x);
        exports.copySigned(out, a, isNegative ? 1 : 0);
        expect(read(out)).toEqual(x.map((limb) => (isNegative ? -limb : limb)));
      }),
    );
  });

  test("a sum with any factor up to 8 is reduced", () => {
    const term = fc.oneof(product, negated);
    fc.assert(
      fc.property(term, term, fc.bigInt({ min: -8n, max: 8n }), (x, y, factor) => {
        write(a, x);
        write(b, y);
        exports.addMultiple(out, a, b, factor);
        const result = readNormal(out);
        expect(mod(result, p)).toBe(mod(valueOf(x) + factor * valueOf(y), p));
        expect(magnitude(result) < reducedBound).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("the canonical form is the one value in 0 … p − 1", () => {
    fc.assert(
      fc.property(product, (x) => {
        write(a, x);
        exports.canonical(out, a);
        expect(readNormal(out)).toBe(mod(valueOf(x), p));
      }),
      { numRuns: 1000, examples: corners.map((corner) => [limbsOf(corner)]) },
    );
  });

  test("an element times its inverse is one, and zero has the inverse zero", () => {
    fc.assert(
      fc.property(product, (x) => {
        const value = mod(valueOf(x), p);
        write(a, x);
        exports.invert(out, a);
        const inverse = readNormal(out);
        // (v/R)·(w/R) ≡ 1 is v·w ≡ R².
        expect(mod(value * inverse, p)).toBe(value === 0n ? 0n : mod(R * R, p));
      }),
      { numRuns: 300, examples: [[limbsOf(0n)], [limbsOf(1n)], [limbsOf(p - 1n)], [limbsOf(p)]] },
    );
  });
});

describe("scalars", () => {
  const scalar = fc.oneof(
    fc.bigInt({ min: 1n, max: n - 1n }),
    fc.constantFrom(1n, 2n, n - 1n, n - 2n, (n - 1n) / 2n, 2n ** 255n, 2n ** 128n - 1n),
  );

  test("a product is a·b/R modulo n, in 0 … n − 1, for any a below 2^256", () => {
    fc.assert(
      fc.property(
        fc.oneof(scalar, fc.bigInt({ min: 2n ** 256n - 2n ** 40n, max: 2n ** 256n - 1n })),
        scalar,
        (x, y) => {
          write(a, limbsOf(x));
          write(b, limbsOf(y));
          exports.multiplyScalars(out, a, b);
          const result = readNormal(out);
          expect(result < n).toBe(true);
          expect(mod(result * R, n)).toBe(mod(x * y, n));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a scalar's inverse is its inverse times R", () => {
    fc.assert(
      fc.property(scalar, (x) => {
        write(a, limbsOf(x));
        exports.invertScalar(out, a);
        expect(mod(readNormal(out) * x, n)).toBe(mod(R, n));
      }),
      { numRuns: 300 },
    );
  });
});
