/**
 * The field of P-256 (SP 800-186 §3.2.1.3), p = 2^256 − 2^224 + 2^192 + 2^96 − 1, in Montgomery form
 * with R = 2^261 on the limbs of `numbers.ts`, nine of them.
 *
 * Bounds. A *reduced* element is normal with |value| < 1.01 p; a *product* is normal with
 * |value| < 1.5 p. Operands of a product need limbs of magnitude < 2^29 and |a|·|b| < 16 p²: reduced
 * elements, products, and the lazy `subtract` of any two of them (|value| < 3 p) all qualify. All are
 * signed; only `canonical` gives the one representative in [0, p).
 */
import { LIMB_BITS, LIMB_MASK, addTimes, fromOctets, isLess, isNegative, isZero } from "./numbers";
import { invertModulo } from "./safegcd";

/** Words and bytes of a field element. */
const WORDS: u32 = 9;
export const ELEMENT_BYTES: u32 = 36;

/** Bytes of a coordinate on the wire (SEC 1 §2.3.5). */
export const OCTETS: u32 = 32;

const MASK: i64 = LIMB_MASK;
const BITS: i64 = LIMB_BITS;

/** p; nine normal words. */
const PRIME = memory.data<i32>([
  0x1fffffff, 0x1fffffff, 0x1fffffff, 0x000001ff, 0x00000000, 0x00000000, 0x00040000, 0x1fe00000, 0x00ffffff,
]);

/** p⁻¹ modulo 2^29, since p ≡ −1 there. */
const PRIME_INVERSE: i64 = LIMB_MASK;

/** R² and R³ modulo p. */
const R_SQUARED = memory.data<i32>([
  0x00000c00, 0x00000000, 0x1fff0000, 0x1fdfffff, 0x1fbfffff, 0x1fffffff, 0x1fffffff, 0x1ffffffe, 0x00000013,
]);
const R_CUBED = memory.data<i32>([
  0x00050000, 0x1ff40000, 0x1effffff, 0x0dffffff, 0x07ffffff, 0x1fffffff, 0x0000000b, 0x00000010, 0x00000c00,
]);

/** 1 in Montgomery form. */
export const ONE = memory.data<i32>([
  0x00000020, 0x00000000, 0x00000000, 0x1fffc000, 0x1fffffff, 0x1fffffff, 0x1f7fffff, 0x03ffffff, 0x00000000,
]);

const ZERO = memory.data(ELEMENT_BYTES, 16);
const temporary = memory.data(ELEMENT_BYTES, 16);

/** Reads 32 big-endian bytes as a reduced element; whether their value is below p. */
export function elementFromOctets(out: usize, octets: usize): bool {
  fromOctets(temporary, WORDS, octets, OCTETS);
  if (!isLess(temporary, PRIME, WORDS)) return false;
  multiply(out, temporary, R_SQUARED);
  canonical(out, out);
  return true;
}

/** The element of the integer `number`, which is normal and below p. */
export function elementFromNumber(out: usize, number: usize): void {
  multiply(out, number, R_SQUARED);
}

/** Whether the integer `number`, normal and not negative, is below p. */
export function isBelowPrime(number: usize): bool {
  return isLess(number, PRIME, WORDS);
}

/** out = a. */
export function copyElement(out: usize, a: usize): void {
  v128.store(out, v128.load(a));
  v128.store(out, v128.load(a, 16), 16);
  store<i32>(out, load<i32>(a, 32), 32);
}

/** out = a, or −a where `negative`, limb by limb: an operand for `multiply` and `addMultiple`, itself not normal. */
export function copySigned(out: usize, a: usize, negative: bool): void {
  const sign = i32x4.splat(negative ? -1 : 0);
  v128.store(out, i32x4.sub(v128.xor(v128.load(a), sign), sign));
  v128.store(out, i32x4.sub(v128.xor(v128.load(a, 16), sign), sign), 16);
  const top = load<i32>(a, 32);
  store<i32>(out, negative ? -top : top, 32);
}

