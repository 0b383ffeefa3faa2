/**
 * Montgomery multiplication for RSA on the 51-bit signed limbs of `rsa-fma-limbs.ts`,
 * R = 2^(51·limbs). Only for engines where `hasFusedMultiplyAdd`.
 *
 * The reduction is not interleaved with the product: q = T·N' mod R is half a product, and of q·n
 * only the columns from R upwards are computed, with the two below them to find the carry. `limbs`
 * is chosen so that 256·n ≤ R; then operands in (−n, n) give a result in (−n, n), since |q| is about
 * R/2 at most, and nothing is added until the end.
 *
 * Everything here is public data: time may depend on it.
 */
import { Arena, Bytes } from "as-bytes";
import {
  ROW_BYTES,
  addColumnsFrom,
  carryColumns,
  multiplyColumns,
  multiplyLow,
  squareColumns,
} from "./rsa-fma-columns";
import {
  LIMB_BITS,
  MAX_LIMBS,
  doubleAndAdd,
  fromBigEndian,
  isNegative,
  numberAt,
  numberBytes,
  sumToBigEndian,
} from "./rsa-fma-limbs";

/** A modulus made ready; `modulus` … `toMontgomery` are numbers of `limbs` limbs. */
@unmanaged
export class FmaModulus {
  limbs: u32;
  /** n, odd. */
  modulus: usize;
  /** N' = −n⁻¹ mod R. */
  negativeInverse: usize;
  /** R² mod n: multiplying by it takes a number into the Montgomery domain. */
  toMontgomery: usize;
}

/** Limbs for a modulus of `bits` bits, with the 8 bits that 256·n ≤ R asks for; odd. */
function limbsFor(bits: u32): u32 {
  return ((bits + 8 + LIMB_BITS - 1) / LIMB_BITS) | 1;
}

/** Bytes of a scratch number, whatever the modulus. */
const NUMBER_BYTES: u32 = (MAX_LIMBS + 12) << 3;

const scratch = memory.data(7 * NUMBER_BYTES, 16);
const low = numberAt(scratch);
const quotient = numberAt(scratch + NUMBER_BYTES);
const doubled = numberAt(scratch + 2 * NUMBER_BYTES);
const factor = numberAt(scratch + 3 * NUMBER_BYTES);
const accumulator = numberAt(scratch + 4 * NUMBER_BYTES);
const constant = numberAt(scratch + 5 * NUMBER_BYTES);
const zero = numberAt(scratch + 6 * NUMBER_BYTES);

/** The columns of a product, behind a column −1 of zero. */
const rows = memory.data(2 * ROW_BYTES, 16);
const hi = rows + 8;
const lo = rows + ROW_BYTES + 8;

/** Limbs of the numbers that scratch has held since it was cleared. */
let scratchLimbs: u32 = 0;

/** Zeroes the scratch numbers where others of another size may have left limbs in the padding. */
function clearScratch(limbs: u32): void {
  if (limbs == scratchLimbs) return;
  memory.fill(scratch, 0, 7 * NUMBER_BYTES);
  scratchLimbs = limbs;
}

/** Makes the odd modulus of `bits` bits ready; the first byte of `bytes` is not zero. */
export function prepareFmaModulus(n: FmaModulus, bytes: Bytes, bits: u32, arena: Arena): void {
  const limbs = limbsFor(bits);
  n.limbs = limbs;
  n.modulus = numberAt(arena.allocate(numberBytes(limbs)));
  n.negativeInverse = numberAt(arena.allocate(numberBytes(limbs)));
  n.toMontgomery = numberAt(arena.allocate(numberBytes(limbs)));
  fromBigEndian(n.modulus, limbs, bytes);
  clearScratch(limbs);
  setNegativeInverse(n);
  setToMontgomery(n, bits);
}

/**
 * Newton's iteration x ← x·(2 + n·x) mod R doubles the bits in which x is −n⁻¹; it starts with the
 * three that x = −n has.
 */
function setNegativeInverse(n: FmaModulus): void {
  const limbs = n.limbs;
  const inverse = n.negativeInverse;
  store<f64>(inverse, -load<f64>(n.modulus));
  for (let bits: u32 = 3; bits < limbs * LIMB_BITS; bits <<= 1) {
    multiplyLow(factor, n.modulus, inverse, limbs);
    store<f64>(factor, load<f64>(factor) + 2.0);
    multiplyLow(inverse, inverse, factor, limbs);
  }
}

