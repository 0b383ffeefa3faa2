/**
 * ECDSA verification on P-384 and P-521 (FIPS 186-5 §6.4.2), for the signatures of RFC 7518 §3.4.
 *
 * One lane computes u1·G, the other u2·Q (`weierstrass.ts`). A key verifies at once, bit by bit; once its
 * table is built, several times as fast.
 */
import { Arena, Bytes, addressOf, lengthOf } from "as-bytes";
import { TableShape, digitEntry, digitOf, isNegativeDigit, tableBytes, topEntry } from "./key-table";
import { NUMBER_BYTES, addTimes, bitsOf, fromOctets } from "./numbers";
import {
  Field,
  P384_FIELD,
  P521_FIELD,
  PAIR_BYTES,
  coordinateBytes,
  exchange,
  isBelowPrime,
  isZeroElement,
  multiply,
  normalize,
  setFromNumber,
  setFromOctets,
  setInteger,
  setPair,
  subtract,
  toCoordinate,
} from "./pair-field";
import {
  Order,
  P384_ORDER,
  P521_ORDER,
  invertScalar,
  multiplyScalars,
  orderNumber,
  scalarFromOctets,
} from "./scalars";
import { POINT_BYTES, Y, Z, addAffine, addPoints, isOnCurve, setInfinity } from "./weierstrass";
import { buildTop, buildWindow } from "./weierstrass-table";

/** b, and G's x and y, of P-384, as little-endian bytes. */
const P384_B = memory.data<u64>([
  0x2a85c8edd3ec2aef, 0xc656398d8a2ed19d, 0x0314088f5013875a, 0x181d9c6efe814112, 0x988e056be3f82d19,
  0xb3312fa7e23ee7e4, 0,
]);
const P384_G = memory.data<u64>([
  0x3a545e3872760ab7, 0x5502f25dbf55296c, 0x59f741e082542a38, 0x6e1d3b628ba79b98, 0x8eb1c71ef320ad74,
  0xaa87ca22be8b0537, 0x7a431d7c90ea0e5f, 0x0a60b1ce1d7e819d, 0xe9da3113b5f0b8c0, 0xf8f41dbd289a147c,
  0x5d9e98bf9292dc29, 0x3617de4a96262c6f, 0,
]);

/** b, and G's x and y, of P-521, as little-endian bytes. */
const P521_B = memory.data<u64>([
  0xef451fd46b503f00, 0x3573df883d2c34f1, 0x1652c0bd3bb1bf07, 0x56193951ec7e937b, 0xb8b489918ef109e1,
  0xa2da725b99b315f3, 0x929a21a0b68540ee, 0x953eb9618e1c9a1f, 0x0000000000000051, 0,
]);
const P521_G = memory.data<u64>([
  0xf97e7e31c2e5bd66, 0x3348b3c1856a429b, 0xfe1dc127a2ffa8de, 0xa14b5e77efe75928, 0xf828af606b4d3dba,
  0x9c648139053fb521, 0x9e3ecb662395b442, 0x858e06b70404e9cd, 0x94769fd1665000c6, 0x7086a272c24088be,
  0xb9013fad0761353c, 0x72995ef42640c550, 0xbd17273e662c97ee, 0x4449579b446817af, 0x5fb42c7d1bd998f5,
  0x6a789a3bc0045c8a, 0x0000000001183929, 0,
]);

const P384_TABLE = changetype<TableShape>(memory.data<u32>([6, 64, 96]));
const P521_TABLE = changetype<TableShape>(memory.data<u32>([4, 130, 132]));

/** The curves, by the name that RFC 7518 §6.2.1.1 gives them. */
export enum Curve {
  P384,
  P521,
}

/** A public point Q: affine coordinates in table form, and the table of its multiples if it has been built. */
@unmanaged
export class EcPublicKey {
  curve: Curve;
  point: usize;
  /** 0 until the table is whole. */
  table: usize;
  /** The table while it is being built, and how many windows it has. */
  unfinished: usize;
  windows: u32;
}

// The curve in hand; `useCurve` sets it.
let field: Field = P384_FIELD;
let order: Order = P384_ORDER;
let shape: TableShape = P384_TABLE;
const b = memory.data(PAIR_BYTES, 16);

function useCurve(curve: Curve): void {
  const isP384 = curve == Curve.P384;
  field = isP384 ? P384_FIELD : P521_FIELD;
  order = isP384 ? P384_ORDER : P521_ORDER;
  shape = isP384 ? P384_TABLE : P521_TABLE;
  const bytes = isP384 ? P384_B : P521_B;
  setPair(b, bytes, bytes, false, false, field);
}

/**
 * The key made ready in `arena` (about 100 bytes), or null where x or y have not the curve's length, are
 * not below p, or not on the curve. (Infinity has no such form, and the curves' orders are prime.)
 */
