/** ECDSA verification on P-256 with SHA-256 (FIPS 186-5 §6.4.2), for the signatures of RFC 7518 §3.4. */
import { Arena, Bytes, addressOf, lengthOf } from "as-bytes";
import { areEqual, elementFromNumber, elementFromOctets, isBelowPrime, multiply, square } from "./p256-field";
import { OCTETS, addSigned, fromOctets } from "./p256-limbs";
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
  ORDER,
  SCALAR_BYTES,
  invertScalar,
  multiplyScalars,
  scalarBits,
  scalarFromOctets,
} from "./p256-scalar";
import { TABLE_BYTES, addMultipleOf, baseTableAddress, buildTable, setMultiple } from "./p256-table";

/** A public point Q, as the table of its multiples; Q itself is the first entry. */
@unmanaged
export class P256PublicKey {
  table: usize;
}

/**
 * The key made ready in `arena` (59 KB, about a millisecond), or null where x or y are not 32 bytes, not
 * below p, or not on the curve. (Infinity has no such form, and the curve's order is prime.)
 */
export function p256PublicKey(arena: Arena, x: Bytes, y: Bytes): P256PublicKey | null {
  if (lengthOf(x) != OCTETS || lengthOf(y) != OCTETS) return null;
  if (!elementFromOctets(pointX(sum), addressOf(x))) return null;
  if (!elementFromOctets(pointY(sum), addressOf(y))) return null;
  if (!isOnCurve(sum)) return null;

  const key = changetype<P256PublicKey>(arena.allocate(offsetof<P256PublicKey>()));
  key.table = arena.allocate(TABLE_BYTES);
  memory.copy(key.table, sum, AFFINE_BYTES);
  buildTable(key.table);
  baseTableAddress();
  return key;
}

const r = memory.data(SCALAR_BYTES, 16);
const s = memory.data(SCALAR_BYTES, 16);
const u1 = memory.data(SCALAR_BYTES, 16);
const u2 = memory.data(SCALAR_BYTES, 16);
const sum = memory.data(108, 16);

/** Whether `signature` (r and s, 32 bytes each) is `key`'s for the SHA-256 at `digest`. */
export function verifyP256Sha256(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  if (!readSignature(digest, signature)) return false;
  setMultiple(sum, baseTableAddress(), u1);
  addMultipleOf(sum, key.table, u2);
  // Infinite, or sums that collided on the way, or u1 = 0: rare unless somebody tries.
  if (isInfinity(sum)) return verifyBySlowPath(key.table);
  return hasCoordinate(sum);
}

/** The same answer by complete formulas only: slower, without the tables. */
export function verifyP256Sha256Complete(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  return readSignature(digest, signature) && verifyBySlowPath(key.table);
}

/** Sets r, u1 = e/s and u2 = r/s modulo n; false where r or s is not in [1, n − 1]. */
function readSignature(digest: usize, signature: Bytes): bool {
  if (lengthOf(signature) != 2 * OCTETS) return false;
  const octets = addressOf(signature);
  if (!scalarFromOctets(r, octets) || !scalarFromOctets(s, octets + OCTETS)) return false;
  invertScalar(s, s);
  fromOctets(u1, digest);
  multiplyScalars(u1, u1, s);
  multiplyScalars(u2, r, s);
  return true;
}

/** Whether the x of `point` is r modulo n: x = X/Z² is compared as r·Z² = X, and r + n in place of r. */
function hasCoordinate(point: usize): bool {
  square(zSquared, pointZ(point));
  if (isCoordinate(r, point)) return true;
  addSigned(candidate, r, ORDER, 1);
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
    const which = scalarBits(u1, bit, 1) | (scalarBits(u2, bit, 1) << 1);
    if (which != 0) addPoints(sum, sum, points + (which - 1) * JACOBIAN_BYTES);
  }
  return !isInfinity(sum) && hasCoordinate(sum);
}
