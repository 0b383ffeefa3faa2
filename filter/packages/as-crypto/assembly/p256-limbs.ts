/**
 * 256-bit integers in nine 29-bit limbs: what the field, the scalars and the inversion of P-256 have
 * in common.
 *
 * A number is nine i32 words, least significant first. It is *normal* when words 0 … 7 are in
 * [0, 2^29); word 8 carries the sign.
 */

export const LIMB_BITS: i32 = 29;
export const LIMB_MASK: i32 = 0x1fffffff;

/** Words of a number. */
export const LIMBS: i32 = 9;

/** Bytes of a number. */
export const NUMBER_BYTES: u32 = 36;

/** Bytes of a coordinate or scalar on the wire (SEC 1 §2.3.5). */
export const OCTETS: u32 = 32;

/** Reads the 32 big-endian bytes at `octets` into the number at `out`. */
export function fromOctets(out: usize, octets: usize): void {
  let held: u64 = 0;
  let heldBits: i32 = 0;
  for (let i = OCTETS; i > 0; i--) {
    held |= (<u64>load<u8>(octets + i - 1)) << heldBits;
    heldBits += 8;
    if (heldBits >= LIMB_BITS) {
      store<i32>(out, (<i32>held) & LIMB_MASK);
      out += 4;
      held >>= LIMB_BITS;
      heldBits -= LIMB_BITS;
    }
  }
  store<i32>(out, <i32>held);
}

/** Whether all words are zero: for a normal number, whether it is zero. */
export function isZero(a: usize): bool {
  let any: i32 = 0;
  for (let i: u32 = 0; i < NUMBER_BYTES; i += 4) any |= load<i32>(a + i);
  return any == 0;
}

export function isNegative(a: usize): bool {
  return load<i32>(a, 32) < 0;
}

/** Whether a < b, for normal numbers. */
export function isLess(a: usize, b: usize): bool {
  for (let i = NUMBER_BYTES; i > 0; i -= 4) {
    const x = load<i32>(a + i - 4);
    const y = load<i32>(b + i - 4);
    if (x != y) return x < y;
  }
  return false;
}

/** out = a + factor·b as a normal number, for normal a, b and factor 1 or −1. */
export function addSigned(out: usize, a: usize, b: usize, factor: i32): void {
  let carry: i32 = 0;
  for (let i: u32 = 0; i < NUMBER_BYTES - 4; i += 4) {
    carry += load<i32>(a + i) + factor * load<i32>(b + i);
    store<i32>(out + i, carry & LIMB_MASK);
    carry >>= LIMB_BITS;
  }
  store<i32>(out, carry + load<i32>(a, 32) + factor * load<i32>(b, 32), 32);
}
