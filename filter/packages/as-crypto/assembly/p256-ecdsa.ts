/** ECDSA verification on P-256 with SHA-256 (FIPS 186-5 §6.4.2), for the signatures of RFC 7518 §3.4. */
import { Arena, Bytes, addressOf, lengthOf } from "as-bytes";
import { NUMBER_BYTES, addTimes, bitsOf, fromOctets } from "./numbers";
import {
  OCTETS,
  areEqual,
  elementFromNumber,
  elementFromOctets,
  isBelowPrime,
  multiply,
  square,
} from "./p256-field";
import {
  AFFINE_BYTES,
  BASE_POINT,
  JACOBIAN_BYTES,
  addPoints,
  doublePoint,
  isInfinity,
  isOnCurve,
  pointX,
  pointY,
  pointZ,
  setAffine,
  setInfinity,
} from "./p256-point";
import {
  FIRST_WINDOW_BYTES,
  TABLE_BYTES,
  WINDOWS,
  addMultipleOf,
  baseTableAddress,
  buildWindow,
  setMultiple,
  setMultipleByDoubling,
} from "./p256-table";
import { P256_ORDER, invertScalar, multiplyScalars, orderNumber, scalarFromOctets } from "./scalars";

/** A public point Q, as the first window of its table, and the whole table if it has been built. */
@unmanaged
export class P256PublicKey {
  firstWindow: usize;
  /** 0 until the table is whole. */
  table: usize;
  /** The table while it is being built, and how many windows it has. */
  unfinished: usize;
  windows: u32;
}

/**
 * The key made ready in `arena` (2.4 KB), or null where x or y are not 32 bytes, not below p, or not on
 * the curve. (Infinity has no such form, and the curve's order is prime.)
 */
export function p256PublicKey(arena: Arena, x: Bytes, y: Bytes): P256PublicKey | null {
  if (lengthOf(x) != OCTETS || lengthOf(y) != OCTETS) return null;
  if (!elementFromOctets(pointX(sum), addressOf(x))) return null;
  if (!elementFromOctets(pointY(sum), addressOf(y))) return null;
  if (!isOnCurve(sum)) return null;

  const key = changetype<P256PublicKey>(arena.allocate(offsetof<P256PublicKey>()));
  key.firstWindow = arena.take(FIRST_WINDOW_BYTES);
  memory.copy(key.firstWindow, sum, AFFINE_BYTES);
  buildWindow(key.firstWindow, 0);
  baseTableAddress();
  return key;
}

/**
 * Builds up to `windows` of the 43 windows of `key`'s table (99 KB) in `arena`, 30 µs each; whether the
 * table is whole now. Without it the key verifies too, in about three times the time.
 */
export function buildP256Table(key: P256PublicKey, arena: Arena, windows: u32): bool {
  if (key.table != 0) return true;
  if (key.unfinished == 0) {
    key.unfinished = arena.take(TABLE_BYTES);
    memory.copy(key.unfinished, key.firstWindow, FIRST_WINDOW_BYTES);
    key.windows = 1;
  }
  for (; windows > 0 && key.windows < WINDOWS; windows--) {
    buildWindow(key.unfinished, key.windows);
    key.windows += 1;
  }
  if (key.windows < WINDOWS) return false;
  key.table = key.unfinished;
  return true;
}

const r = memory.data(NUMBER_BYTES, 16);
const s = memory.data(NUMBER_BYTES, 16);
const u1 = memory.data(NUMBER_BYTES, 16);
const u2 = memory.data(NUMBER_BYTES, 16);
const sum = memory.data(108, 16);

/** Whether `signature` (r and s, 32 bytes each) is `key`'s for the SHA-256 at `digest`. */
export function verifyP256Sha256(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  if (!readSignature(digest, signature)) return false;
  if (key.table != 0) setMultiple(sum, key.table, u2);
  else setMultipleByDoubling(sum, key.firstWindow, u2);
  addMultipleOf(sum, baseTableAddress(), u1);
  // Infinite, or sums that collided on the way, or u1 = 0: rare unless somebody tries.
  if (isInfinity(sum)) return verifyBySlowPath(key.firstWindow);
  return hasCoordinate(sum);
}

/** The same answer by complete formulas only, bit by bit. */
export function verifyP256Sha256Complete(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  return readSignature(digest, signature) && verifyBySlowPath(key.firstWindow);
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
  square(zSquared, pointZ(point));
  if (isCoordinate(r, point)) return true;
  addTimes(candidate, r, orderNumber(P256_ORDER), 1, P256_ORDER.words);
  return isBelowPrime(candidate) && isCoordinate(candidate, point);
}

function isCoordinate(x: usize, point: usize): bool {
  elementFromNumber(product, x);
  multiply(product, product, zSquared);
  return areEqual(product, pointX(point));
}

const zSquared = memory.data(36, 16);
const candidate = memory.data(36, 16);
const product = memory.data(36, 16);

/** G, Q and G + Q, Jacobian. */
const points = memory.data(3 * 108, 16);

/** u1·G + u2·Q bit by bit with Shamir's trick. */
function verifyBySlowPath(q: usize): bool {
  const both = points + 2 * JACOBIAN_BYTES;
  setAffine(points, BASE_POINT, false);
  setAffine(points + JACOBIAN_BYTES, q, false);
  addPoints(both, points, points + JACOBIAN_BYTES);
  setInfinity(sum);
  for (let bit: i32 = 255; bit >= 0; bit--) {
    doublePoint(sum, sum);
    const which = bitsOf(u1, bit, 1) | (bitsOf(u2, bit, 1) << 1);
    if (which != 0) addPoints(sum, sum, points + (which - 1) * JACOBIAN_BYTES);
  }
  return !isInfinity(sum) && hasCoordinate(sum);
}
