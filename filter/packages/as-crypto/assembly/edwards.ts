/**
 * Points of edwards25519, −x² + y² = 1 + d·x²·y² (RFC 8032 §5.1), in pairs (`edwards-field.ts`), by the
 * complete formulas of Hisil, Wong, Carter and Dawson
 * (https://hyperelliptic.org/EFD/g1p/auto-twisted-extended-1.html).
 *
 * A pair of points is X, Y, Z, T: x = X/Z, y = Y/Z, x·y = T/Z, all normal. An *entry* of memory is
 * (y + x)/2, (y − x)/2 and −d·x·y of one point, as coordinates.
 */
import {
  COORDINATE_BYTES,
  PAIR_BYTES,
  add,
  invertLeft,
  isZeroElement,
  multiply,
  negate,
  normalize,
  setInteger,
  setPair,
  subtract,
  sumAndNormalDifference,
  toCoordinate,
  toOctets,
} from "./edwards-field";

export const EXTENDED_BYTES: u32 = 4 * PAIR_BYTES;

/** Offsets of coordinates. */
export const Y: u32 = PAIR_BYTES;
export const Z: u32 = 2 * PAIR_BYTES;
const T: u32 = 3 * PAIR_BYTES;

/** Bytes of an entry, and offsets in it. */
export const ENTRY_BYTES: u32 = 3 * COORDINATE_BYTES;
const DIFFERENCE: u32 = COORDINATE_BYTES;
const PRODUCT: u32 = 2 * COORDINATE_BYTES;

/** The base point B as an entry. */
export const BASE_ENTRY = memory.data<u64>([
  0x97e249e37ac61dcc, 0x67c997037dc6070c, 0x9385a44c331ea161, 0x03e7ce9d19ea6532, 0xce8c1c82eba0489f,
  0xfe9ccfa2e8a05f59, 0xd2e0c21a3547c504, 0x627e97c94c7c1133, 0xaa1f76fd3c42aacc, 0xec930c0e19aa9db0,
  0xd2f2411a125e5339, 0x0877424bb079d52b,
]);

/** The neutral point as an entry. */
const NEUTRAL_ENTRY = memory.data<u64>([
  0x000400000000000a, 0x0000002000000000, 0x0000000001000000, 0x0000000000000800, 0x000400000000000a,
  0x0000002000000000, 0x0000000001000000, 0x0000000000000800, 0x0004000000000000, 0x0000002000000000,
  0x0000000001000000, 0x4000000000000800,
]);

/** −2d, −4d and 1/2, as coordinates. */
const MINUS_TWICE_D = memory.data<u64>([
  0x142d646bd94d0ea7, 0xff1feb857d7c4ea9, 0xe6717f0d120c2ecf, 0x1bf92623a9200b18,
]);
const MINUS_FOUR_D = memory.data<u64>([
  0x2856c8d7b29a1d3b, 0xfe3fd6eafaf89d52, 0xcce2fe1a23185d9f, 0x77f24c4752400e31,
]);
const HALF = NEUTRAL_ENTRY;

const scratch = memory.data(8 * PAIR_BYTES, 16);
const a = scratch;
const b = scratch + PAIR_BYTES;
const c = scratch + 2 * PAIR_BYTES;
const e = scratch + 3 * PAIR_BYTES;
const f = scratch + 4 * PAIR_BYTES;
const g = scratch + 5 * PAIR_BYTES;
const h = scratch + 6 * PAIR_BYTES;
const t0 = scratch + 7 * PAIR_BYTES;

export function setNeutral(point: usize): void {
  setInteger(point, 0.0);
  setInteger(point + Y, 1.0);
  setInteger(point + Z, 1.0);
  setInteger(point + T, 0.0);
}

/** The entry to add in a lane for a bit that may not be set. */
export function entryOrNeutral(entry: usize, isSet: bool): usize {
  return isSet ? entry : NEUTRAL_ENTRY;
}

/** sum = sum + the entries at `left` and `right`, negated on demand. Comments give sizes above 1. */
export function addEntries(sum: usize, left: usize, right: usize, negateLeft: bool, negateRight: bool): void {
  // −(x, y) is (−x, y): its sum and difference change places.
  const swapLeft: u32 = negateLeft ? DIFFERENCE : 0;
  const swapRight: u32 = negateRight ? DIFFERENCE : 0;
  sumAndNormalDifference(b, a, sum + Y, sum); // B: 2
  setPair(t0, left + swapLeft, right + swapRight);
  multiply(b, b, t0);
  setPair(t0, left + (DIFFERENCE - swapLeft), right + (DIFFERENCE - swapRight));
  multiply(a, a, t0);
  setPair(t0, left + PRODUCT, right + PRODUCT);
  negate(t0, negateLeft, negateRight);
  multiply(c, sum + T, t0);
  finishAddition(sum, sum + Z);
}

