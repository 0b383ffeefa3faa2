/** Decoding of Ed25519 public keys (RFC 8032 §5.1.3). */
import {
  PAIR_BYTES,
  add,
  isBelowPrime,
  isZeroElement,
  multiply,
  negate,
  normalize,
  setFromOctets,
  setInteger,
  setPair,
  subtract,
  toOctets,
} from "./edwards-field";

/** d, and a square root of −1, as coordinates. */
const D = memory.data<u64>([0x75ef4dca135978b6, 0x00700a6d4141d8ab, 0x8cc740797879e898, 0x12036cee2b700673]);
const ROOT_OF_MINUS_1 = memory.data<u64>([
  0xc4f21b274a0ea0b0, 0x2f431826ad2fe478, 0x2b4d00993efbd7a7, 0x6b8324804fc1e70b,
]);

const scratch = memory.data(6 * PAIR_BYTES, 16);
const u = scratch;
const v = scratch + PAIR_BYTES;
const v3 = scratch + 2 * PAIR_BYTES;
const base = scratch + 3 * PAIR_BYTES;
const check = scratch + 4 * PAIR_BYTES;
const constant = scratch + 5 * PAIR_BYTES;
const encoding = memory.data(32, 16);

/** Sets the normal x and y, in both lanes, of the point whose 32 bytes are at `octets`; whether there is one. */
export function decompress(x: usize, y: usize, octets: usize): bool {
  memory.copy(encoding, octets, 32);
  const last = load<u8>(octets, 31);
  const sign = last >> 7;
  store<u8>(encoding, last & 0x7f, 31);
  if (!isBelowPrime(encoding)) return false; // step 1
  setFromOctets(y, encoding);

  // x² = u/v with u = y² − 1, v = d·y² + 1 (step 2).
  multiply(u, y, y);
  setPair(constant, D, D);
  multiply(v, u, constant);
  setInteger(constant, 1.0);
  subtract(u, u, constant);
  add(v, v, constant);
  normalize(u, u);
  normalize(v, v);

  // x = u·v³·(u·v⁷)^((p − 5)/8) (step 3); the exponent is 2^252 − 3: all ones but bit 1.
  multiply(v3, v, v);
  multiply(v3, v3, v);
  multiply(base, v3, v3);
  multiply(base, base, v);
  multiply(base, base, u);
  memory.copy(x, base, PAIR_BYTES);
  for (let bit = 250; bit >= 0; bit--) {
    multiply(x, x, x);
    if (bit != 1) multiply(x, x, base);
  }
  multiply(x, x, v3);
  multiply(x, x, u);

  multiply(check, x, x);
  multiply(check, check, v);
  add(constant, check, u);
  normalize(constant, constant);
  subtract(check, check, u);
  normalize(check, check);
  if (!isZeroElement(check)) {
    if (!isZeroElement(constant)) return false;
    setPair(constant, ROOT_OF_MINUS_1, ROOT_OF_MINUS_1);
    multiply(x, x, constant);
  }

  if (sign != 0 && isZeroElement(x)) return false; // step 4
  toOctets(encoding, x);
  if ((load<u8>(encoding) & 1) != sign) negate(x, true, true);
  return true;
}
