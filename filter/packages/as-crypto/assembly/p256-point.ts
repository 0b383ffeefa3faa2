/**
 * Points of P-256, y² = x³ − 3x + b. An *affine* point is x and y; a *Jacobian* point is X, Y, Z with
 * x = X/Z², y = Y/Z³, and Z ≡ 0 for the point at infinity.
 *
 * Here is what they take with both kinds of limbs (`p256-element.ts`): in those of f64 a point is a pair of
 * points, one in each lane. X and Y are sums of `addMultiple`, Z is a product or such a sum.
 *
 * Formulas: https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-3.html.
 */
import {
  MAX_ELEMENT_BYTES,
  addMultiple,
  elementBytes,
  multiply,
  setOne,
  square,
  subtract,
} from "./p256-element";


@inline
export function affineBytes<Limb>(): u32 {
  return 2 * elementBytes<Limb>();
}


@inline
export function pointY<Limb>(point: usize): usize {
  return point + elementBytes<Limb>();
}


@inline
export function pointZ<Limb>(point: usize): usize {
  return point + 2 * elementBytes<Limb>();
}

const ZERO = memory.data(MAX_ELEMENT_BYTES, 16);
const t0 = memory.data(MAX_ELEMENT_BYTES, 16);
const t1 = memory.data(MAX_ELEMENT_BYTES, 16);
const t2 = memory.data(MAX_ELEMENT_BYTES, 16);
const t3 = memory.data(MAX_ELEMENT_BYTES, 16);
const difference = memory.data(MAX_ELEMENT_BYTES, 16);
const slope = memory.data(MAX_ELEMENT_BYTES, 16);

/** The Jacobian `out` = the affine `point`. */
export function setAffine<Limb>(out: usize, point: usize): void {
  memory.copy(out, point, elementBytes<Limb>());
  addMultiple<Limb>(pointY<Limb>(out), ZERO, pointY<Limb>(point), 1);
  setOne<Limb>(pointZ<Limb>(out));
}

/**
 * sum = sum + the affine `point`. Incomplete: where sum ≡ ±point, or sum is infinity, the result has Z ≡ 0,
 * and so has everything added to it; never a wrong finite point.
 */
export function addAffine<Limb>(sum: usize, point: usize): void {
  const z = pointZ<Limb>(sum);
  square<Limb>(t0, z); // Z1²
  multiply<Limb>(t1, t0, z); // Z1³
  multiply<Limb>(difference, point, t0); // U2
  multiply<Limb>(slope, pointY<Limb>(point), t1); // S2
  subtract<Limb>(difference, difference, sum); // H = U2 − X1
  subtract<Limb>(slope, slope, pointY<Limb>(sum)); // r = S2 − Y1
  multiply<Limb>(z, z, difference); // Z3 = Z1·H
  finishAddition<Limb>(sum, sum, difference, slope);
}

/** X3 and Y3 of `out` from H, r, and the first operand's X and Y in `first`. */
export function finishAddition<Limb>(out: usize, first: usize, h: usize, r: usize): void {
  square<Limb>(t0, h); // H²
  square<Limb>(t3, r);
  multiply<Limb>(t1, h, t0); // H³
  multiply<Limb>(t0, first, t0); // V = X1·H²
  multiply<Limb>(t2, pointY<Limb>(first), t1); // Y1·H³
  addMultiple<Limb>(t1, t1, t0, 2); // H³ + 2·V
  addMultiple<Limb>(out, t3, t1, -1); // X3 = r² − H³ − 2·V
  subtract<Limb>(t0, t0, out);
  multiply<Limb>(t0, t0, r);
  addMultiple<Limb>(pointY<Limb>(out), t0, t2, -1); // Y3 = r·(V − X3) − Y1·H³
}
