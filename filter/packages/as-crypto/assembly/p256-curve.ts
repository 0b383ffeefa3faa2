/**
 * The curve P-256 (SP 800-186 §3.2.1.3), and what its points take with limbs of i32 alone: coordinates are in
 * Montgomery form (`p256-field.ts`).
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
import { finishAddition } from "./p256-point";

export const AFFINE_BYTES: u32 = 72;
export const JACOBIAN_BYTES: u32 = 108;

/** Offsets of coordinates. */
export const Y: u32 = 36;
export const Z: u32 = 72;

/** b in Montgomery form. */
const B = memory.data<i32>([
  0x1897bbfb, 0x1cdf6229, 0x018486c4, 0x01732821, 0x1dad59e0, 0x0abf7212, 0x1a06d110, 0x17721d20, 0x008600c3,
]);

/** The base point G (SP 800-186 §3.2.1.3), affine, in Montgomery form. */
export const BASE_POINT = memory.data<i32>([
  0x15228783, 0x0730d418, 0x0db00bcf, 0x057f11fb, 0x0a20eb75, 0x12b77622, 0x0330fdb9, 0x1af4dd57, 0x00120bee,
  0x12aac150, 0x125357ce, 0x0f22e6ef, 0x0e390e86, 0x064b1695, 0x088dd21f, 0x02a97443, 0x02962176, 0x00ae3fe3,
]);

const t0 = memory.data(ELEMENT_BYTES, 16);
const t1 = memory.data(ELEMENT_BYTES, 16);
const t2 = memory.data(ELEMENT_BYTES, 16);
const w = memory.data(ELEMENT_BYTES, 16);
const alpha = memory.data(ELEMENT_BYTES, 16);
const ZERO = memory.data(ELEMENT_BYTES, 16);

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

/**
 * point = 2^times·point, for an odd number of times. Infinity stays infinity.
 *
 * By algorithm 3.23 of the Guide to Elliptic Curve Cryptography (Hankerson, Menezes, Vanstone), which has
 * −3·Z⁴ at hand, and 2·Y in the place of Y. Here −2·Y, which saves a sum, and gives Z the other sign each time:
 * at the end (X, −2·Y, −Z) is the point (4·X, −8·Y, −2·Z).
 */
export function doublePoint(point: usize, times: u32): void {
  const y = point + Y;
  const z = point + Z;
  addMultiple(y, ZERO, y, -2);
  square(t0, z);
  square(t0, t0);
  addMultiple(w, ZERO, t0, -3); // −3·Z⁴
  for (let left = times; left > 0; left--) {
    square(t0, y);
    square(t2, point);
    addMultiple(alpha, w, t2, 3); // alpha = 3·X² − 3·Z⁴
    multiply(z, z, y); // −Z3 = −2·Y·Z
    multiply(t1, point, t0); // beta = X·(2·Y)²
    square(t2, alpha);
    square(t0, t0); // (2·Y)⁴
    addMultiple(point, t2, t1, -2); // X3 = alpha² − 2·beta
    subtract(t1, point, t1);
    if (left > 1) multiply(w, w, t0);
    multiply(t1, t1, alpha);
    addMultiple(y, t0, t1, 2); // −2·Y3 = (2·Y)⁴ − 2·alpha·(beta − X3)
  }
  addMultiple(point, ZERO, point, 4);
  addMultiple(y, ZERO, y, 4);
  addMultiple(z, z, z, 1);
}

const scaled = memory.data(JACOBIAN_BYTES, 16);
const u2 = memory.data(ELEMENT_BYTES, 16);
const s2 = memory.data(ELEMENT_BYTES, 16);

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
    if (areEqual(scaled + Y, s2)) {
      memory.copy(out, a, JACOBIAN_BYTES);
      doublePoint(out, 1);
    } else {
      setInfinity(out);
    }
    return;
  }
  subtract(t1, u2, scaled);
  subtract(t2, s2, scaled + Y);
  multiply(t0, a + Z, b + Z);
  multiply(out + Z, t0, t1);
  finishAddition<i32>(out, scaled, t1, t2);
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
