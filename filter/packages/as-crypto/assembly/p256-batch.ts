/**
 * Sums of many affine points of P-256: first pairs of them by the affine formulas
 * (https://hyperelliptic.org/EFD/g1p/auto-shortw.html), with one inversion for all (Montgomery's trick),
 * 5M + 1S a pair instead of the 7M + 4S of a Jacobian sum, then their sums one after the other.
 *
 * MEASURED: pairing the sums a second time saves what its inversion costs, so it is not done.
 *
 * Points wait as *terms*, their addresses with a sign each, so that negating one costs nothing.
 */
import {
  ELEMENT_BYTES,
  ONE,
  addMultiple,
  copyElement,
  invert,
  isZeroElement,
  multiply,
  square,
  subtract,
} from "./p256-field";
import { AFFINE_BYTES, addAffine, pointY, setAffine } from "./p256-point";

/** The most terms of a sum: for two points, one for each of 37 windows, and the top one. */
const MAX_TERMS: u32 = 76;

/** Address and sign (1 where negated) of each term. */
const terms = memory.data(MAX_TERMS << 3, 16);
let count: u32 = 0;

/** The sums of pairs. */
const sums = memory.data((MAX_TERMS >> 1) * AFFINE_BYTES, 16);

/** x2 − x1 of each pair, and their products up to each. */
const differences = memory.data((MAX_TERMS >> 1) * ELEMENT_BYTES, 16);
const products = memory.data(((MAX_TERMS >> 1) + 1) * ELEMENT_BYTES, 16);

const inverse = memory.data(ELEMENT_BYTES, 16);
const slope = memory.data(ELEMENT_BYTES, 16);
const t0 = memory.data(ELEMENT_BYTES, 16);
const t1 = memory.data(ELEMENT_BYTES, 16);

export function clearTerms(): void {
  count = 0;
}

/** Adds the affine point at `point`, negated on demand, to the terms. It must stay where it is. */
export function addTerm(point: usize, negative: bool): void {
  const term = terms + (count << 3);
  store<u32>(term, <u32>point);
  store<u32>(term, negative ? 1 : 0, 4);
  count += 1;
}

function termPoint(index: u32): usize {
  return load<u32>(terms + (index << 3));
}

function isTermNegative(index: u32): bool {
  return load<u32>(terms + (index << 3), 4) != 0;
}

/**
 * The Jacobian sum = Σ terms, an even number of them. False where the two of a pair have the same x; and
 * incomplete like `addAffine`: the result may have Z ≡ 0 although it is not infinite.
 */
export function sumTerms(sum: usize): bool {
  if (!pairTerms()) return false;
  setAffine(sum, termPoint(0), isTermNegative(0));
  for (let i: u32 = 1; i < count; i++) addAffine(sum, termPoint(i), isTermNegative(i));
  return true;
}

/** Replaces the first half of the terms by their sums with the second; false where two have the same x. */
function pairTerms(): bool {
  const pairs = count >> 1;
  copyElement(products, ONE);
  for (let i: u32 = 0; i < pairs; i++) {
    const difference = differences + i * ELEMENT_BYTES;
    const sofar = products + i * ELEMENT_BYTES;
    subtract(difference, termPoint(i + pairs), termPoint(i));
    multiply(sofar + ELEMENT_BYTES, sofar, difference);
  }
  const all = products + pairs * ELEMENT_BYTES;
  if (isZeroElement(all)) return false;
  invert(inverse, all);
  for (let i = pairs; i > 0; i--) addPair(i - 1, i - 1 + pairs);
  count = pairs;
  return true;
}

/**
 * Replaces term i by its sum with term j, and `inverse`, of the products up to pair i, by that up to the
 * pair before. With signs s: the sum of s1·(x1, y1) and s2·(x2, y2) is s2·(x3, y3) for the slope
 * (y2 − s1·s2·y1) / (x2 − x1), x3 = slope² − x1 − x2 and y3 = slope·(x1 − x3) − s1·s2·y1.
 */
function addPair(i: u32, j: u32): void {
  const first = termPoint(i);
  const second = termPoint(j);
  const negative = isTermNegative(j);
  const factor: i64 = isTermNegative(i) == negative ? -1 : 1;
  const out = sums + i * AFFINE_BYTES;
  multiply(slope, inverse, products + i * ELEMENT_BYTES);
  multiply(inverse, inverse, differences + i * ELEMENT_BYTES);
  addMultiple(t0, pointY(second), pointY(first), factor);
  multiply(slope, slope, t0);
  square(t0, slope);
  addMultiple(t0, t0, first, -1);
  addMultiple(t0, t0, second, -1);
  subtract(t1, first, t0);
  multiply(t1, t1, slope);
  addMultiple(pointY(out), t1, pointY(first), factor);
  copyElement(out, t0);
  store<u32>(terms + (i << 3), <u32>out);
  store<u32>(terms + (i << 3), negative ? 1 : 0, 4);
}
