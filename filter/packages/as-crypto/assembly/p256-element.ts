/**
 * Elements of P-256's field by the type of their limbs: with i32, one element (`p256-field.ts`); with f64,
 * a pair of them (`p256-pair-field.ts`). The formulas of points are written once for both, and each of these
 * compiles to a call.
 *
 * Operands of products are results, or the `subtract` of two; and one of the two may be a coordinate as it
 * is read from a table.
 */
import * as element from "./p256-field";
import * as pair from "./p256-pair-field";
import { hasFusedMultiplyAdd } from "./fused";

/** Whether pairs are to be used: without fused multiply-add they are wrong. */
export const isFused = hasFusedMultiplyAdd();

/** Bytes of an element, and of the larger kind. */
@inline
export function elementBytes<Limb>(): u32 {
  return isFloat<Limb>() ? pair.PAIR_BYTES : element.ELEMENT_BYTES;
}
export const MAX_ELEMENT_BYTES: u32 = 96;

/** out = a·b. */
@inline
export function multiply<Limb>(out: usize, a: usize, b: usize): void {
  if (isFloat<Limb>()) pair.multiply(out, a, b);
  else element.multiply(out, a, b);
}

/** out = a². */
@inline
export function square<Limb>(out: usize, a: usize): void {
  if (isFloat<Limb>()) pair.multiply(out, a, a);
  else element.square(out, a);
}

/** out = a − b, as an operand. */
@inline
export function subtract<Limb>(out: usize, a: usize, b: usize): void {
  if (isFloat<Limb>()) pair.addMultiple(out, a, b, -1.0);
  else element.subtract(out, a, b);
}

/** out = a + factor·b, for |factor| ≤ 8. */
@inline
export function addMultiple<Limb>(out: usize, a: usize, b: usize, factor: i64): void {
  if (isFloat<Limb>()) pair.addMultiple(out, a, b, <f64>factor);
  else element.addMultiple(out, a, b, factor);
}

/** out = 1. */
@inline
export function setOne<Limb>(out: usize): void {
  if (isFloat<Limb>()) pair.setOne(out);
  else element.copyElement(out, element.ONE);
}

/** out = a⁻¹; false where that is not. */
@inline
export function invert<Limb>(out: usize, a: usize): bool {
  if (isFloat<Limb>()) return pair.invert(out, a);
  if (element.isZeroElement(a)) return false;
  element.invert(out, a);
  return true;
}
