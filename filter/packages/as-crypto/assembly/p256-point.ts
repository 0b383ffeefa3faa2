/**
 * Points of P-256, y² = x³ − 3x + b. An *affine* point is x and y; a *Jacobian* point is X, Y, Z with
 * x = X/Z², y = Y/Z³, and Z ≡ 0 for the point at infinity. Coordinates are in Montgomery form; X and
 * Y are reduced elements, Z is a product or reduced (`p256-field.ts` has the bounds).
 *
 * Formulas: https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-3.html.
 */
import {
  ELEMENT_BYTES,
  ONE,
  addMultiple,
  areEqual,
  canonical,
  isZeroElement,
  multiply,
  square,
  subtract,
} from "./p256-field";

export const AFFINE_BYTES: u32 = 72;
export const JACOBIAN_BYTES: u32 = 108;

/** Offsets of coordinates. */
const Y: u32 = 36;
const Z: u32 = 72;

/** b in Montgomery form. */
const B = memory.data<i32>([
  0x1897bbfb, 0x1cdf6229, 0x018486c4, 0x01732821, 0x1dad59e0, 0x0abf7212, 0x1a06d110, 0x17721d20, 0x008600c3,
]);

/** The base point G (SP 800-186 §3.2.1.3), affine, in Montgomery form. */
export const BASE_POINT = memory.data<i32>([
  0x15228783, 0x0730d418, 0x0db00bcf, 0x057f11fb, 0x0a20eb75, 0x12b77622, 0x0330fdb9, 0x1af4dd57, 0x00120bee,
  0x12aac150, 0x125357ce, 0x0f22e6ef, 0x0e390e86, 0x064b1695, 0x088dd21f, 0x02a97443, 0x02962176, 0x00ae3fe3,
]);

const ZERO = memory.data(36, 16);
const t0 = memory.data(36, 16);
const t1 = memory.data(36, 16);
const t2 = memory.data(36, 16);
const t3 = memory.data(36, 16);
const t4 = memory.data(36, 16);
const t5 = memory.data(36, 16);

export function pointX(point: usize): usize {
  return point;
}

export function pointY(point: usize): usize {
  return point + Y;
}

export function pointZ(point: usize): usize {
  return point + Z;
}

/** Whether the affine `point` is on the curve. */
export function isOnCurve(point: usize): bool {
  square(t0, point);
  multiply(t0, t0, point);
  addMultiple(t0, t0, point, -3);
  addMultiple(t0, t0, B, 1);
  square(t1, point + Y);
  return areEqual(t0, t1);
}

export function setInfinity(point: usize): void {
  memory.copy(point, ONE, ELEMENT_BYTES);
  memory.copy(point + Y, ONE, ELEMENT_BYTES);
  memory.fill(point + Z, 0, ELEMENT_BYTES);
}

export function isInfinity(point: usize): bool {
  return isZeroElement(point + Z);
}

/** The Jacobian `out` = the affine `point`, negated on demand. */
export function setAffine(out: usize, point: usize, negative: bool): void {
  memory.copy(out, point, ELEMENT_BYTES);
  addMultiple(out + Y, ZERO, point + Y, negative ? -1 : 1);
  memory.copy(out + Z, ONE, ELEMENT_BYTES);
}

/** out = 2a. Infinity gives infinity. `out` may be `a`. */
export function doublePoint(out: usize, a: usize): void {
  square(t0, a + Z); // delta = Z²
  square(t1, a + Y); // gamma = Y²
  multiply(t2, a, t1); // beta = X·gamma
  subtract(t3, a, t0);
  addMultiple(t4, a, t0, 1);
  multiply(t3, t3, t4);
  addMultiple(t3, t3, t3, 2); // alpha = 3·(X − delta)·(X + delta)
  addMultiple(t4, ZERO, a + Y, 2);
  multiply(out + Z, t4, a + Z); // Z3 = 2·Y·Z
  addMultiple(t2, ZERO, t2, 4); // 4·beta
  square(t4, t3);
  addMultiple(out, t4, t2, -2); // X3 = alpha² − 8·beta
  subtract(t2, t2, out);
  multiply(t2, t2, t3);
  square(t1, t1);
  addMultiple(out + Y, t2, t1, -8); // Y3 = alpha·(4·beta − X3) − 8·gamma²
}

/**
 * sum = sum + the affine `point`, negated on demand. Incomplete: where sum ≡ ±point, or sum is
 * infinity, the result has Z ≡ 0, and so has everything added to it; never a wrong finite point.
 */
export function addAffine(sum: usize, point: usize, negative: bool): void {
  square(t0, sum + Z); // Z1²
  multiply(t1, point, t0); // U2
  subtract(t1, t1, sum); // H = U2 − X1
  multiply(t0, t0, sum + Z); // Z1³
  if (negative) {
    subtract(t2, ZERO, point + Y);
    multiply(t2, t2, t0);
  } else {
    multiply(t2, point + Y, t0); // S2
  }
  subtract(t2, t2, sum + Y); // r = S2 − Y1
  multiply(sum + Z, sum + Z, t1); // Z3 = Z1·H
  finishAddition(sum, sum);
}

/** X3 and Y3 of `out` from H in t1, r in t2 and the first operand's X and Y in `first`. */
function finishAddition(out: usize, first: usize): void {
  square(t3, t1); // H²
  multiply(t4, t1, t3); // H³
  multiply(t3, first, t3); // V = X1·H²
  multiply(t5, first + Y, t4); // Y1·H³
  addMultiple(t4, t4, t3, 2); // H³ + 2·V
  square(t0, t2);
  addMultiple(out, t0, t4, -1); // X3 = r² − H³ − 2·V
  subtract(t3, t3, out);
  multiply(t3, t3, t2);
  addMultiple(out + Y, t3, t5, -1); // Y3 = r·(V − X3) − Y1·H³
}

const scaled = memory.data(108, 16);
const u2 = memory.data(36, 16);
const s2 = memory.data(36, 16);

/** out = a + b for any Jacobian points: equal, opposite and infinite ones too. `out` may be an operand. */
export function addPoints(out: usize, a: usize, b: usize): void {
  if (isInfinity(a)) {
    memory.copy(out, b, JACOBIAN_BYTES);
    return;
  }
  if (isInfinity(b)) {
    memory.copy(out, a, JACOBIAN_BYTES);
    return;
  }
  // Both over the common Z1·Z2: U1, S1 in `scaled`, U2, S2 beside it.
  square(t0, a + Z);
  square(t1, b + Z);
  multiply(scaled, a, t1);
  multiply(u2, b, t0);
  multiply(t0, t0, a + Z);
  multiply(t1, t1, b + Z);
  multiply(scaled + Y, a + Y, t1);
  multiply(s2, b + Y, t0);
  if (areEqual(scaled, u2)) {
    if (areEqual(scaled + Y, s2)) doublePoint(out, a);
    else setInfinity(out);
    return;
  }
  subtract(t1, u2, scaled);
  subtract(t2, s2, scaled + Y);
  multiply(t0, a + Z, b + Z);
  multiply(out + Z, t0, t1);
  finishAddition(out, scaled);
}

/** The affine `out` = the Jacobian `a`, whose Z has the inverse `inverseOfZ`; coordinates in [0, p). */
export function toAffine(out: usize, a: usize, inverseOfZ: usize): void {
  square(t0, inverseOfZ);
  multiply(t1, t0, inverseOfZ);
  multiply(t2, a + Y, t1);
  multiply(t0, a, t0);
  canonical(out, t0);
  canonical(out + Y, t2);
}