/** R² mod n is 2^(51·limbs) in the Montgomery domain: from 1 there, by squaring and doubling. */
function setToMontgomery(n: FmaModulus, bits: u32): void {
  const power = n.toMontgomery;
  const exponent = n.limbs * LIMB_BITS;
  // 2^(bits − 1) is below n, which has that bit and is odd; doubled up it is R mod n, the domain's 1.
  const top = bits - 1;
  store<f64>(power + ((top / LIMB_BITS) << 3), <f64>((<u64>1) << (top % LIMB_BITS)));
  for (let i = top; i < exponent; i++) doubleModulo(power, n);
  for (let bit: u32 = 1 << (31 - clz(exponent)); bit != 0; bit >>= 1) {
    square(power, power, n);
    if (exponent & bit) doubleModulo(power, n);
  }
}

/** number = 2·number modulo n, in (−n, n) as before. */
function doubleModulo(number: usize, n: FmaModulus): void {
  doubleAndAdd(number, n.modulus, isNegative(number, n.limbs) ? 1.0 : -1.0, n.limbs);
}

/**
 * base^exponent mod n as `length` big-endian bytes at `out`, for odd exponent > 1 and `base` of at
 * most as many bytes as n. False, and nothing is written, if base is not below n.
 */
export function powerModuloFma(out: usize, length: u32, base: Bytes, exponent: u64, n: FmaModulus): bool {
  const limbs = n.limbs;
  clearScratch(limbs);
  fromBigEndian(constant, limbs, base);
  memory.copy(factor, constant, limbs << 3);
  subtractModulus(factor, n);
  if (!isNegative(factor, limbs)) return false;
  multiply(factor, factor, n.toMontgomery, n);
  memory.copy(accumulator, factor, limbs << 3);
  for (let bit = (<u64>1) << (62 - clz(exponent)); bit > 1; bit >>= 1) {
    square(accumulator, accumulator, n);
    if (exponent & bit) multiply(accumulator, accumulator, factor, n);
  }
  // The last bit of an odd exponent: multiplying by the plain base also leaves the Montgomery domain.
  square(accumulator, accumulator, n);
  multiply(accumulator, accumulator, constant, n);
  sumToBigEndian(accumulator, isNegative(accumulator, limbs) ? n.modulus : zero, limbs, out, length);
  return true;
}

/** number = number − n: in (−n, n) for a number in [0, 2n). */
function subtractModulus(number: usize, n: FmaModulus): void {
  for (let i: u32 = 0; i < n.limbs << 3; i += 8) {
    store<f64>(doubled + i, load<f64>(number + i) - load<f64>(n.modulus + i));
  }
  memory.fill(number, 0, n.limbs << 3);
  doubleAndAdd(number, doubled, 1.0, n.limbs);
}

/** out = a·b/R modulo n, in (−n, n) as a and b. `out` may be an operand. */
function multiply(out: usize, a: usize, b: usize, n: FmaModulus): void {
  multiplyColumns(hi, lo, a, b, n.limbs);
  reduceColumns(out, n);
}

/** out = a²/R modulo n, as `multiply`. */
function square(out: usize, a: usize, n: FmaModulus): void {
  squareColumns(hi, lo, a, doubled, n.limbs);
  reduceColumns(out, n);
}

/** out = T/R modulo n for T in the rows. */
function reduceColumns(out: usize, n: FmaModulus): void {
  const limbs = n.limbs;
  carryColumns(low, hi, lo, limbs, 0);
  multiplyLow(quotient, low, n.negativeInverse, limbs);
  const from = (limbs - 2) << 3;
  addColumnsFrom(limbs - 2, hi + from, lo + from, quotient, n.modulus, limbs);

  // Below R, T + q·n is a multiple of R: what its columns up to limbs − 2 are worth in column
  // limbs − 1, less than 2^10, and the rest of that column make a whole carry.
  const top = load<i64>(hi + from) + load<i64>(lo + from, 8);
  carryColumns(out, hi + (limbs << 3), lo + (limbs << 3), limbs, (top + ((<i64>1) << 50)) >> LIMB_BITS);
}
