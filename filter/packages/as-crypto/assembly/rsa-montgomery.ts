/**
 * Montgomery multiplication for RSA on the limbs of `rsa-limbs.ts`, R = 2^(limbBits·limbs).
 *
 * The reduction is not interleaved with the product: q = T·N' mod R is half a product, and of q·n
 * only the columns from R upwards are computed, with the two below them to find the carry. `limbs`
 * is chosen so that 256·n ≤ R; then operands below 2n give a result below n + n/64, which is again
 * below 2n, and nothing is subtracted until the end.
 *
 * Everything here is public data: time may depend on it.
 */
import { Arena, Bytes } from "as-bytes";
import {
  COLUMNS_BYTES,
  MAX_LIMBS,
  carryColumns,
  double,
  fromBigEndian,
  isLess,
  limbBits,
  limbMask,
  multiplyColumns,
  multiplyLow,
  numberAt,
  numberBytes,
  squareColumns,
  subtract,
  toBigEndian,
  useLimbs,
} from "./rsa-limbs";

/** A modulus made ready; `modulus` … `toMontgomery` are numbers of `limbs` limbs. */
@unmanaged
export class MontgomeryModulus {
  bits: u32;
  limbs: u32;
  /** n, odd. */
  modulus: usize;
  /** N' = −n⁻¹ mod R. */
  negativeInverse: usize;
  /** R² mod n: multiplying by it takes a number into the Montgomery domain. */
  toMontgomery: usize;
}

/** Limbs for a modulus of `bits` bits, with the 8 bits that 256·n ≤ R asks for. */
function limbsFor(bits: u32): u32 {
  return (bits + 8 + limbBits - 1) / limbBits;
}

/** Bytes of a scratch number, whatever the modulus. */
const NUMBER_BYTES: u32 = (MAX_LIMBS + 24) << 2;

const scratch = memory.data(6 * NUMBER_BYTES, 16);
const low = numberAt(scratch);
const quotient = numberAt(scratch + NUMBER_BYTES);
const doubled = numberAt(scratch + 2 * NUMBER_BYTES);
const factor = numberAt(scratch + 3 * NUMBER_BYTES);
const accumulator = numberAt(scratch + 4 * NUMBER_BYTES);
const constant = numberAt(scratch + 5 * NUMBER_BYTES);

const columns = memory.data(COLUMNS_BYTES, 16);
const highColumns = memory.data(COLUMNS_BYTES, 16);

/** Limbs of the numbers that scratch has held since it was cleared. */
let scratchLimbs: u32 = 0;

/** Zeroes the scratch numbers where others of another size may have left limbs in the padding. */
function clearScratch(limbs: u32): void {
  if (limbs == scratchLimbs) return;
  memory.fill(scratch, 0, 6 * NUMBER_BYTES);
  scratchLimbs = limbs;
}

/** Makes the odd modulus of `bits` bits ready; the first byte of `bytes` is not zero. */
export function prepareModulus(n: MontgomeryModulus, bytes: Bytes, bits: u32, arena: Arena): void {
  useLimbs(bits);
  const limbs = limbsFor(bits);
  n.bits = bits;
  n.limbs = limbs;
  n.modulus = numberAt(arena.allocate(numberBytes(limbs)));
  n.negativeInverse = numberAt(arena.allocate(numberBytes(limbs)));
  n.toMontgomery = numberAt(arena.allocate(numberBytes(limbs)));
  fromBigEndian(n.modulus, limbs, bytes);
  clearScratch(n.limbs);
  setNegativeInverse(n);
  setToMontgomery(n, bits);
}

/**
 * Newton's iteration x ← x·(2 − n·x) mod R doubles the bits in which x is n⁻¹; it starts with the
 * three that x = n has.
 */
function setNegativeInverse(n: MontgomeryModulus): void {
  const limbs = n.limbs;
  const inverse = n.negativeInverse;
  memory.fill(constant, 0, limbs << 2);
  store<u32>(constant, 2);
  store<u32>(inverse, load<u32>(n.modulus));
  for (let bits: u32 = 3; bits < limbs * limbBits; bits <<= 1) {
    multiplyLow(factor, n.modulus, inverse, limbs);
    subtract(factor, constant, factor, limbs);
    multiplyLow(inverse, inverse, factor, limbs);
  }
  store<u32>(constant, 0);
  subtract(inverse, constant, inverse, limbs);
}

