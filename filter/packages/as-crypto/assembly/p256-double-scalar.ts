/** sum = u1·G + u2·Q on P-256: by tables, by first windows alone, and by complete formulas where these do not know. */
import { NUMBER_BYTES, bitsOf } from "./numbers";
import { BASE_POINT, JACOBIAN_BYTES, addPoints, doublePoint, setInfinity } from "./p256-curve";
import { isFused } from "./p256-element";
import { setAffine } from "./p256-point";
import { sumTerms, sumTermsByDoubling } from "./p256-sum";
import { WINDOW_BITS, setTerms, setTermsOfWindows } from "./p256-table";

export const u1 = memory.data(NUMBER_BYTES, 16);
export const u2 = memory.data(NUMBER_BYTES, 16);
export const sum = memory.data(JACOBIAN_BYTES, 16);

/** By the tables of G and Q; false where sums collided on the way, or u1 = 0: rare unless somebody tries. */
export function setSumByTables(baseTable: usize, table: usize): bool {
  setTerms(baseTable, u1, table, u2);
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (isFused) return sumTerms<f64>(sum);
  }
  return sumTerms<i32>(sum);
}

/** The same by the first windows of G and Q. */
export function setSumByWindows(baseWindow: usize, window: usize): bool {
  setTermsOfWindows(baseWindow, u1, window, u2);
  return sumTermsByDoubling(sum, WINDOW_BITS);
}

/** G, Q and G + Q, Jacobian. */
const points = memory.data(3 * JACOBIAN_BYTES, 16);

/** For any u1, u2 and affine Q: complete formulas, bit by bit with Shamir's trick. */
export function setSumByBits(q: usize): void {
  const both = points + 2 * JACOBIAN_BYTES;
  setAffine<i32>(points, BASE_POINT);
  setAffine<i32>(points + JACOBIAN_BYTES, q);
  addPoints(both, points, points + JACOBIAN_BYTES);
  setInfinity(sum);
  let isZero = true;
  for (let bit: i32 = 255; bit >= 0; bit--) {
    if (!isZero) doublePoint(sum, 1);
    const which = bitsOf(u1, bit, 1) | (bitsOf(u2, bit, 1) << 1);
    if (which == 0) continue;
    addPoints(sum, sum, points + (which - 1) * JACOBIAN_BYTES);
    isZero = false;
  }
}
