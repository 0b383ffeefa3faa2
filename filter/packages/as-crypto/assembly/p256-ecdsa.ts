/** ECDSA verification on P-256 with SHA-256 (FIPS 186-5 §6.4.2), for the signatures of RFC 7518 §3.4. */
import { Arena, Bytes, addressOf, lengthOf } from "as-bytes";
import { TabledKey } from "./key-table";
import { NUMBER_BYTES, addTimes, bitsOf, fromOctets } from "./numbers";
import {
  AFFINE_BYTES,
  BASE_POINT,
  JACOBIAN_BYTES,
  Y,
  Z,
  addPoints,
  doublePoint,
  isInfinity,
  isOnCurve,
  setInfinity,
} from "./p256-curve";
import { isFused } from "./p256-element";
import {
  ELEMENT_BYTES,
  OCTETS,
  areEqual,
  elementFromNumber,
  elementFromOctets,
  isBelowPrime,
  multiply,
  square,
} from "./p256-field";
import { setAffine } from "./p256-point";
import { sumTerms, sumTermsByDoubling } from "./p256-sum";
import {
  FIRST_WINDOW_BYTES,
  TABLE_BYTES,
  WINDOWS,
  WINDOW_BITS,
  buildWindow,
  finishWindow,
  setTerms,
  setTermsOfWindows,
} from "./p256-table";
import { P256_ORDER, invertScalar, multiplyScalars, orderNumber, scalarFromOctets } from "./scalars";

/** A public point Q, as the first window of its table, and the whole table if it has been built. */
@unmanaged
export class P256PublicKey extends TabledKey {
  firstWindow: usize;
}

/**
 * The key made ready in `arena` (4.7 KB), or null where x or y are not 32 bytes, not below p, or not on
 * the curve. (Infinity has no such form, and the curve's order is prime.)
 */
export function p256PublicKey(arena: Arena, x: Bytes, y: Bytes): P256PublicKey | null {
  if (lengthOf(x) != OCTETS || lengthOf(y) != OCTETS) return null;
  if (!elementFromOctets(sum, addressOf(x))) return null;
  if (!elementFromOctets(sum + Y, addressOf(y))) return null;
  if (!isOnCurve(sum)) return null;

  const key = changetype<P256PublicKey>(arena.allocate(offsetof<P256PublicKey>()));
  key.firstWindow = arena.take(FIRST_WINDOW_BYTES);
  memory.copy(key.firstWindow, sum, AFFINE_BYTES);
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

/** G as a key. */
const base = changetype<P256PublicKey>(memory.data(offsetof<P256PublicKey>(), 16));
const baseWindow = memory.data(FIRST_WINDOW_BYTES, 16);

/** G with its first window built, when first asked for (once a module). */
function baseKey(): P256PublicKey {
  if (base.firstWindow == 0) {
    memory.copy(baseWindow, BASE_POINT, AFFINE_BYTES);
    buildWindow(baseWindow, 0);
    base.firstWindow = baseWindow;
  }
  return base;
}

let arenaOfBase: Arena | null = null;

/** The memory of the base point's table, taken when a key first wants one. */
function baseArena(): Arena {
  let arena = arenaOfBase;
  if (arena === null) {
    arena = Arena.create();
    arenaOfBase = arena;
  }
  return arena;
}

const r = memory.data(NUMBER_BYTES, 16);
const s = memory.data(NUMBER_BYTES, 16);
const u1 = memory.data(NUMBER_BYTES, 16);
const u2 = memory.data(NUMBER_BYTES, 16);
const sum = memory.data(JACOBIAN_BYTES, 16);

/** Whether `signature` (r and s, 32 bytes each) is `key`'s for the SHA-256 at `digest`. */
export function verifyP256Sha256(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  if (!readSignature(digest, signature)) return false;
  // Sums that collided on the way, or u1 = 0: rare unless somebody tries.
  if (!setSum(key)) setSumCompletely(key);
  return !isInfinity(sum) && hasCoordinate(sum);
}

/** sum = u1·G + u2·Q; false where only `setSumCompletely` knows it. */
function setSum(key: P256PublicKey): bool {
  if (key.table != 0) return setSumByTables(key.table);
  setTermsOfWindows(baseKey().firstWindow, u1, key.firstWindow, u2);
  return sumTermsByDoubling(sum, WINDOW_BITS);
}

function setSumByTables(table: usize): bool {
  setTerms(base.table, u1, table, u2);
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (isFused) return sumTerms<f64>(sum);
  }
  return sumTerms<i32>(sum);
}

