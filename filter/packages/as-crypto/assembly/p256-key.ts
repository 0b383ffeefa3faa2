/** Public keys on P-256, and the tables of their multiples. */
import { Arena, Bytes, addressOf, lengthOf } from "as-bytes";
import { TabledKey, baseArena } from "./key-table";
import { AFFINE_BYTES, BASE_POINT, JACOBIAN_BYTES, Y, Z, isOnCurve } from "./p256-curve";
import { setSumByBits, setSumByTables, sum, u1, u2 } from "./p256-double-scalar";
import { ELEMENT_BYTES, OCTETS, areEqual, elementFromOctets, multiply, square } from "./p256-field";
import { FIRST_WINDOW_BYTES, TABLE_BYTES, WINDOWS, buildWindow, finishWindow } from "./p256-table";

/** A public point Q, as the first window of its table, and the whole table if it has been built. */
@unmanaged
export class P256PublicKey extends TabledKey {
  firstWindow: usize;
}

const affine = memory.data(AFFINE_BYTES, 16);

/**
 * The key made ready in `arena` (4.7 KB), or null where x or y are not 32 bytes, not below p, or not on
 * the curve. (Infinity has no such form, and the curve's order is prime.)
 */
export function p256PublicKey(arena: Arena, x: Bytes, y: Bytes): P256PublicKey | null {
  if (lengthOf(x) != OCTETS || lengthOf(y) != OCTETS) return null;
  if (!elementFromOctets(affine, addressOf(x))) return null;
  if (!elementFromOctets(affine + Y, addressOf(y))) return null;
  if (!isOnCurve(affine)) return null;

  const key = changetype<P256PublicKey>(arena.allocate(offsetof<P256PublicKey>()));
  key.firstWindow = arena.take(FIRST_WINDOW_BYTES);
  memory.copy(key.firstWindow, affine, AFFINE_BYTES);
  buildWindow(key.firstWindow, 0);
  return key;
}

/**
 * Builds up to `windows` of the 37 windows of `key`'s table (171 KB) in `arena`, some 40 µs each; whether the
 * table is whole now. Without it the key verifies too, in three to five times the time. The first table
 * builds the base point's before it, which stays.
 */
export function buildP256Table(key: P256PublicKey, arena: Arena, windows: u32): bool {
  const base = baseKey();
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
function continueTable(key: P256PublicKey, arena: Arena, windows: u32): bool {
  if (key.windows == WINDOWS) return true;
  if (key.unfinished == 0) {
    key.unfinished = arena.take(TABLE_BYTES);
    memory.copy(key.unfinished, key.firstWindow, FIRST_WINDOW_BYTES);
    finishWindow(key.unfinished, 0);
    key.windows = 1;
  }
  for (; windows > 0 && key.windows < WINDOWS; windows--) {
    buildWindow(key.unfinished, key.windows);
    finishWindow(key.unfinished, key.windows);
    key.windows += 1;
  }
  if (key.windows < WINDOWS) return false;
  finishWindow(key.unfinished, WINDOWS);
  return true;
}

/** Scalars that are even, so that their table entries are those of n less them: bits of all kinds. */
const CHECK_SCALARS = memory.data<u32>([
  0x0a5c3e1e, 5, 0, 0, 0, 0, 0, 0, 0, 0x13579bde, 6, 0, 0, 0, 0, 0, 0, 0,
]);

const checked = memory.data(JACOBIAN_BYTES, 16);
const left = memory.data(ELEMENT_BYTES, 16);
const right = memory.data(ELEMENT_BYTES, 16);

/**
 * Whether `key`'s table, whole but not in use, gives the point that complete formulas give; or none, as it
 * may for keys like G itself, which leaves the answer to those formulas.
 */
function tableAgrees(key: P256PublicKey): bool {
  memory.copy(u1, CHECK_SCALARS, 36);
  memory.copy(u2, CHECK_SCALARS + 36, 36);
  setSumByBits(key.firstWindow);
  memory.copy(checked, sum, JACOBIAN_BYTES);
  if (!setSumByTables(baseKey().table, key.unfinished)) return true;
  // x is compared: X/Z² on both sides.
  square(left, sum + Z);
  multiply(left, left, checked);
  square(right, checked + Z);
  multiply(right, right, sum);
  return areEqual(left, right);
}

/** G as a key. */
const base = changetype<P256PublicKey>(memory.data(offsetof<P256PublicKey>(), 16));
const baseWindow = memory.data(FIRST_WINDOW_BYTES, 16);

/** G with its first window built, when first asked for (once a module). */
export function baseKey(): P256PublicKey {
  if (base.firstWindow == 0) {
    memory.copy(baseWindow, BASE_POINT, AFFINE_BYTES);
    buildWindow(baseWindow, 0);
    base.firstWindow = baseWindow;
  }
  return base;
}
