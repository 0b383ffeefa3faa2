/**
 * Points of edwards25519, −x² + y² = 1 + d·x²·y² (RFC 8032 §5.1), in pairs (`pair-field.ts`), by the
 * complete formulas of Hisil, Wong, Carter and Dawson
 * (https://hyperelliptic.org/EFD/g1p/auto-twisted-extended-1.html).
 *
 * A pair of points is X, Y, Z, T: x = X/Z, y = Y/Z, x·y = T/Z, all normal. An *entry* of memory is
 * y + x, y − x and 2d·x·y of one point, in table form.
 */
import {
  ED25519_FIELD,
  PAIR_BYTES,
  add,
  invertLeft,
  isZeroElement,
  multiply,
  normalize,
  setInteger,
  setPair,
  subtract,
  toCoordinate,
} from "./pair-field";

export const EXTENDED_BYTES: u32 = 4 * PAIR_BYTES;

/** Offsets of coordinates. */
export const Y: u32 = PAIR_BYTES;
export const Z: u32 = 2 * PAIR_BYTES;
const T: u32 = 3 * PAIR_BYTES;

/** Bytes of an entry, and offsets in it. */
export const ENTRY_BYTES: u32 = 108;
const DIFFERENCE: u32 = 36;
const PRODUCT: u32 = 72;

/** The base point B as an entry. */
export const BASE_ENTRY = memory.data<u32>([
  0xf58c3b85, 0x2fbc93c6, 0xfb8c0e19, 0xcf932dc6, 0x643d42c2, 0x270b4898, 0x33d4ba65, 0x07cf9d3a, 0x00000000,
  0xd740913e, 0x9d103905, 0xd140beb3, 0xfd399f05, 0x688f8a09, 0xa5c18434, 0x98f81267, 0x44fd2f92, 0x00000000,
  0x877aaa68, 0xabc91205, 0xccaac49e, 0x26d9e823, 0xdd43598c, 0x5a1b7dcb, 0x9f0c65a8, 0x6f117b68, 0x00000000,
  0x00000000,
]);