const checked = memory.data(JACOBIAN_BYTES, 16);

/** Scalars that are even, so that their table entries are those of n less them: bits of all kinds. */
const CHECK_SCALARS = memory.data<u32>([
  0x0a5c3e1e, 5, 0, 0, 0, 0, 0, 0, 0, 0x13579bde, 6, 0, 0, 0, 0, 0, 0, 0,
]);

/**
 * Whether `key`'s table, whole but not in use, gives the point that complete formulas give; or none, as it
 * may for keys like G itself, which leaves the answer to those formulas.
 */
function tableAgrees(key: P256PublicKey): bool {
  memory.copy(u1, CHECK_SCALARS, 36);
  memory.copy(u2, CHECK_SCALARS + 36, 36);
  setSumCompletely(key);
  memory.copy(checked, sum, JACOBIAN_BYTES);
  if (!setSumByTables(key.unfinished)) return true;
  // x is compared: X/Z² on both sides.
  square(zSquared, sum + Z);
  multiply(product, checked, zSquared);
  square(zSquared, checked + Z);
  multiply(zSquared, zSquared, sum);
  return areEqual(product, zSquared);
}

/** The same answer by complete formulas only, bit by bit. */
export function verifyP256Sha256Complete(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  if (!readSignature(digest, signature)) return false;
  setSumCompletely(key);
  return !isInfinity(sum) && hasCoordinate(sum);
}

/** Sets r, u1 = e/s and u2 = r/s modulo n; false where r or s is not in [1, n − 1]. */
function readSignature(digest: usize, signature: Bytes): bool {
  if (lengthOf(signature) != 2 * OCTETS) return false;
  const octets = addressOf(signature);
  if (!scalarFromOctets(r, octets, P256_ORDER) || !scalarFromOctets(s, octets + OCTETS, P256_ORDER))
    return false;
  invertScalar(s, s, P256_ORDER);
  fromOctets(u1, P256_ORDER.words, digest, OCTETS);
  multiplyScalars(u1, u1, s, P256_ORDER);
  multiplyScalars(u2, r, s, P256_ORDER);
  return true;
}

/** Whether the x of `point` is r modulo n: x = X/Z² is compared as r·Z² = X, and r + n in place of r. */
function hasCoordinate(point: usize): bool {
  square(zSquared, point + Z);
  if (isCoordinate(r, point)) return true;
  addTimes(candidate, r, orderNumber(P256_ORDER), 1, P256_ORDER.words);
  return isBelowPrime(candidate) && isCoordinate(candidate, point);
}

function isCoordinate(x: usize, point: usize): bool {
  elementFromNumber(product, x);
  multiply(product, product, zSquared);
  return areEqual(product, point);
}

const zSquared = memory.data(ELEMENT_BYTES, 16);
const candidate = memory.data(ELEMENT_BYTES, 16);
const product = memory.data(ELEMENT_BYTES, 16);

/** G, Q and G + Q, Jacobian. */
const points = memory.data(3 * JACOBIAN_BYTES, 16);

/** sum = u1·G + u2·Q, bit by bit with Shamir's trick. */
function setSumCompletely(key: P256PublicKey): void {
  const both = points + 2 * JACOBIAN_BYTES;
  setAffine<i32>(points, BASE_POINT);
  setAffine<i32>(points + JACOBIAN_BYTES, key.firstWindow);
  addPoints(both, points, points + JACOBIAN_BYTES);
  setInfinity(sum);
  let isZero = true;
  for (let bit: i32 = 255; bit >= 0; bit--) {
    if (!isZero) doublePoint(sum, 1);
    const which = bitsOf(u1, bit, 1) | (bitsOf(u2, bit, 1) << 1);
    if (which == 0) continue;
    addPoints(sum, sum, points + (which - 1) * JACOBIAN_BYTES);
    isZero = false;
  }
}
