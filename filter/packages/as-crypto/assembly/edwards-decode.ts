/** Decoding of Ed25519 public keys (RFC 8032 §5.1.3). */
import {
  ED25519_FIELD,
  PAIR_BYTES,
  add,
  isZeroElement,
  multiply,
  normalize,
  setFromCoordinate,
  setInteger,
  setPair,
  subtract,
  toCoordinate,
} from "./pair-field";

/** d, and a square root of −1, as coordinates. */
const D = memory.data<u32>([
  0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee, 0x00000000,
  0x00000000,
]);
const ROOT_OF_MINUS_1 = memory.data<u32>([
  0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806, 0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480, 0x00000000,
  0x00000000,
]);

const field = ED25519_FIELD;
const scratch = memory.data(6 * PAIR_BYTES, 16);
const u = scratch;
const v = scratch + PAIR_BYTES;
const v3 = scratch + 2 * PAIR_BYTES;
const base = scratch + 3 * PAIR_BYTES;
const check = scratch + 4 * PAIR_BYTES;
const constant = scratch + 5 * PAIR_BYTES;
const coordinate = memory.data(40, 16);

/** Sets the normal x and y, in both lanes, of the point whose 32 bytes are at `octets`; whether there is one. */
export function decompress(x: usize, y: usize, octets: usize): bool {
  memory.copy(coordinate, octets, 32);
  store<u64>(coordinate, 0, 32);
  const last = load<u8>(octets, 31);
  const sign = last >> 7;
  store<u8>(coordinate, last & 0x7f, 31);
  if (!setFromCoordinate(y, coordinate, field)) return false; // step 1
  normalize(y, y, field);

  // x² = u/v with u = y² − 1, v = d·y² + 1 (step 2).
  multiply(u, y, y, field);
  setPair(constant, D, D, false, false, field);
  multiply(v, u, constant, field);
  setInteger(constant, 1.0, field);
  subtract(u, u, constant, field);
  add(v, v, constant, field);
  normalize(u, u, field);
  normalize(v, v, field);

  // x = u·v³·(u·v⁷)^((p − 5)/8) (step 3); the exponent is 2^252 − 3: all ones but bit 1.
  multiply(v3, v, v, field);
  multiply(v3, v3, v, field);
  multiply(base, v3, v3, field);
  multiply(base, base, v, field);
  multiply(base, base, u, field);
  memory.copy(x, base, PAIR_BYTES);
  for (let bit = 250; bit >= 0; bit--) {
    multiply(x, x, x, field);
    if (bit != 1) multiply(x, x, base, field);
  }
  multiply(x, x, v3, field);
  multiply(x, x, u, field);

  multiply(check, x, x, field);
  multiply(check, check, v, field);
  add(constant, check, u, field);
  normalize(constant, constant, field);
  subtract(check, check, u, field);
  normalize(check, check, field);
  if (!isZeroElement(check, field)) {
    if (!isZeroElement(constant, field)) return false;
    setPair(constant, ROOT_OF_MINUS_1, ROOT_OF_MINUS_1, false, false, field);
    multiply(x, x, constant, field);
  }

  if (sign != 0 && isZeroElement(x, field)) return false; // step 4
  toCoordinate(coordinate, x, field);
  if ((load<u8>(coordinate) & 1) != sign) {
    setInteger(constant, 0.0, field);
    subtract(x, constant, x, field);
  }
  return true;
}
