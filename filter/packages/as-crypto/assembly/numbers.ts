/**
 * Integers of up to 521 bits in 29-bit limbs: what scalars, inversion and the canonical form of field
 * elements have in common.
 *
 * A number is `words` i32 words, least significant first. It is *normal* when all words but the last
 * are in [0, 2^29); the last carries the sign.
 */

export const LIMB_BITS: i32 = 29;
export const LIMB_MASK: i32 = 0x1fffffff;

/** Words of the largest number: 528 bits, the field elements of P-521 before they are reduced. */
export const MAX_WORDS: u32 = 19;

/** Bytes of a number of any size, and of a zero word behind it, so that bits may be read in pairs of words. */
export const NUMBER_BYTES: u32 = (MAX_WORDS + 1) << 2;

/** Reads `octets` big-endian bytes at `address` into the number at `out`. */
export function fromOctets(out: usize, words: u32, address: usize, octets: u32): void {
  const end = out + (words << 2);
  let held: u64 = 0;
  let heldBits: i32 = 0;
  for (let i = octets; i > 0; i--) {
    held |= (<u64>load<u8>(address + i - 1)) << heldBits;
    heldBits += 8;
    if (heldBits >= LIMB_BITS) {
      store<i32>(out, (<i32>held) & LIMB_MASK);
      out += 4;
      held >>= LIMB_BITS;
      heldBits -= LIMB_BITS;
    }
  }
  for (; out < end; out += 4, held = 0) store<i32>(out, <i32>held);
}

/** Reads `octets` little-endian bytes at `address` into the number at `out`. */
export function fromLittleEndian(out: usize, words: u32, address: usize, octets: u32): void {
  for (let i: u32 = 0; i < octets; i++) store<u8>(reversed + octets - 1 - i, load<u8>(address + i));
  fromOctets(out, words, reversed, octets);
}

const reversed = memory.data(72, 16);

/** Writes a number in [0, 2^(8·`octets`)) as little-endian bytes at `address`. */
export function toLittleEndian(a: usize, words: u32, address: usize, octets: u32): void {
  const end = a + (words << 2);
  let held: u64 = 0;
  let heldBits: i32 = 0;
  for (let i: u32 = 0; i < octets; i++) {
    if (heldBits < 8 && a < end) {
      held |= (<u64>load<u32>(a)) << heldBits;
      a += 4;
      heldBits += LIMB_BITS;
    }
    store<u8>(address + i, <u8>held);
    held >>= 8;
    heldBits -= 8;
  }
}

/** Whether all words are zero: for a normal number, whether it is zero. */
export function isZero(a: usize, words: u32): bool {
  let any: i32 = 0;
  for (let i: u32 = 0; i < words << 2; i += 4) any |= load<i32>(a + i);
  return any == 0;
}

export function isNegative(a: usize, words: u32): bool {
  return load<i32>(a + (words << 2) - 4) < 0;
}

/** Whether a < b, for normal numbers. */
export function isLess(a: usize, b: usize, words: u32): bool {
  for (let i = words << 2; i > 0; i -= 4) {
    const x = load<i32>(a + i - 4);
    const y = load<i32>(b + i - 4);
    if (x != y) return x < y;
  }
  return false;
}

/** out = a + factor·b as a normal number, for normal a, b and |factor| ≤ 2^33. `out` may be an operand. */
export function addTimes(out: usize, a: usize, b: usize, factor: i64, words: u32): void {
  const last = (words - 1) << 2;
  let carry: i64 = 0;
  for (let i: u32 = 0; i < last; i += 4) {
    carry += (load<i32>(a + i) as i64) + factor * load<i32>(b + i);
    store<i32>(out + i, (<i32>carry) & LIMB_MASK);
    carry >>= LIMB_BITS;
  }
  store<i32>(out + last, <i32>(carry + (load<i32>(a + last) as i64) + factor * load<i32>(b + last)));
}

/** The `count` bits of `a` from bit `start` up; `a` has a word behind the last that is read; count ≤ 29. */
export function bitsOf(a: usize, start: u32, count: u32): u32 {
  const words = a + ((start / LIMB_BITS) << 2);
  const pair = (<u64>load<u32>(words)) | ((<u64>load<u32>(words, 4)) << LIMB_BITS);
  return (<u32>(pair >> (start % LIMB_BITS))) & ((1 << count) - 1);
}
