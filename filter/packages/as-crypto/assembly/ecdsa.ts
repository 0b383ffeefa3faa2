/**
 * ECDSA verification on P-384 and P-521 (FIPS 186-5 §6.4.2), for the signatures of RFC 7518 §3.4. A key
 * verifies at once, bit by bit; once its table is built, several times as fast.
 */
import { Bytes, addressOf, lengthOf } from "as-bytes";
import { EcPublicKey, baseKey } from "./ec-key";
import { setSumByBits, setSumByTables, sum, u1, u2 } from "./ec-sum";
import { field, order, useCurve } from "./nist-curve";
import { NUMBER_BYTES, addTimes, fromOctets } from "./numbers";
import { isBelowPrime, isZeroElement, setFromNumber } from "./pair-convert";
import { multiply, normalize, subtract } from "./pair-field";
import { invertScalar, multiplyScalars, orderNumber, scalarFromOctets } from "./scalars";
import { POINT_BYTES, Z } from "./weierstrass";

const r = memory.data(NUMBER_BYTES, 16);
const s = memory.data(NUMBER_BYTES, 16);
const product = memory.data(POINT_BYTES, 16);

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
  setFromNumber(product, r, field);
  multiply(product, product, sum + Z, field);
  subtract(product, product, sum, field);
  normalize(product, product, field);
  return isZeroElement(product, field);
}