/** out = a·b/R mod p, a product. `out` may be an operand. */
export function multiply(out: usize, a: usize, b: usize): void {
  const a0 = load<i32>(a) as i64;
  const a1 = load<i32>(a, 4) as i64;
  const a2 = load<i32>(a, 8) as i64;
  const a3 = load<i32>(a, 12) as i64;
  const a4 = load<i32>(a, 16) as i64;
  const a5 = load<i32>(a, 20) as i64;
  const a6 = load<i32>(a, 24) as i64;
  const a7 = load<i32>(a, 28) as i64;
  const a8 = load<i32>(a, 32) as i64;
  const b0 = load<i32>(b) as i64;
  const b1 = load<i32>(b, 4) as i64;
  const b2 = load<i32>(b, 8) as i64;
  const b3 = load<i32>(b, 12) as i64;
  const b4 = load<i32>(b, 16) as i64;
  const b5 = load<i32>(b, 20) as i64;
  const b6 = load<i32>(b, 24) as i64;
  const b7 = load<i32>(b, 28) as i64;
  const b8 = load<i32>(b, 32) as i64;

  // Column by column (at most nine products below 2^58, q terms below 2^54, a carry below 2^34).
  // p ≡ −1 modulo 2^96, so q is the column's low limb itself, and adding −q to it leaves what the
  // shift keeps; the rest of q·p is q·2^96 + q·2^192 − q·2^224 + q·2^256.
  let c = a0 * b0;
  const q0 = c & MASK;
  c = (c >> BITS) + a0 * b1 + a1 * b0;
  const q1 = c & MASK;
  c = (c >> BITS) + a0 * b2 + a1 * b1 + a2 * b0;
  const q2 = c & MASK;
  c = (c >> BITS) + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + (q0 << 9);
  const q3 = c & MASK;
  c = (c >> BITS) + a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + (q1 << 9);
  const q4 = c & MASK;
  c = (c >> BITS) + a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + (q2 << 9);
  const q5 = c & MASK;
  c = (c >> BITS) + a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0;
  c += (q3 << 9) + (q0 << 18);
  const q6 = c & MASK;
  c = (c >> BITS) + a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0;
  c += (q4 << 9) + (q1 << 18) - (q0 << 21);
  const q7 = c & MASK;
  c = (c >> BITS) + a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0;
  c += (q5 << 9) + (q2 << 18) - (q1 << 21) + (q0 << 24);
  const q8 = c & MASK;
  c = (c >> BITS) + a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1;
  c += (q6 << 9) + (q3 << 18) - (q2 << 21) + (q1 << 24);
  store<i32>(out, <i32>(c & MASK));
  c = (c >> BITS) + a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2;
  c += (q7 << 9) + (q4 << 18) - (q3 << 21) + (q2 << 24);
  store<i32>(out, <i32>(c & MASK), 4);
  c = (c >> BITS) + a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3;
  c += (q8 << 9) + (q5 << 18) - (q4 << 21) + (q3 << 24);
  store<i32>(out, <i32>(c & MASK), 8);
  c = (c >> BITS) + a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 + (q6 << 18) - (q5 << 21) + (q4 << 24);
  store<i32>(out, <i32>(c & MASK), 12);
  c = (c >> BITS) + a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 + (q7 << 18) - (q6 << 21) + (q5 << 24);
  store<i32>(out, <i32>(c & MASK), 16);
  c = (c >> BITS) + a6 * b8 + a7 * b7 + a8 * b6 + (q8 << 18) - (q7 << 21) + (q6 << 24);
  store<i32>(out, <i32>(c & MASK), 20);
  c = (c >> BITS) + a7 * b8 + a8 * b7 - (q8 << 21) + (q7 << 24);
  store<i32>(out, <i32>(c & MASK), 24);
  c = (c >> BITS) + a8 * b8 + (q8 << 24);
  store<i32>(out, <i32>(c & MASK), 28);
  store<i32>(out, <i32>(c >> BITS), 32);
}

