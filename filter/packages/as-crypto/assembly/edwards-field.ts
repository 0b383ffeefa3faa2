/**
 * The field of edwards25519, p = 2^255 − 19, in *pairs* of elements as in `pair-field.ts`, one in each lane
 * of a vector.
 *
 * A pair is five vectors of f64 integers in radix 2^51, least significant first, signed. An element has
 * *size* k when its limbs have magnitude < k·1.001·2^50, and is *normal* when its size is 1: products, what
 * `normalize` gives, and what is read from memory. Sums and differences stay as they come: their sizes add
 * up. A product takes sizes k1·k2 ≤ 2 (`edwards-product.ts`).
 *
 * In memory a *coordinate* is 32 bytes, little-endian: x + Σ 2^50·2^(51i) modulo p, so that its fields of
 * 51 bits less 2^50 are limbs.
 */
import { multiply } from "./edwards-product";
import { NUMBER_BYTES, fromLittleEndian, toLittleEndian } from "./numbers";
import { invertModulo } from "./safegcd";

export { multiply };

const LIMBS: u32 = 5;

/** Bytes of a pair. */
export const PAIR_BYTES: u32 = LIMBS << 4;

/** Bytes of a coordinate, and of an element on the wire. */
export const COORDINATE_BYTES: u32 = 32;

/** p, and p⁻¹ modulo 2^29, for `safegcd.ts`. */
const PRIME = memory.data<u32>([
  0x1fffffed, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x007fffff,
  0x00000000,
]);
const PRIME_INVERSE: i64 = 0x179435e5;
const WORDS: u32 = 9;

/** 1.5·2^103, which rounds to a multiple of 2^51 when added and taken off again; 2^−51; 19; and 2^50. */
const ROUNDERS = memory.data<f64>([
  15211807202738752817960438464512.0, 15211807202738752817960438464512.0, 4.440892098500626e-16,
  4.440892098500626e-16, 19.0, 19.0, 1125899906842624.0, 1125899906842624.0,
]);

/** out = a made normal, for a of size ≤ 7: sums of limbs stay below 2^53. */
export function normalize(out: usize, a: usize): void {
  const rounder = v128.load(ROUNDERS);
  const inverse = v128.load(ROUNDERS, 16);
  let before = f64x2.splat(0.0);
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) {
    const limb = v128.load(a + i);
    const carry = f64x2.sub(f64x2.add(limb, rounder), rounder);
    v128.store(out + i, f64x2.add(f64x2.sub(limb, carry), before));
    before = f64x2.mul(carry, inverse);
  }
  v128.store(out, f64x2.add(v128.load(out), f64x2.mul(before, v128.load(ROUNDERS, 32))));
}

/** out = a + b. */
export function add(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) {
    v128.store(out + i, f64x2.add(v128.load(a + i), v128.load(b + i)));
  }
}

/** out = a − b. */
export function subtract(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) {
    v128.store(out + i, f64x2.sub(v128.load(a + i), v128.load(b + i)));
  }
}

/** sum = a + b, and difference = a − b, normal. None may overlap. */
export function sumAndNormalDifference(sum: usize, difference: usize, a: usize, b: usize): void {
  const rounder = v128.load(ROUNDERS);
  const inverse = v128.load(ROUNDERS, 16);
  let before = f64x2.splat(0.0);
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    v128.store(sum + i, f64x2.add(x, y));
    const limb = f64x2.sub(x, y);
    const carry = f64x2.sub(f64x2.add(limb, rounder), rounder);
    v128.store(difference + i, f64x2.add(f64x2.sub(limb, carry), before));
    before = f64x2.mul(carry, inverse);
  }
  v128.store(difference, f64x2.add(v128.load(difference), f64x2.mul(before, v128.load(ROUNDERS, 32))));
}

/** The sign of zero: added to a limb, it negates. */
const SIGN: i64 = -0x8000000000000000;

/** Negates the elements that are asked for. */
export function negate(a: usize, left: bool, right: bool): void {
  const signs = i64x2.replace_lane(i64x2.splat(left ? SIGN : 0), 1, right ? SIGN : 0);
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) v128.store(a + i, v128.xor(v128.load(a + i), signs));
}

/** out = a, with the elements exchanged. */
export function exchange(out: usize, a: usize): void {
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) {
    const limb = v128.load(a + i);
    v128.store(out + i, v128.shuffle<u64>(limb, limb, 1, 0));
  }
}

/** out = the pair of the small integer `value`. */
export function setInteger(out: usize, value: f64): void {
  memory.fill(out, 0, PAIR_BYTES);
  v128.store(out, f64x2.splat(value));
}

/** 51 bits; the exponent of 2^52; 2^52 + 2^50; and 2^52. */
const FIELDS = memory.data<u64>([
  0x0007ffffffffffff, 0x0007ffffffffffff, 0x4330000000000000, 0x4330000000000000, 0x4334000000000000,
  0x4334000000000000, 0x4330000000000000, 0x4330000000000000,
]);

/** out = the coordinates at `left` and `right`. */
export function setPair(out: usize, left: usize, right: usize): void {
  setFields(out, left, right, v128.load(FIELDS, 32));
}

