/** ECDSA verification on P-256 with SHA-256 (FIPS 186-5 §6.4.2), for the signatures of RFC 7518 §3.4. */
import { Bytes, addressOf, lengthOf } from "as-bytes";
import { NUMBER_BYTES, addTimes, fromOctets } from "./numbers";
import { Z, isInfinity } from "./p256-curve";
import { setSumByBits, setSumByTables, setSumByWindows, sum, u1, u2 } from "./p256-double-scalar";
import {
  ELEMENT_BYTES,
  OCTETS,
  areEqual,
  elementFromNumber,
  isBelowPrime,
  multiply,
  square,
} from "./p256-field";
import { P256PublicKey, baseKey } from "./p256-key";
import { P256_ORDER, invertScalar, multiplyScalars, orderNumber, scalarFromOctets } from "./scalars";

const r = memory.data(NUMBER_BYTES, 16);
const s = memory.data(NUMBER_BYTES, 16);

/** Whether `signature` (r and s, 32 bytes each) is `key`'s for the SHA-256 at `digest`. */
export function verifyP256Sha256(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  if (!readSignature(digest, signature)) return false;
  const base = baseKey();
  const isKnown =
    key.table != 0
      ? setSumByTables(base.table, key.table)
      : setSumByWindows(base.firstWindow, key.firstWindow);
  if (!isKnown) setSumByBits(key.firstWindow);
  return hasCoordinate();
}

/** The same answer by complete formulas only, bit by bit. */
export function verifyP256Sha256Complete(key: P256PublicKey, digest: usize, signature: Bytes): bool {
  if (!readSignature(digest, signature)) return false;
  setSumByBits(key.firstWindow);
  return hasCoordinate();
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

const zSquared = memory.data(ELEMENT_BYTES, 16);
const candidate = memory.data(ELEMENT_BYTES, 16);
const product = memory.data(ELEMENT_BYTES, 16);

/** Whether the sum is finite and its x is r modulo n: x = X/Z² is compared as r·Z² = X, and r + n in place of r. */
function hasCoordinate(): bool {
  if (isInfinity(sum)) return false;
  square(zSquared, sum + Z);
  if (isCoordinate(r)) return true;
  addTimes(candidate, r, orderNumber(P256_ORDER), 1, P256_ORDER.words);
  return isBelowPrime(candidate) && isCoordinate(candidate);
}

function isCoordinate(x: usize): bool {
  elementFromNumber(product, x);
  multiply(product, product, zSquared);
  return areEqual(product, sum);
}