/** out = p + q; `out` may be an operand. */
export function addExtended(out: usize, p: usize, q: usize): void {
  add(t0, q + Y, q);
  normalize(t0, t0);
  sumAndNormalDifference(b, a, p + Y, p); // B: 2
  multiply(b, b, t0);
  subtract(t0, q + Y, q); // 2
  multiply(a, a, t0);
  setPair(t0, MINUS_TWICE_D, MINUS_TWICE_D);
  multiply(c, p + T, q + T);
  multiply(c, c, t0);
  multiply(t0, p + Z, q + Z);
  add(t0, t0, t0);
  normalize(t0, t0);
  finishAddition(out, t0);
}

/** The coordinates from A, B, −C and D of the formulas, the latter in `d`; or from half of each. */
function finishAddition(out: usize, d: usize): void {
  sumAndNormalDifference(h, e, b, a); // H: 2
  sumAndNormalDifference(f, g, d, c); // F: 2
  finish(out);
}

/** X, Y, Z, T = E·F, G·H, F·G, E·H, for F and H of size 2. */
function finish(out: usize): void {
  multiply(out, e, f);
  multiply(out + Y, g, h);
  multiply(out + Z, f, g);
  multiply(out + T, e, h);
}

/** out = 2p; `out` may be p. F and H, and with them all coordinates, have the other sign than in the formulas. */
export function doubleExtended(out: usize, p: usize): void {
  add(t0, p, p + Y);
  normalize(t0, t0);
  multiply(e, t0, t0);
  multiply(a, p, p);
  multiply(b, p + Y, p + Y);
  multiply(c, p + Z, p + Z);
  add(h, a, b); // −H: 2
  subtract(e, e, h); // 3
  normalize(e, e);
  subtract(g, b, a);
  normalize(g, g);
  add(f, c, c);
  subtract(f, f, g); // −F: 3
  normalize(f, f);
  finish(out);
}

/** `point` = the entries at `left` and `right`. */
export function setFromEntries(point: usize, left: usize, right: usize): void {
  setPair(a, left, right);
  setPair(b, left + DIFFERENCE, right + DIFFERENCE);
  sumAndNormalDifference(point + Y, point, a, b);
  normalize(point + Y, point + Y);
  setInteger(point + Z, 1.0);
  multiply(point + T, point, point + Y);
}

/** `point` = the affine x and y, normal, with Z = 1. */
export function setFromAffine(point: usize, x: usize, y: usize): void {
  multiply(point + T, x, y);
  memory.copy(point, x, PAIR_BYTES);
  memory.copy(point + Y, y, PAIR_BYTES);
  setInteger(point + Z, 1.0);
}

/** Writes the left point as an entry; `inverseOfZ` is normal. */
export function toEntry(entry: usize, point: usize, inverseOfZ: usize): void {
  setPair(t0, HALF, HALF);
  multiply(t0, t0, inverseOfZ);
  multiply(a, point, t0);
  multiply(b, point + Y, t0);
  add(t0, b, a);
  normalize(t0, t0);
  toCoordinate(entry, t0);
  subtract(t0, b, a);
  normalize(t0, t0);
  toCoordinate(entry + DIFFERENCE, t0);
  setPair(t0, MINUS_FOUR_D, MINUS_FOUR_D);
  multiply(a, a, b);
  multiply(a, a, t0);
  toCoordinate(entry + PRODUCT, a);
}

/** Whether the left point is the neutral one, (0, 1). */
export function isNeutral(point: usize): bool {
  subtract(t0, point + Y, point + Z);
  normalize(t0, t0);
  return isZeroElement(point) && isZeroElement(t0);
}

/** Writes the left point as the 32 bytes of RFC 8032 §5.1.2. */
export function encodePoint(octets: usize, point: usize): void {
  invertLeft(a, point + Z);
  multiply(b, point, a);
  toOctets(octets, b);
  const sign = load<u8>(octets) & 1;
  multiply(b, point + Y, a);
  toOctets(octets, b);
  store<u8>(octets, load<u8>(octets, 31) | (sign << 7), 31);
}