/** R² mod n is 2^(limbBits·limbs) in the Montgomery domain: from 1 there, by squaring and doubling. */
function setToMontgomery(n: MontgomeryModulus, bits: u32): void {
  const power = n.toMontgomery;
  const exponent = n.limbs * limbBits;
  // 2^bits − n is 2^bits mod n, since n has its top bit; doubled up it is R mod n, the domain's 1.
  store<u32>(power + ((bits / limbBits) << 2), 1 << (bits % limbBits));
  subtract(power, power, n.modulus, n.limbs);
  for (let i = bits; i < exponent; i++) doubleModulo(power, n);
  for (let bit: u32 = 1 << (31 - clz(exponent)); bit != 0; bit >>= 1) {
    square(power, power, n);
    reduceOnce(power, n);
    if (exponent & bit) doubleModulo(power, n);
  }
}

/** number = 2·number mod n, for number below n. */
function doubleModulo(number: usize, n: MontgomeryModulus): void {
  double(number, n.limbs);
  reduceOnce(number, n);
}

/** number mod n, for number below 2n. */
function reduceOnce(number: usize, n: MontgomeryModulus): void {
  if (!isLess(number, n.modulus, n.limbs)) subtract(number, number, n.modulus, n.limbs);
}

/**
 * base^exponent mod n as `length` big-endian bytes at `out`, for odd exponent > 1 and `base` of at
 * most as many bytes as n. False, and nothing is written, if base is not below n.
 */
export function powerModulo(out: usize, length: u32, base: Bytes, exponent: u64, n: MontgomeryModulus): bool {
  useLimbs(n.bits);
  clearScratch(n.limbs);
  fromBigEndian(constant, n.limbs, base);
  if (!isLess(constant, n.modulus, n.limbs)) return false;
  multiply(factor, constant, n.toMontgomery, n);
  memory.copy(accumulator, factor, n.limbs << 2);
  for (let bit = (<u64>1) << (62 - clz(exponent)); bit > 1; bit >>= 1) {
    square(accumulator, accumulator, n);
    if (exponent & bit) multiply(accumulator, accumulator, factor, n);
  }
  // The last bit of an odd exponent: multiplying by the plain base also leaves the Montgomery domain.
  square(accumulator, accumulator, n);
  multiply(accumulator, accumulator, constant, n);
  reduceOnce(accumulator, n);
  toBigEndian(accumulator, out, length);
  return true;
}

/** out = a·b/R mod n, below n + n/64, for a, b below 2n. `out` may be an operand. */
function multiply(out: usize, a: usize, b: usize, n: MontgomeryModulus): void {
  multiplyColumns(columns, a, b, n.limbs, 0, 2 * n.limbs);
  reduceColumns(out, n);
}

/** out = a²/R mod n, with the bounds of `multiply`. */
function square(out: usize, a: usize, n: MontgomeryModulus): void {
  squareColumns(columns, a, doubled, n.limbs);
  reduceColumns(out, n);
}

/** out = T/R mod n for T in `columns`. */
function reduceColumns(out: usize, n: MontgomeryModulus): void {
  const limbs = n.limbs;
  const carryOfLow = carryColumns(low, columns, limbs);
  multiplyLow(quotient, low, n.negativeInverse, limbs);
  multiplyColumns(highColumns, quotient, n.modulus, limbs, limbs - 2, 2 * limbs);

  // T mod R + q·n is a multiple of R, so the carry out of column limbs − 1 is exact although the
  // columns below limbs − 2 are not known: they, and what the shift drops, are worth less than
  // limbs + 2 in `top`, which rounding up to the next multiple of a limb's 2^limbBits makes good.
  const below = load<u64>(highColumns) + load<u32>(low + ((limbs - 2) << 2));
  const top = load<u64>(highColumns, 8) + load<u32>(low + ((limbs - 1) << 2)) + (below >> limbBits);
  let carry = ((top + limbMask) >> limbBits) + carryOfLow;
  let ofT = columns + (limbs << 3);
  let ofQ = highColumns + 16;
  const end = out + (limbs << 2);
  for (let limb = out; limb < end; limb += 4, ofT += 8, ofQ += 8) {
    // Two full columns of 4096 bits do not fit one u64: their low and high parts are added apart.
    const t = load<u64>(ofT);
    const q = load<u64>(ofQ);
    const sum = (t & limbMask) + (q & limbMask) + carry;
    store<u32>(limb, <u32>(sum & limbMask));
    carry = (t >> limbBits) + (q >> limbBits) + (sum >> limbBits);
  }
}