/** out = a²/R mod p, a product: `multiply` with the symmetric products taken once. */
export function square(out: usize, a: usize): void {
  const a0 = load<i32>(a) as i64;
  const a1 = load<i32>(a, 4) as i64;
  const a2 = load<i32>(a, 8) as i64;
  const a3 = load<i32>(a, 12) as i64;
  const a4 = load<i32>(a, 16) as i64;
  const a5 = load<i32>(a, 20) as i64;
  const a6 = load<i32>(a, 24) as i64;
  const a7 = load<i32>(a, 28) as i64;
  const a8 = load<i32>(a, 32) as i64;

  let c = a0 * a0;
  const q0 = c & MASK;
  c = (c >> BITS) + ((a0 * a1) << 1);
  const q1 = c & MASK;
  c = (c >> BITS) + ((a0 * a2) << 1) + a1 * a1;
  const q2 = c & MASK;
  c = (c >> BITS) + ((a0 * a3 + a1 * a2) << 1) + (q0 << 9);
  const q3 = c & MASK;
  c = (c >> BITS) + ((a0 * a4 + a1 * a3) << 1) + a2 * a2 + (q1 << 9);
  const q4 = c & MASK;
  c = (c >> BITS) + ((a0 * a5 + a1 * a4 + a2 * a3) << 1) + (q2 << 9);
  const q5 = c & MASK;
  c = (c >> BITS) + ((a0 * a6 + a1 * a5 + a2 * a4) << 1) + a3 * a3 + (q3 << 9) + (q0 << 18);
  const q6 = c & MASK;
  c = (c >> BITS) + ((a0 * a7 + a1 * a6 + a2 * a5 + a3 * a4) << 1);
  c += (q4 << 9) + (q1 << 18) - (q0 << 21);
  const q7 = c & MASK;
  c = (c >> BITS) + ((a0 * a8 + a1 * a7 + a2 * a6 + a3 * a5) << 1) + a4 * a4;
  c += (q5 << 9) + (q2 << 18) - (q1 << 21) + (q0 << 24);
  const q8 = c & MASK;
  c = (c >> BITS) + ((a1 * a8 + a2 * a7 + a3 * a6 + a4 * a5) << 1);
  c += (q6 << 9) + (q3 << 18) - (q2 << 21) + (q1 << 24);
  store<i32>(out, <i32>(c & MASK));
  c = (c >> BITS) + ((a2 * a8 + a3 * a7 + a4 * a6) << 1) + a5 * a5;
  c += (q7 << 9) + (q4 << 18) - (q3 << 21) + (q2 << 24);
  store<i32>(out, <i32>(c & MASK), 4);
  c = (c >> BITS) + ((a3 * a8 + a4 * a7 + a5 * a6) << 1);
  c += (q8 << 9) + (q5 << 18) - (q4 << 21) + (q3 << 24);
  store<i32>(out, <i32>(c & MASK), 8);
  c = (c >> BITS) + ((a4 * a8 + a5 * a7) << 1) + a6 * a6 + (q6 << 18) - (q5 << 21) + (q4 << 24);
  store<i32>(out, <i32>(c & MASK), 12);
  c = (c >> BITS) + ((a5 * a8 + a6 * a7) << 1) + (q7 << 18) - (q6 << 21) + (q5 << 24);
  store<i32>(out, <i32>(c & MASK), 16);
  c = (c >> BITS) + ((a6 * a8) << 1) + a7 * a7 + (q8 << 18) - (q7 << 21) + (q6 << 24);
  store<i32>(out, <i32>(c & MASK), 20);
  c = (c >> BITS) + ((a7 * a8) << 1) - (q8 << 21) + (q7 << 24);
  store<i32>(out, <i32>(c & MASK), 24);
  c = (c >> BITS) + a8 * a8 + (q8 << 24);
  store<i32>(out, <i32>(c & MASK), 28);
  store<i32>(out, <i32>(c >> BITS), 32);
}

