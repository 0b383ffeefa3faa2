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
import { NUMBER_BYTES, addTimes, bitsOf } from "./numbers";
import { AFFINE_BYTES, JACOBIAN_BYTES, Y, Z, doublePoint, toAffine } from "./p256-curve";
import { isFused } from "./p256-element";
import { ELEMENT_BYTES, ONE, invert, multiply } from "./p256-field";
import { toCoordinate } from "./p256-pair-field";
import { addAffine, setAffine } from "./p256-point";
import { addTerm, clearTerms } from "./p256-sum";
import { P256_ORDER, orderNumber } from "./scalars";

/** Windows of a table. */
export const WINDOWS: u32 = 37;
export const WINDOW_BITS: u32 = 7;
const MULTIPLES: u32 = 64;
const TOP_ENTRY: u32 = WINDOWS * MULTIPLES;

/** Bytes of a table, with the two that reading the last limb of a pair touches. */
export const TABLE_BYTES: u32 = (WINDOWS * MULTIPLES + 1) * AFFINE_BYTES + 2;

/** Bytes of the first window's entries, and of the second's first. */
export const FIRST_WINDOW_BYTES: u32 = (MULTIPLES + 1) * AFFINE_BYTES;

/** The odd multiples of a window's point, and 128 times it. */
const multiples = memory.data((MULTIPLES + 1) * JACOBIAN_BYTES, 16);
const twice = memory.data(JACOBIAN_BYTES, 16);
const step = memory.data(AFFINE_BYTES, 16);

/**
 * Fills window `window` of the table behind its first entry, and the first entry of the next. The very
 * first entry is the point: on the curve, not infinite. Its multiples up to 128 are all different, as
 * `addAffine` asks.
 */
export function buildWindow(table: usize, window: u32): void {
  const entry = table + window * (MULTIPLES * AFFINE_BYTES);
  setAffine<i32>(multiples, entry);
  memory.copy(twice, multiples, JACOBIAN_BYTES);
  doublePoint(twice, 1);
  invert(inverse, twice + Z);
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
  addAffine<i32>(multiple, point);
}

/** Products of the Z of the first multiples, up to each. */
const products = memory.data((MULTIPLES + 1) * ELEMENT_BYTES, 16);
const inverse = memory.data(ELEMENT_BYTES, 16);
const inverseOfZ = memory.data(ELEMENT_BYTES, 16);

/** Writes `multiples` as 65 affine entries, with one inversion for all (Montgomery's trick). */
function multiplesToAffine(entries: usize): void {
  memory.copy(products, ONE, ELEMENT_BYTES);
  for (let i: u32 = 1; i <= MULTIPLES; i++) {
    const sofar = products + i * ELEMENT_BYTES;
    multiply(sofar, sofar - ELEMENT_BYTES, multiples + i * JACOBIAN_BYTES + Z);
  }
  invert(inverse, products + MULTIPLES * ELEMENT_BYTES);
  // The first multiple has Z = 1 and stands in its entry.
  for (let i: u32 = MULTIPLES; i > 0; i--) {
    const point = multiples + i * JACOBIAN_BYTES;
    multiply(inverseOfZ, inverse, products + (i - 1) * ELEMENT_BYTES);
    multiply(inverse, inverse, point + Z);
    toAffine(entries + i * AFFINE_BYTES, point, inverseOfZ);
  }
}

/**
 * Gives the entries of `window`, from which the next one has been built, the form that `sumTerms` takes: that of
 * coordinates, where pairs are used. The last window, `WINDOWS`, is the top entry.
 */
export function finishWindow(table: usize, window: u32): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (!isFused) return;
    const entries = table + window * (MULTIPLES * AFFINE_BYTES);
    const count: u32 = window < WINDOWS ? MULTIPLES : 1;
    const end = entries + count * AFFINE_BYTES;
    for (let element = entries; element < end; element += Y) toCoordinate(element, element);
  }
}

const ZERO = memory.data(NUMBER_BYTES, 16);
const odd = memory.data(NUMBER_BYTES, 16);

/** Takes the terms of k1·P1 + k2·P2 from the points' tables, for 0 ≤ k < n. (k = 0 is taken as n.) */
export function setTerms(table1: usize, k1: usize, table2: usize, k2: usize): void {
  clearTerms();
  addTerms(table1, table1 + TOP_ENTRY * AFFINE_BYTES, MULTIPLES * AFFINE_BYTES, k1);
  addTerms(table2, table2 + TOP_ENTRY * AFFINE_BYTES, MULTIPLES * AFFINE_BYTES, k2);
}

/** The same from the first windows alone, not finished, for a sum by doubling. */
export function setTermsOfWindows(window1: usize, k1: usize, window2: usize, k2: usize): void {
  clearTerms();
  addTerms(window1, window1, 0, k1);
  addTerms(window2, window2, 0, k2);
}

/** Adds `top`, and the entries for the digits of k, in windows that are `stride` bytes apart. */
function addTerms(window: usize, top: usize, stride: u32, k: usize): void {
  const negative = makeOdd(odd, k);
  addTerm(top, negative);
  for (let i: u32 = 0; i < WINDOWS; i++, window += stride) {
    const digit = digitOf(odd, i);
    addTerm(digitEntry(window, digit), isNegativeDigit(digit) != negative);
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
  const j = isNegativeDigit(digit) ? MULTIPLES - 1 - digit : digit - MULTIPLES;
  return entries + j * AFFINE_BYTES;
}