export function ecPublicKey(arena: Arena, curve: Curve, x: Bytes, y: Bytes): EcPublicKey | null {
  useCurve(curve);
  if (lengthOf(x) != field.octets || lengthOf(y) != field.octets) return null;
  if (!setFromOctets(affine, addressOf(x), field)) return null;
  if (!setFromOctets(affine + Y, addressOf(y), field)) return null;
  if (!isOnCurve(affine, b, field)) return null;

  const key = changetype<EcPublicKey>(arena.allocate(offsetof<EcPublicKey>()));
  key.curve = curve;
  key.point = arena.allocate(shape.entryBytes + 2);
  normalize(affine, affine, field);
  normalize(affine + Y, affine + Y, field);
  toCoordinate(key.point, affine, field);
  toCoordinate(key.point + coordinateBytes(field), affine + Y, field);
  return key;
}

/**
 * Builds up to `windows` windows of `key`'s table, in `arena`; whether the table is whole now. (P-384: 64
 * windows, 197 KB; P-521: 130 windows, 137 KB; 10 to 20 µs a window.) The first table on a curve
 * builds the base point's before it, which stays.
 */
export function buildEcTable(key: EcPublicKey, arena: Arena, windows: u32): bool {
  useCurve(key.curve);
  const base = baseKey(key.curve);
  if (base.table == 0) {
    if (!continueTable(base, baseArena(), windows)) return false;
    base.table = base.unfinished;
  }
  if (key.table != 0) return true;
  if (!continueTable(key, arena, windows)) return false;
  if (!tableAgrees(key)) return false;
  key.table = key.unfinished;
  return true;
}

/** Whether the table that is being built is whole now. */
function continueTable(key: EcPublicKey, arena: Arena, windows: u32): bool {
  if (key.windows == shape.windows) return true;
  if (key.unfinished == 0) {
    key.unfinished = arena.take(tableBytes(shape));
    memory.copy(key.unfinished, key.point, shape.entryBytes);
  }
  for (; windows > 0 && key.windows < shape.windows; windows--) {
    buildWindow(key.unfinished, key.windows, shape, b, field);
    key.windows += 1;
  }
  if (key.windows < shape.windows) return false;
  buildTop(key.unfinished, shape, b, field);
  return true;
}

/** G of each curve as a key. */
const p384Base = changetype<EcPublicKey>(memory.data(offsetof<EcPublicKey>(), 16));
const p521Base = changetype<EcPublicKey>(memory.data(offsetof<EcPublicKey>(), 16));

function baseKey(curve: Curve): EcPublicKey {
  const key = curve == Curve.P384 ? p384Base : p521Base;
  key.point = curve == Curve.P384 ? P384_G : P521_G;
  return key;
}

let arenaOfBases: Arena | null = null;

/** The memory of the base points' tables, taken when a key first wants one. */
function baseArena(): Arena {
  let arena = arenaOfBases;
  if (arena === null) {
    arena = Arena.create();
    arenaOfBases = arena;
  }
  return arena;
}

const r = memory.data(NUMBER_BYTES, 16);
const s = memory.data(NUMBER_BYTES, 16);
const u1 = memory.data(NUMBER_BYTES, 16);
const u2 = memory.data(NUMBER_BYTES, 16);

const affine = memory.data(POINT_BYTES, 16);
const sum = memory.data(POINT_BYTES, 16);
const other = memory.data(POINT_BYTES, 16);

/**
 * Whether `signature` (r and s, in `octets` bytes each) is `key`'s for the digest of `digestLength` bytes
 * at `digest`, which is no longer than the order.
 */
export function verifyEcdsa(key: EcPublicKey, digest: usize, digestLength: u32, signature: Bytes): bool {
  useCurve(key.curve);
  if (!readSignature(digest, digestLength, signature)) return false;
  if (key.table != 0) setSumByTables(baseKey(key.curve).table, key.table);
  else setSumByBits(baseKey(key.curve).point, key.point);
  return hasCoordinate();
}

const checked = memory.data(POINT_BYTES, 16);

/** Two short scalars, as numbers. */
const CHECK_SCALARS = memory.data<u32>([0x0a5c3e1d, 5, 0x13579bde, 6]);

/**
 * Whether `key`'s table, whole but not in use, gives the point that the multiplication bit by bit gives: by
 * short scalars there, and by n less them here, which have all kinds of digits, and give the same x.
 */
function tableAgrees(key: EcPublicKey): bool {
  memory.fill(u1, 0, NUMBER_BYTES);
  memory.fill(u2, 0, NUMBER_BYTES);
  memory.copy(u1, CHECK_SCALARS, 8);
  memory.copy(u2, CHECK_SCALARS + 8, 8);
  setSumByBits(baseKey(key.curve).point, key.point);
  memory.copy(checked, sum, POINT_BYTES);
  addTimes(u1, orderNumber(order), u1, -1, order.words);
  addTimes(u2, orderNumber(order), u2, -1, order.words);
  setSumByTables(baseKey(key.curve).table, key.unfinished);
  // X/Z is compared.
  multiply(checked, checked, sum + Z, field);
  multiply(checked + Z, checked + Z, sum, field);
  subtract(checked, checked, checked + Z, field);
  normalize(checked, checked, field);
  normalize(sum + Z, sum + Z, field);
  return isZeroElement(checked, field) && !isZeroElement(sum + Z, field);
}