/** out = the fields of 51 bits at `left` and `right`, less `offset` − 2^52. */
function setFields(out: usize, left: usize, right: usize, offset: v128): void {
  const mask = v128.load(FIELDS);
  const exponent = v128.load(FIELDS, 16);
  let bits = v128.load_lane<u64>(right, v128.load_zero<u64>(left), 1);
  v128.store(out, f64x2.sub(v128.or(v128.and(bits, mask), exponent), offset));
  bits = i64x2.shr_u(v128.load_lane<u64>(right, v128.load_zero<u64>(left, 6), 1, 6), 3);
  v128.store(out, f64x2.sub(v128.or(v128.and(bits, mask), exponent), offset), 16);
  bits = i64x2.shr_u(v128.load_lane<u64>(right, v128.load_zero<u64>(left, 12), 1, 12), 6);
  v128.store(out, f64x2.sub(v128.or(v128.and(bits, mask), exponent), offset), 32);
  bits = i64x2.shr_u(v128.load_lane<u64>(right, v128.load_zero<u64>(left, 19), 1, 19), 1);
  v128.store(out, f64x2.sub(v128.or(v128.and(bits, mask), exponent), offset), 48);
  bits = i64x2.shr_u(v128.load_lane<u64>(right, v128.load_zero<u64>(left, 24), 1, 24), 12);
  v128.store(out, f64x2.sub(v128.or(v128.and(bits, mask), exponent), offset), 64);
}

/** out = both elements the integer below 2^255 in 32 little-endian bytes, normal. */
export function setFromOctets(out: usize, octets: usize): void {
  setFields(out, octets, octets, v128.load(FIELDS, 48));
  normalize(out, out);
}

const octetsOfElement = memory.data(32, 16);
const number = memory.data(NUMBER_BYTES, 16);

/** Whether the integer below 2^255 in 32 little-endian bytes is below p. */
export function isBelowPrime(octets: usize): bool {
  if ((load<u64>(octets, 8) & load<u64>(octets, 16)) != -1 || load<u64>(octets, 24) != i64.MAX_VALUE)
    return true;
  return load<u64>(octets) < 0xffffffffffffffed;
}

const LIMB_MASK: i64 = 0x7ffffffffffff;

/** Writes the left element of a normal pair, in [0, p), as 32 little-endian bytes. */
export function toOctets(octets: usize, a: usize): void {
  let l0 = <i64>load<f64>(a);
  let l1 = <i64>load<f64>(a, 16);
  let l2 = <i64>load<f64>(a, 32);
  let l3 = <i64>load<f64>(a, 48);
  let l4 = <i64>load<f64>(a, 64);
  // Once around, limb 0 alone may be negative, by 19 at most. If that borrows all the way the second time,
  // limb 0 has 2^51 − 19 at least, and keeps all but 19 of them.
  for (let round = 0; round < 2; round++) {
    l1 += l0 >> 51;
    l0 &= LIMB_MASK;
    l2 += l1 >> 51;
    l1 &= LIMB_MASK;
    l3 += l2 >> 51;
    l2 &= LIMB_MASK;
    l4 += l3 >> 51;
    l3 &= LIMB_MASK;
    l0 += 19 * (l4 >> 51);
    l4 &= LIMB_MASK;
  }
  // p comes off where adding 19 carries all the way.
  let carry = (l0 + 19) >> 51;
  carry = (l1 + carry) >> 51;
  carry = (l2 + carry) >> 51;
  carry = (l3 + carry) >> 51;
  carry = (l4 + carry) >> 51;
  l0 += 19 * carry;
  l1 += l0 >> 51;
  l2 += l1 >> 51;
  l3 += l2 >> 51;
  l4 += l3 >> 51;
  l0 &= LIMB_MASK;
  l1 &= LIMB_MASK;
  l2 &= LIMB_MASK;
  l3 &= LIMB_MASK;
  l4 &= LIMB_MASK;
  store<u64>(octets, l0 | (l1 << 51));
  store<u64>(octets, (l1 >> 13) | (l2 << 38), 8);
  store<u64>(octets, (l2 >> 26) | (l3 << 25), 16);
  store<u64>(octets, (l3 >> 39) | (l4 << 12), 24);
}

const biased = memory.data(PAIR_BYTES, 16);

/** Writes the left element of a normal pair as a coordinate. */
export function toCoordinate(address: usize, a: usize): void {
  const bias = v128.load(ROUNDERS, 48);
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) v128.store(biased + i, f64x2.add(v128.load(a + i), bias));
  normalize(biased, biased);
  toOctets(address, biased);
}

/** Whether the left element of a normal pair is zero. */
export function isZeroElement(a: usize): bool {
  toOctets(octetsOfElement, a);
  const low = load<u64>(octetsOfElement) | load<u64>(octetsOfElement, 8);
  return (low | load<u64>(octetsOfElement, 16) | load<u64>(octetsOfElement, 24)) == 0;
}

/** out = both elements the inverse of the left element of the normal pair a; 0 for 0. */
export function invertLeft(out: usize, a: usize): void {
  toOctets(octetsOfElement, a);
  fromLittleEndian(number, WORDS, octetsOfElement, COORDINATE_BYTES);
  invertModulo(number, number, PRIME, PRIME_INVERSE, WORDS);
  toLittleEndian(number, WORDS, octetsOfElement, COORDINATE_BYTES);
  setFromOctets(out, octetsOfElement);
}
