/**
 * Large numbers for RSA in 51-bit signed limbs of type f64, for the fused multiply-add kernel
 * (`rsa-fma-columns.ts`): `limbs` f64 integers, least significant first, each of magnitude ≤ 2^50 + 2^9, with
 * PAD_LIMBS zeros before and after. `limbs` is odd, so that pairs of limbs end one past the number.
 */
import { Bytes, addressOf, lengthOf } from "as-bytes";

export const LIMB_BITS: u32 = 51;

/** 8192 bits and the 8 bits of room that Montgomery multiplication without subtraction wants. */
export const MAX_LIMBS: u32 = 161;

/** Zero limbs before and after every number: products are computed in blocks that read past either end. */
const PAD_LIMBS: u32 = 6;

/** Bytes of a number of `limbs` limbs with its padding. */
export function numberBytes(limbs: u32): u32 {
  return (limbs + 2 * PAD_LIMBS) << 3;
}

/** The number that lives in the `numberBytes(limbs)` zeroed bytes at `memory`. */
export function numberAt(memory: usize): usize {
  return memory + (PAD_LIMBS << 3);
}

/** number = 2·number + factor·other, for numbers whose sum fits. */
export function doubleAndAdd(number: usize, other: usize, factor: f64, limbs: u32): void {
  let carry = 0.0;
  for (let i: u32 = 0; i < limbs << 3; i += 8) {
    const sum = 2.0 * load<f64>(number + i) + factor * load<f64>(other + i) + carry;
    carry = nearest(sum * (1.0 / 2251799813685248.0));
    store<f64>(number + i, sum - carry * 2251799813685248.0);
  }
}

/** Whether a number is below zero: whether its first limb that is not zero, from the top, is. */
export function isNegative(number: usize, limbs: u32): bool {
  for (let i = limbs << 3; i > 0; i -= 8) {
    const limb = load<f64>(number + i - 8);
    if (limb != 0.0) return limb < 0.0;
  }
  return false;
}

/** A copy of what is read or written, behind bytes that the highest limb may touch. */
const octets = memory.data(16 + 1024, 16);

const LIMB_MASK: u64 = 0x7ffffffffffff;

/** Reads big-endian `bytes` (at most 51·`limbs` − 2 bits, and 1024 bytes) into `number`. */
export function fromBigEndian(number: usize, limbs: u32, bytes: Bytes): void {
  const length = lengthOf(bytes);
  memory.copy(octets + 8, addressOf(bytes), length);
  const end = octets + 8 + length;
  let carry: i64 = 0;
  for (let i: u32 = 0; i < limbs; i++) {
    const bit = i * LIMB_BITS;
    // Eight bytes hold any limb, which starts within the last of them.
    let digit: i64 = carry;
    if (bit >> 3 < length) digit += <i64>((bswap(load<u64>(end - (bit >> 3) - 8)) >> (bit & 7)) & LIMB_MASK);
    carry = (digit + ((<i64>1) << 50)) >> LIMB_BITS;
    store<f64>(number + (i << 3), <f64>(digit - (carry << LIMB_BITS)));
  }
}

/** Writes number + other, which is not negative and below 2^(8·`length`), as `length` big-endian bytes. */
export function sumToBigEndian(number: usize, other: usize, limbs: u32, address: usize, length: u32): void {
  memory.fill(octets, 0, 16 + length);
  const end = octets + 16 + length;
  let carry: i64 = 0;
  for (let i: u32 = 0; i < limbs; i++) {
    const bit = i * LIMB_BITS;
    if (bit >> 3 >= length) break;
    carry += <i64>(load<f64>(number + (i << 3)) + load<f64>(other + (i << 3)));
    const at = end - (bit >> 3) - 8;
    store<u64>(at, load<u64>(at) | bswap((carry & LIMB_MASK) << (bit & 7)));
    carry >>= LIMB_BITS;
  }
  memory.copy(address, octets + 16, length);
}