/** Sets r, u1 = e/s and u2 = r/s modulo n; false where r or s is not in [1, n − 1]. */
function readSignature(digest: usize, digestLength: u32, signature: Bytes): bool {
  const octets = order.octets;
  if (lengthOf(signature) != 2 * octets) return false;
  const address = addressOf(signature);
  if (!scalarFromOctets(r, address, order) || !scalarFromOctets(s, address + octets, order)) return false;
  invertScalar(s, s, order);
  fromOctets(u1, order.words, digest, digestLength);
  multiplyScalars(u1, u1, s, order);
  multiplyScalars(u2, r, s, order);
  // Bits are read in pairs of words.
  store<u32>(u1 + (order.words << 2), 0);
  store<u32>(u2 + (order.words << 2), 0);
  return true;
}

/** sum = u1·G + u2·Q: the one in the left lane, the other in the right one, and then both. */
function setSumByTables(base: usize, table: usize): void {
  setInfinity(sum, field);
  addEntries(topEntry(base, u1, shape), topEntry(table, u2, shape), false, false);
  store<u32>(u1, load<u32>(u1) | 1);
  store<u32>(u2, load<u32>(u2) | 1);
  for (let window: u32 = 0; window < shape.windows; window++) {
    const left = digitOf(u1, window, shape);
    const right = digitOf(u2, window, shape);
    addEntries(
      digitEntry(base, window, left, shape),
      digitEntry(table, window, right, shape),
      isNegativeDigit(left, shape),
      isNegativeDigit(right, shape),
    );
  }
  addLanes();
}

/** Adds a pair of affine points in table form, negated on demand, to the sum. */
function addEntries(left: usize, right: usize, negateLeft: bool, negateRight: bool): void {
  const bytes = coordinateBytes(field);
  setPair(affine, left, right, false, false, field);
  setPair(affine + Y, left + bytes, right + bytes, negateLeft, negateRight, field);
  addAffine(sum, affine, b, field);
}

/** The same without tables, by doubling and adding. */
function setSumByBits(base: usize, point: usize): void {
  const bytes = coordinateBytes(field);
  setPair(other, base, point, false, false, field);
  setPair(other + Y, base + bytes, point + bytes, false, false, field);
  setInfinity(sum, field);
  let isZero = true;
  for (let bit = <i32>field.bits - 1; bit >= 0; bit--) {
    if (!isZero) addPoints(sum, sum, sum, b, field);
    const left = bitsOf(u1, bit, 1) != 0;
    const right = bitsOf(u2, bit, 1) != 0;
    if (!left && !right) continue;
    // A lane whose bit is not set adds infinity: X = 0, Y = 1, Z = 0.
    selectLanes(affine, other, 0.0, left, right);
    selectLanes(affine + Y, other + Y, 1.0, left, right);
    setInteger(affine + Z, 0.0, field);
    v128.store(affine + Z, f64x2.replace_lane(f64x2.splat(left ? 1.0 : 0.0), 1, right ? 1.0 : 0.0));
    addPoints(sum, sum, affine, b, field);
    isZero = false;
  }
  addLanes();
}

/** Adds the right lane of the sum to the left one. */
function addLanes(): void {
  exchange(other, sum, field);
  exchange(other + Y, sum + Y, field);
  exchange(other + Z, sum + Z, field);
  addPoints(sum, sum, other, b, field);
}

/** out = the elements of `a` in the lanes that are asked for, the integer `value` in the others. */
function selectLanes(out: usize, a: usize, value: f64, left: bool, right: bool): void {
  setInteger(out, value, field);
  let mask = i64x2.splat(left ? -1 : 0);
  mask = i64x2.replace_lane(mask, 1, right ? -1 : 0);
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(a + i), v128.load(out + i), mask));
  }
}

/** Whether the sum is finite and its x is r modulo n: X = r·Z, or (r + n)·Z where r + n is below p. */
function hasCoordinate(): bool {
  normalize(sum + Z, sum + Z, field);
  if (isZeroElement(sum + Z, field)) return false;
  if (isCoordinate()) return true;
  // n and p have equally many words.
  addTimes(r, r, orderNumber(order), 1, order.words);
  return isBelowPrime(r, field) && isCoordinate();
}

/** Whether X = r·Z, for r below p. */
function isCoordinate(): bool {
  setFromNumber(affine, r, field);
  multiply(affine, affine, sum + Z, field);
  subtract(affine, affine, sum, field);
  normalize(affine, affine, field);
  return isZeroElement(affine, field);
}
