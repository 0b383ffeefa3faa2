/**
 * The field of P-256 in *pairs* of elements, one in each lane of a vector, for engines with fused
 * multiply-add: as `pair-field.ts` has those of P-384 and P-521, in the plain domain (no Montgomery form).
 *
 * A pair is six vectors of f64 integers in radix 2^48, least significant first, signed. An element has
 * *size* k when its limbs have magnitude < k·1.001·2^47, and is *normal* when its size is 1, which all
 * results are. Coordinates read from memory have limbs below 2^48: size 2.
 */
import { NUMBER_BYTES } from "./numbers";
import { canonical as toNumber, invertLeft, isZeroElement, setPair } from "./pair-convert";
import { Field, exchange } from "./pair-field";
import { canonical, elementFromNumber, multiply as multiplyElements } from "./p256-field";
import { PAIR_BYTES, addMultiple, multiply } from "./p256-pair-product";

export { PAIR_BYTES, addMultiple, multiply };

/** For the conversions of `pair-convert.ts`. Products of `pair-field.ts` do not know it: its shape means nothing. */
const FIELD = changetype<Field>(
  memory.data<u32>([
    6, 10, 32, 256, 0x1fffffff, 0, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x000001ff, 0x00000000, 0x00000000,
    0x00040000, 0x1fe00000, 0x00ffffff, 0x00000000,
  ]),
);

/** out = 1. */
export function setOne(out: usize): void {
  memory.fill(out, 0, PAIR_BYTES);
  v128.store(out, f64x2.splat(1.0));
}

const exchanged = memory.data(PAIR_BYTES, 16);

/** out = the inverses of both elements of a; false where one of them is zero. */
export function invert(out: usize, a: usize): bool {
  exchange(exchanged, a, FIELD);
  multiply(out, a, exchanged);
  if (isZeroElement(out, FIELD)) return false;
  invertLeft(out, out, FIELD);
  multiply(out, out, exchanged);
  return true;
}

const number = memory.data(NUMBER_BYTES, 16);

/** left, right = the elements of `a` in the form of `p256-field.ts`. */
export function toElements(left: usize, right: usize, a: usize): void {
  toNumber(number, a, FIELD);
  elementFromNumber(left, number);
  exchange(exchanged, a, FIELD);
  toNumber(number, exchanged, FIELD);
  elementFromNumber(right, number);
}

/** out = the pair of the coordinates at `left` and `right`, of size 2, negated on demand. */
export function setFromCoordinates(
  out: usize,
  left: usize,
  right: usize,
  negateLeft: bool,
  negateRight: bool,
): void {
  setPair(out, left, right, negateLeft, negateRight, FIELD);
}

/** 1 as a number. */
const UNIT = memory.data<i32>([1, 0, 0, 0, 0, 0, 0, 0, 0]);

/** Writes the element `a` of `p256-field.ts` as a coordinate, in as many bytes: little-endian, below p. */
export function toCoordinate(address: usize, a: usize): void {
  multiplyElements(number, a, UNIT);
  canonical(number, number);
  const w2 = load<u32>(number, 8) as u64;
  const w4 = load<u32>(number, 16) as u64;
  const w6 = load<u32>(number, 24) as u64;
  store<u64>(address, (load<u32>(number) as u64) | ((load<u32>(number, 4) as u64) << 29) | (w2 << 58));
  store<u64>(address, (w2 >> 6) | ((load<u32>(number, 12) as u64) << 23) | (w4 << 52), 8);
  store<u64>(address, (w4 >> 12) | ((load<u32>(number, 20) as u64) << 17) | (w6 << 46), 16);
  store<u64>(
    address,
    (w6 >> 18) | ((load<u32>(number, 28) as u64) << 11) | ((load<u32>(number, 32) as u64) << 40),
    24,
  );
  store<u32>(address, 0, 32);
}
