/** Public keys on P-384 and P-521, and the tables of their multiples. */
import { Arena, Bytes, addressOf, lengthOf } from "as-bytes";
import { setSumByBits, setSumByTables, sum, u1, u2 } from "./ec-sum";
import { TabledKey, baseArena, tableBytes } from "./key-table";
import { Curve, b, basePoint, field, order, shape, useCurve } from "./nist-curve";
import { NUMBER_BYTES, addTimes } from "./numbers";
import { isZeroElement, setFromOctets, toCoordinate } from "./pair-convert";
import { coordinateBytes, multiply, normalize, subtract } from "./pair-field";
import { orderNumber } from "./scalars";
import { POINT_BYTES, Y, Z, isOnCurve } from "./weierstrass";
import { buildTop, buildWindow } from "./weierstrass-table";

/** A public point Q: affine coordinates in table form, and the table of its multiples if it has been built. */
@unmanaged
export class EcPublicKey extends TabledKey {
  curve: Curve;
  point: usize;
}

const affine = memory.data(POINT_BYTES, 16);
const checked = memory.data(POINT_BYTES, 16);

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

/** G of each curve as a key. */
const p384Base = changetype<EcPublicKey>(memory.data(offsetof<EcPublicKey>(), 16));
const p521Base = changetype<EcPublicKey>(memory.data(offsetof<EcPublicKey>(), 16));

export function baseKey(curve: Curve): EcPublicKey {
  const key = curve == Curve.P384 ? p384Base : p521Base;
  key.point = basePoint(curve);
  return key;
}
