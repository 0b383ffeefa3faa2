import { Bytes, addressOf, lengthOf } from "./bytes";

/** Bytes that are hashed at most: the last ones. */
const HASHED_BYTES: u32 = 64;

/** Bytes of key that `keyedHash` needs: one for each that is hashed, a multiplier and a start behind them. */
export const HASH_KEY_BYTES: u32 = HASHED_BYTES + 16;

/**
 * A 64-bit hash of the end of `bytes`, and of their length, for tables of what ends in bytes that nobody
 * chooses, as signed tokens do: without the key, which is random and secret, nobody finds ends that collide
 * more often than chance, so nobody makes a table slow. It proves nothing; users compare the bytes as well.
 *
 * NH of UMAC (RFC 4418 §5.2.2): sums of products of 32-bit words of message and key, here in two 64-bit
 * lanes, mixed by a random odd multiplier.
 */
export function keyedHash(bytes: Bytes, key: usize): u64 {
  const length = lengthOf(bytes);
  const hashed = min(length, HASHED_BYTES);
  const multiplier = load<u64>(key + HASHED_BYTES) | 1;
  const start = load<u64>(key + HASHED_BYTES + 8);
  const block = hashBlock(addressOf(bytes) + length - hashed, hashed, key);
  const hash = (start ^ length ^ block) * multiplier;
  return hash ^ (hash >> 32);
}

/** NH of `length` bytes; the last part is padded with zeros, its length is hashed besides. */
function hashBlock(address: usize, length: u32, key: usize): u64 {
  let sum = i64x2.splat(0);
  let offset: u32 = 0;
  while (offset + 16 <= length) {
    sum = i64x2.add(sum, product(v128.load(address + offset), v128.load(key + offset)));
    offset += 16;
  }
  if (offset < length) {
    sum = i64x2.add(sum, product(partialVector(address + offset, length - offset), v128.load(key + offset)));
  }
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
}

/** (m0+k0)(m2+k2) and (m1+k1)(m3+k3) of four words each, exact in 64 bits. */
@inline
function product(message: v128, key: v128): v128 {
  const sum = i32x4.add(message, key);
  return i64x2.extmul_low_i32x4_u(
    sum,
    i8x16.shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  );
}

/** Up to 15 bytes, zeros behind them; reads no byte beyond. */
function partialVector(address: usize, length: u32): v128 {
  let low: u64 = 0;
  let high: u64 = 0;
  for (let index: u32 = 0; index < length; index++) {
    const byte: u64 = load<u8>(address + index);
    if (index < 8) low |= byte << (index << 3);
    else high |= byte << ((index - 8) << 3);
  }
  return i64x2.replace_lane(i64x2.splat(low), 1, high);
}
