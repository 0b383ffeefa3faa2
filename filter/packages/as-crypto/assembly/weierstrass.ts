/**
 * Points of the curves y² = x³ − 3x + b of prime order, in pairs (`pair-field.ts`), by the complete
 * formulas of Renes, Costello and Batina (https://eprint.iacr.org/2015/1060, algorithms 4 and 5): right
 * for equal, opposite and infinite points too, so that there is no case to tell apart.
 *
 * A pair of points is X, Y, Z, homogeneous: x = X/Z, y = Y/Z, and Z ≡ 0 at infinity. Coordinates have
 * size 2.
 */
import { isZeroElement } from "./pair-convert";
import { PAIR_BYTES, Field, add, multiply, normalize, setInteger, subtract, triple } from "./pair-field";

export const POINT_BYTES: u32 = 3 * PAIR_BYTES;

/** Offsets of coordinates. */
export const Y: u32 = PAIR_BYTES;
export const Z: u32 = 2 * PAIR_BYTES;

const scratch = memory.data(9 * PAIR_BYTES, 16);
const xx = scratch;
const yy = scratch + PAIR_BYTES;
const zz = scratch + 2 * PAIR_BYTES;
const xy = scratch + 3 * PAIR_BYTES;
const xz = scratch + 4 * PAIR_BYTES;
const yz = scratch + 5 * PAIR_BYTES;
const t0 = scratch + 6 * PAIR_BYTES;
const t1 = scratch + 7 * PAIR_BYTES;
const t2 = scratch + 8 * PAIR_BYTES;

export function setInfinity(point: usize, field: Field): void {
  setInteger(point, 0.0, field);
  setInteger(point + Y, 1.0, field);
  setInteger(point + Z, 0.0, field);
}

/** out = p + q; `b` is the curve's coefficient. `out` may be an operand. Comments give sizes above 1. */
export function addPoints(out: usize, p: usize, q: usize, b: usize, field: Field): void {
  multiply(xx, p, q, field);
  multiply(yy, p + Y, q + Y, field);
  multiply(zz, p + Z, q + Z, field);
  multiplySums(xy, p, p + Y, q, q + Y, xx, yy, field); // X1·Y2 + X2·Y1: 3
  multiplySums(yz, p + Y, p + Z, q + Y, q + Z, yy, zz, field);
  multiplySums(xz, p, p + Z, q, q + Z, xx, zz, field);
  finishAddition(out, b, field);
}

/** out = (a1 + a2)·(b1 + b2) − c1 − c2, of size 3, for operands of size 2. */
function multiplySums(
  out: usize,
  a1: usize,
  a2: usize,
  b1: usize,
  b2: usize,
  c1: usize,
  c2: usize,
  field: Field,
): void {
  add(t0, a1, a2, field); // 4
  add(t1, b1, b2, field); // 4
  multiply(out, t0, t1, field);
  subtract(out, out, c1, field);
  subtract(out, out, c2, field);
}

/** sum = sum + the affine `point`, which has coordinates of size 2 and is not infinite. */
export function addAffine(sum: usize, point: usize, b: usize, field: Field): void {
  multiply(xx, sum, point, field);
  multiply(yy, sum + Y, point + Y, field);
  multiplySums(xy, sum, sum + Y, point, point + Y, xx, yy, field); // 3
  multiply(yz, point + Y, sum + Z, field);
  add(yz, yz, sum + Y, field); // 3
  multiply(xz, point, sum + Z, field);
  add(xz, xz, sum, field); // 3
  normalize(zz, sum + Z, field);
  finishAddition(sum, b, field);
}

/** The coordinates from X1·X2, Y1·Y2, Z1·Z2 and the three mixed sums. */
function finishAddition(out: usize, b: usize, field: Field): void {
  multiply(t0, b, zz, field);
  subtract(t0, xz, t0, field); // 4
  triple(t0, t0, field); // 12
  normalize(t0, t0, field);
  add(t1, yy, t0, field); // 2
  subtract(t0, yy, t0, field); // 2
  triple(zz, zz, field); // 3
  triple(t2, xx, field);
  subtract(t2, t2, zz, field); // 3·(xx − zz): 6
  multiply(xz, b, xz, field);
  subtract(xz, xz, zz, field);
  subtract(xz, xz, xx, field); // 5
  triple(xz, xz, field); // 15
  normalize(xz, xz, field);

  multiply(out, xy, t1, field);
  multiply(xx, yz, xz, field);
  subtract(out, out, xx, field); // X3 = xy·t1 − yz·xz
  multiply(t1, t1, t0, field);
  multiply(xz, t2, xz, field);
  add(out + Y, t1, xz, field); // Y3 = t1·t0 + t2·xz
  multiply(yz, yz, t0, field);
  multiply(xy, xy, t2, field);
  add(out + Z, yz, xy, field); // Z3 = yz·t0 + xy·t2
}

/** Whether the affine pair of points `point`, both the same, is on the curve. */
export function isOnCurve(point: usize, b: usize, field: Field): bool {
  multiply(t0, point, point, field);
  multiply(t0, t0, point, field);
  triple(t1, point, field); // 6, coordinates having 2
  subtract(t0, t0, t1, field);
  add(t0, t0, b, field);
  multiply(t1, point + Y, point + Y, field);
  subtract(t0, t0, t1, field);
  normalize(t0, t0, field);
  return isZeroElement(t0, field);
}