/** The neutral point as an entry. */
const NEUTRAL_ENTRY = memory.data<u32>([
  1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** 2d, as a coordinate. */
const TWICE_D = memory.data<u32>([
  0x26b2f159, 0xebd69b94, 0x8283b156, 0x00e0149a, 0xeef3d130, 0x198e80f2, 0x56dffce7, 0x2406d9dc, 0x00000000,
  0x00000000,
]);

const field = ED25519_FIELD;

const scratch = memory.data(8 * PAIR_BYTES, 16);
const a = scratch;
const b = scratch + PAIR_BYTES;
const c = scratch + 2 * PAIR_BYTES;
const d = scratch + 3 * PAIR_BYTES;
const e = scratch + 4 * PAIR_BYTES;
const f = scratch + 5 * PAIR_BYTES;
const t0 = scratch + 6 * PAIR_BYTES;
const t1 = scratch + 7 * PAIR_BYTES;

export function setNeutral(point: usize): void {
  setInteger(point, 0.0, field);
  setInteger(point + Y, 1.0, field);
  setInteger(point + Z, 1.0, field);
  setInteger(point + T, 0.0, field);
}

/** The entry to add in a lane for a bit that may not be set. */
export function entryOrNeutral(entry: usize, isSet: bool): usize {
  return isSet ? entry : NEUTRAL_ENTRY;
}

/** sum = sum + the entries at `left` and `right`, negated on demand. Comments give sizes above 1. */
export function addEntries(sum: usize, left: usize, right: usize, negateLeft: bool, negateRight: bool): void {
  // −(x, y) is (−x, y): its sum and difference change places.
  setPair(
    t0,
    negateLeft ? left + DIFFERENCE : left,
    negateRight ? right + DIFFERENCE : right,
    false,
    false,
    field,
  );
  add(t1, sum + Y, sum, field); // 2
  multiply(b, t1, t0, field);
  setPair(
    t0,
    negateLeft ? left : left + DIFFERENCE,
    negateRight ? right : right + DIFFERENCE,
    false,
    false,
    field,
  );
  subtract(t1, sum + Y, sum, field); // 2
  multiply(a, t1, t0, field);
  setPair(t0, left + PRODUCT, right + PRODUCT, negateLeft, negateRight, field);
  multiply(c, sum + T, t0, field);
  add(d, sum + Z, sum + Z, field); // 2
  finishAddition(sum);
}

/** out = p + q; `out` may be an operand. */
export function addExtended(out: usize, p: usize, q: usize): void {
  add(t0, p + Y, p, field);
  add(t1, q + Y, q, field);
  multiply(b, t0, t1, field);
  subtract(t0, p + Y, p, field);
  subtract(t1, q + Y, q, field);
  multiply(a, t0, t1, field);
  setPair(t0, TWICE_D, TWICE_D, false, false, field);
  multiply(c, p + T, q + T, field);
  multiply(c, c, t0, field);
  multiply(d, p + Z, q + Z, field);
  add(d, d, d, field); // 2
  finishAddition(out);
}

/** The coordinates from A, B, C and D of the formulas. */
function finishAddition(out: usize): void {
  subtract(e, b, a, field); // 2
  subtract(f, d, c, field); // 3
  add(t0, d, c, field); // G: 3
  add(t1, b, a, field); // H: 2
  multiply(out, e, f, field);
  multiply(out + Y, t0, t1, field);
  multiply(out + Z, f, t0, field);
  multiply(out + T, e, t1, field);
}

/** out = 2p; `out` may be p. F and H, and with them all coordinates, have the other sign than in the formulas. */
export function doubleExtended(out: usize, p: usize): void {
  add(t0, p, p + Y, field); // 2
  multiply(e, t0, t0, field);
  multiply(a, p, p, field);
  multiply(b, p + Y, p + Y, field);
  multiply(c, p + Z, p + Z, field);
  subtract(e, e, a, field);
  subtract(e, e, b, field); // 3
  subtract(t0, b, a, field); // G: 2
  subtract(f, c, t0, field);
  add(f, f, c, field); // −F: 4
  add(t1, a, b, field); // −H: 2
  multiply(out, e, f, field);
  multiply(out + Y, t0, t1, field);
  multiply(out + Z, f, t0, field);
  multiply(out + T, e, t1, field);
}

/** `point` = the entry at `entry`, in both lanes, with Z = 4. */
export function setExtended(point: usize, entry: usize): void {
  setPair(t0, entry, entry, false, false, field);
  setPair(t1, entry + DIFFERENCE, entry + DIFFERENCE, false, false, field);
  subtract(a, t0, t1, field); // 2x: 4
  add(b, t0, t1, field); // 2y: 4
  multiply(point + T, a, b, field);
  add(a, a, a, field);
  add(b, b, b, field);
  normalize(point, a, field);
  normalize(point + Y, b, field);
  setInteger(point + Z, 4.0, field);
}

/** `point` = the affine x and y, normal, with Z = 1. */
export function setFromAffine(point: usize, x: usize, y: usize): void {
  multiply(point + T, x, y, field);
  memory.copy(point, x, PAIR_BYTES);
  memory.copy(point + Y, y, PAIR_BYTES);
  setInteger(point + Z, 1.0, field);
}

/** Writes the left point as an entry; `inverseOfZ` is normal. */
export function toEntry(entry: usize, point: usize, inverseOfZ: usize): void {
  multiply(a, point, inverseOfZ, field);
  multiply(b, point + Y, inverseOfZ, field);
  add(t0, b, a, field);
  normalize(t0, t0, field);
  toCoordinate(entry, t0, field);
  subtract(t0, b, a, field);
  normalize(t0, t0, field);
  toCoordinate(entry + DIFFERENCE, t0, field);
  setPair(t0, TWICE_D, TWICE_D, false, false, field);
  multiply(a, a, b, field);
  multiply(a, a, t0, field);
  toCoordinate(entry + PRODUCT, a, field);
}

/** Whether the left point is the neutral one, (0, 1). */
export function isNeutral(point: usize): bool {
  subtract(t0, point + Y, point + Z, field);
  normalize(t0, t0, field);
  return isZeroElement(point, field) && isZeroElement(t0, field);
}

const encoded = memory.data(40, 16);

/** Writes the left point as the 32 bytes of RFC 8032 §5.1.2. */
export function encodePoint(octets: usize, point: usize): void {
  invertLeft(a, point + Z, field);
  multiply(b, point, a, field);
  toCoordinate(encoded, b, field);
  const sign = load<u8>(encoded) & 1;
  multiply(b, point + Y, a, field);
  toCoordinate(encoded, b, field);
  memory.copy(octets, encoded, 32);
  store<u8>(octets, load<u8>(octets, 31) | (sign << 7), 31);
}
