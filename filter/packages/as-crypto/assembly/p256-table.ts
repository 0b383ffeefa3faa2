/**
 * Multiplication of a point that stays, by a table of its multiples: no doublings, one addition for
 * each six bits of the scalar. Where there is no table, the first window's multiples alone, and six
 * doublings a window.
 *
 * An odd scalar k < 2^256 is 2^258 + Σ d_i·2^(6i) for i = 0 … 42 with every d_i odd in ±1 … ±63: bits
 * 6i+1 … 6i+6 of k as a number c give d_i = 2c − 63. (The sum telescopes: Σ (1 − 64)·2^(6i) is
 * 1 − 2^258.) The table holds, affine, (2j+1)·2^(6i)·P for j = 0 … 31, and 2^258·P; its first entry is
 * P itself. For an even scalar, n − k is used and every point negated.
 */
import { ELEMENT_BYTES, ONE, invert, multiply } from "./p256-field";
import {
  AFFINE_BYTES,
  BASE_POINT,
  JACOBIAN_BYTES,
  addAffine,
  addPoints,
  doublePoint,
  pointZ,
  setAffine,
  toAffine,
} from "./p256-point";
import { NUMBER_BYTES, addTimes, bitsOf } from "./numbers";
import { P256_ORDER, orderNumber } from "./scalars";

/** Windows of a table. */
export const WINDOWS: u32 = 43;
const WINDOW_BITS: u32 = 6;
const MULTIPLES: u32 = 32;
const TOP_ENTRY: u32 = WINDOWS * MULTIPLES;

/** Bytes of a table. */
export const TABLE_BYTES: u32 = (43 * 32 + 1) * 72;

/** Bytes of the first window's entries, and of the second's first. */
export const FIRST_WINDOW_BYTES: u32 = 33 * 72;

const baseTable = memory.data(TABLE_BYTES, 16);
let isBaseTableBuilt = false;

/** The table of the base point G, built when first asked for (once a module). */
export function baseTableAddress(): usize {
  if (!isBaseTableBuilt) {
    memory.copy(baseTable, BASE_POINT, AFFINE_BYTES);
    for (let window: u32 = 0; window < WINDOWS; window++) buildWindow(baseTable, window);
    isBaseTableBuilt = true;
  }
  return baseTable;
}

/** The 32 odd multiples of a window's point, and 64 times it. */
const multiples = memory.data(33 * 108, 16);
const twice = memory.data(108, 16);

/**
 * Fills window `window` of the table behind its first entry, and the first entry of the next. The very
 * first entry is the point: on the curve, not infinite.
 */
export function buildWindow(table: usize, window: u32): void {
  const entry = table + window * (MULTIPLES * AFFINE_BYTES);
  setAffine(multiples, entry, false);
  doublePoint(twice, multiples);
  for (let i: u32 = 1; i < MULTIPLES; i++) {
    const multiple = multiples + i * JACOBIAN_BYTES;
    addPoints(multiple, multiple - JACOBIAN_BYTES, twice);
  }
  const last = multiples + MULTIPLES * JACOBIAN_BYTES;
  addPoints(last, last - JACOBIAN_BYTES, multiples);
  // The next window's first entry, or the top one, follows this window's last.
  multiplesToAffine(entry);
}

/** Products of the Z of the first multiples, up to each. */
const products = memory.data(33 * 36, 16);
const inverse = memory.data(36, 16);
const inverseOfZ = memory.data(36, 16);

/** Writes `multiples` as 33 affine entries, with one inversion for all (Montgomery's trick). */
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

const odd = memory.data(NUMBER_BYTES, 16);

/**
 * sum = k·P by the first window of P's table, for 0 ≤ k < n. Incomplete like `addAffine`: the result may
 * have Z ≡ 0 although it is not infinite, which the caller must resolve. (k = 0 is taken as n, whose last
 * addition collides.)
 */
export function setMultipleByDoubling(sum: usize, firstWindow: usize, k: usize): void {
  const negative = makeOdd(k);
  setAffine(sum, firstWindow, negative);
  for (let window: i32 = WINDOWS - 1; window >= 0; window--) {
    for (let i: u32 = 0; i < WINDOW_BITS; i++) doublePoint(sum, sum);
    addDigit(sum, firstWindow, window, negative);
  }
}

/** sum = k·P by P's table, as `setMultipleByDoubling`. */
export function setMultiple(sum: usize, table: usize, k: usize): void {
  const negative = makeOdd(k);
  setAffine(sum, table + TOP_ENTRY * AFFINE_BYTES, negative);
  addWindows(sum, table, negative);
}

/** sum = sum + k·P, as `setMultiple`. */
export function addMultipleOf(sum: usize, table: usize, k: usize): void {
  const negative = makeOdd(k);
  addAffine(sum, table + TOP_ENTRY * AFFINE_BYTES, negative);
  addWindows(sum, table, negative);
}

/** `odd` = k or n − k, whichever is odd; whether it is n − k. */
function makeOdd(k: usize): bool {
  if (load<u32>(k) & 1) {
    memory.copy(odd, k, P256_ORDER.words << 2);
    return false;
  }
  addTimes(odd, orderNumber(P256_ORDER), k, -1, P256_ORDER.words);
  return true;
}

/** Adds d_i·2^(6i)·P for every window, for the scalar in `odd`. */
function addWindows(sum: usize, table: usize, negative: bool): void {
  for (let window: u32 = 0; window < WINDOWS; window++) {
    addDigit(sum, table + window * (MULTIPLES * AFFINE_BYTES), window, negative);
  }
}

/** Adds the digit of `window` times the point whose multiples stand at `entries`. */
function addDigit(sum: usize, entries: usize, window: u32, negative: bool): void {
  const bits = bitsOf(odd, window * WINDOW_BITS + 1, WINDOW_BITS);
  // d = 2·bits − 63: |d| = 2j + 1 with j = bits − 32, or 31 − bits where d is negative.
  const isNegativeDigit = bits < MULTIPLES;
  const j = isNegativeDigit ? MULTIPLES - 1 - bits : bits - MULTIPLES;
  addAffine(sum, entries + j * AFFINE_BYTES, isNegativeDigit != negative);
}