/** out = a − b limb by limb, for normal a, b: an operand for products, itself not normal. */
export function subtract(out: usize, a: usize, b: usize): void {
  v128.store(out, i32x4.sub(v128.load(a), v128.load(b)));
  v128.store(out, i32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16);
  store<i32>(out, load<i32>(a, 32) - load<i32>(b, 32), 32);
}

/**
 * out = a + factor·b, reduced, for products or reduced elements a, b, or these by `copySigned`, and
 * |factor| ≤ 8. `out` may be an operand.
 *
 * The multiple of p that goes off is read from the top two limbs: off by one part in 2^20 at most,
 * which the bound of reduced elements allows.
 */
export function addMultiple(out: usize, a: usize, b: usize, factor: i64): void {
  let c0 = (load<i32>(a) as i64) + factor * load<i32>(b);
  let c1 = (load<i32>(a, 4) as i64) + factor * load<i32>(b, 4);
  let c2 = (load<i32>(a, 8) as i64) + factor * load<i32>(b, 8);
  let c3 = (load<i32>(a, 12) as i64) + factor * load<i32>(b, 12);
  let c4 = (load<i32>(a, 16) as i64) + factor * load<i32>(b, 16);
  let c5 = (load<i32>(a, 20) as i64) + factor * load<i32>(b, 20);
  let c6 = (load<i32>(a, 24) as i64) + factor * load<i32>(b, 24);
  let c7 = (load<i32>(a, 28) as i64) + factor * load<i32>(b, 28);
  let c8 = (load<i32>(a, 32) as i64) + factor * load<i32>(b, 32);
  const times = (c8 + (c7 >> BITS)) >> 24;
  c0 += times;
  c1 += c0 >> BITS;
  c2 += c1 >> BITS;
  c3 += (c2 >> BITS) - (times << 9);
  c4 += c3 >> BITS;
  c5 += c4 >> BITS;
  c6 += (c5 >> BITS) - (times << 18);
  c7 += (c6 >> BITS) + (times << 21);
  c8 += (c7 >> BITS) - (times << 24);
  store<i32>(out, <i32>(c0 & MASK));
  store<i32>(out, <i32>(c1 & MASK), 4);
  store<i32>(out, <i32>(c2 & MASK), 8);
  store<i32>(out, <i32>(c3 & MASK), 12);
  store<i32>(out, <i32>(c4 & MASK), 16);
  store<i32>(out, <i32>(c5 & MASK), 20);
  store<i32>(out, <i32>(c6 & MASK), 24);
  store<i32>(out, <i32>(c7 & MASK), 28);
  store<i32>(out, <i32>c8, 32);
}

/** out = the representative of a in [0, p), for a product or reduced element. */
export function canonical(out: usize, a: usize): void {
  addMultiple(out, a, ZERO, 0);
  if (isNegative(out, WORDS)) addTimes(out, out, PRIME, 1, WORDS);
  if (!isLess(out, PRIME, WORDS)) addTimes(out, out, PRIME, -1, WORDS);
}

/** Whether a ≡ 0, for a product or reduced element. */
export function isZeroElement(a: usize): bool {
  canonical(temporary, a);
  return isZero(temporary, WORDS);
}

/** Whether a ≡ b, for products or reduced elements. */
export function areEqual(a: usize, b: usize): bool {
  addMultiple(temporary, a, b, -1);
  return isZeroElement(temporary);
}

/** out = a⁻¹, reduced; 0 for a ≡ 0. */
export function invert(out: usize, a: usize): void {
  // The integer is a·R; its inverse a⁻¹·R⁻¹ times R³/R is a⁻¹·R.
  canonical(temporary, a);
  invertModulo(temporary, temporary, PRIME, PRIME_INVERSE, WORDS);
  multiply(out, temporary, R_CUBED);
  canonical(out, out);
}
