/**
 * Multiplication of a point that stays, by a table of its multiples: no doublings, one addition for
 * each seven bits of the scalar. Where there is no table, the first window's multiples alone, and seven
 * doublings a window.
 *
 * An odd scalar k < 2^256 is 2^259 + Σ d_i·2^(7i) for i = 0 … 36 with every d_i odd in ±1 … ±127: bits
 * 7i+1 … 7i+7 of k as a number c give d_i = 2c − 127. (The sum telescopes: Σ (1 − 128)·2^(7i) is
 * 1 − 2^259.) The table holds, affine, (2j+1)·2^(7i)·P for j = 0 … 63, and 2^259·P; its first entry is
 * P itself. For an even scalar, n − k is used and every point negated.
 */
import { ELEMENT_BYTES, ONE, invert, multiply } from "./p256-field";
import {
  AFFINE_BYTES,
  JACOBIAN_BYTES,
  addAffine,
  doublePoint,
  pointZ,
  setAffine,
  toAffine,
} from "./p256-point";
import { addTerm } from "./p256-batch";
import { NUMBER_BYTES, addTimes, bitsOf } from "./numbers";
import { P256_ORDER, orderNumber } from "./scalars";

/** Windows of a table. */
export const WINDOWS: u32 = 37;
const WINDOW_BITS: u32 = 7;
const MULTIPLES: u32 = 64;
const TOP_ENTRY: u32 = WINDOWS * MULTIPLES;

/** Bytes of a table. */
export const TABLE_BYTES: u32 = (37 * 64 + 1) * 72;

/** Bytes of the first window's entries, and of the second's first. */
export const FIRST_WINDOW_BYTES: u32 = 65 * 72;

/** The 64 odd multiples of a window's point, and 128 times it. */
const multiples = memory.data(65 * 108, 16);
const twice = memory.data(JACOBIAN_BYTES, 16);
const step = memory.data(AFFINE_BYTES, 16);

/**
 * Fills window `window` of the table behind its first entry, and the first entry of the next. The very
 * first entry is the point: on the curve, not infinite. Its multiples up to 128 are all different, as
 * `addAffine` asks.
 */
export function buildWindow(table: usize, window: u32): void {
  const entry = table + window * (MULTIPLES * AFFINE_BYTES);
  setAffine(multiples, entry, false);
  doublePoint(twice, multiples);
  invert(inverse, pointZ(twice));
  toAffine(step, twice, inverse);
  for (let i: u32 = 1; i < MULTIPLES; i++) addToLast(i, step);
  addToLast(MULTIPLES, entry);
  // The next window's first entry, or the top one, follows this window's last.
  multiplesToAffine(entry);
}

/** Multiple i = multiple i − 1 and the affine `point`. */
function addToLast(i: u32, point: usize): void {
  const multiple = multiples + i * JACOBIAN_BYTES;
  memory.copy(multiple, multiple - JACOBIAN_BYTES, JACOBIAN_BYTES);
  addAffine(multiple, point, false);
}

/** Products of the Z of the first multiples, up to each. */
const products = memory.data(65 * 36, 16);
const inverse = memory.data(36, 16);
const inverseOfZ = memory.data(36, 16);

/** Writes `multiples` as 65 affine entries, with one inversion for all (Montgomery's trick). */
function multiplesToAffine(entries: usize): void {
  memory.copy(products, ONE, ELEMENT_BYTES);
  for (let i: u32 = 1; i <= MULTIPLES; i++) {
    const sofar = products + i * ELEMENT_BYTES;
    multiply(sofar, sofar - ELEMENT_BYTES, pointZ(multiples + i * JACOBIAN_BYTES));
  }
  invert(inverse, products + MULTIPLES * ELEMENT_BYTES);
  // The first multiple has Z = 1 and stands in its entry.
  for (let i: u32 = MULTIPLES; i > 0; i--) {
    const point = multiples + i * JACOBIAN_BYTES;
    multiply(inverseOfZ, inverse, products + (i - 1) * ELEMENT_BYTES);
    multiply(inverse, inverse, pointZ(point));
    toAffine(entries + i * AFFINE_BYTES, point, inverseOfZ);
  }
}

const ZERO = memory.data(NUMBER_BYTES, 16);
const odd = memory.data(NUMBER_BYTES, 16);
const otherOdd = memory.data(NUMBER_BYTES, 16);

/**
 * sum = k1·P1 + k2·P2 by the first windows of their tables, for 0 ≤ k < n. Incomplete like `addAffine`: the
 * result may have Z ≡ 0 although it is not infinite, which the caller must resolve. (k = 0 is taken as n,
 * whose last addition collides.)
 */
export function setSumByDoubling(sum: usize, window1: usize, k1: usize, window2: usize, k2: usize): void {
  const negative1 = makeOdd(odd, k1);
  const negative2 = makeOdd(otherOdd, k2);
  setAffine(sum, window1, negative1);
  addAffine(sum, window2, negative2);
  for (let window: i32 = WINDOWS - 1; window >= 0; window--) {
    for (let i: u32 = 0; i < WINDOW_BITS; i++) doublePoint(sum, sum);
    const digit1 = digitOf(odd, window);
    const digit2 = digitOf(otherOdd, window);
    addAffine(sum, digitEntry(window1, digit1), isNegativeDigit(digit1) != negative1);
    addAffine(sum, digitEntry(window2, digit2), isNegativeDigit(digit2) != negative2);
  }
}

/** Adds the terms of k·P, by P's table, to those of `p256-batch.ts`. */
export function addTermsOf(table: usize, k: usize): void {
  const negative = makeOdd(odd, k);
  addTerm(table + TOP_ENTRY * AFFINE_BYTES, negative);
  for (let window: u32 = 0; window < WINDOWS; window++) {
    const digit = digitOf(odd, window);
    const entries = table + window * (MULTIPLES * AFFINE_BYTES);
    addTerm(digitEntry(entries, digit), isNegativeDigit(digit) != negative);
  }
}

/** out = k or n − k, whichever is odd; whether it is n − k. */
function makeOdd(out: usize, k: usize): bool {
  const isEven = (load<u32>(k) & 1) == 0;
  addTimes(out, isEven ? orderNumber(P256_ORDER) : ZERO, k, isEven ? -1 : 1, P256_ORDER.words);
  return isEven;
}

/** The bits c of the digit d = 2c − 127 of `window`. */
@inline
function digitOf(k: usize, window: u32): u32 {
  return bitsOf(k, window * WINDOW_BITS + 1, WINDOW_BITS);
}

function isNegativeDigit(digit: u32): bool {
  return digit < MULTIPLES;
}

/** The entry for the magnitude of the digit with bits `digit`, among those of its window. */
function digitEntry(entries: usize, digit: u32): usize {
  // |d| = 2j + 1 with j = c − 64, or 63 − c where d is negative.
  const j = digit < MULTIPLES ? MULTIPLES - 1 - digit : digit - MULTIPLES;
  return entries + j * AFFINE_BYTES;
}
