/** HMAC with SHA-2 (RFC 2104, FIPS 198-1), for the signatures of RFC 7518 §3.2. */
import { Arena, Bytes, addressOf, bytesAt, lengthOf } from "as-bytes";
import {
  Hash,
  MAX_DIGEST_BYTES,
  STATE_BYTES,
  absorbBlocks,
  absorbLast,
  blockBytes,
  computeDigest,
  digestBytes,
  setInitialState,
  writeDigest,
} from "./sha2";

/** A secret for one hash function, as the states that its padded forms lead to. */
@unmanaged
export class HmacKey {
  hash: Hash;
  /** After the block K ⊕ ipad. */
  inner: usize;
  /** After the block K ⊕ opad. */
  outer: usize;
}

const block = memory.data(128, 16);
const state = memory.data(STATE_BYTES, 16);
const mac = memory.data(MAX_DIGEST_BYTES, 16);

/** The key made ready in `arena` (about 150 bytes), or null for a secret shorter than a digest (RFC 7518 §3.2). */
export function hmacKey(arena: Arena, hash: Hash, secret: Bytes): HmacKey | null {
  const length = lengthOf(secret);
  if (length < digestBytes(hash)) return null;
  const size = blockBytes(hash);
  memory.fill(block, 0, size);
  if (length > size) computeDigest(hash, secret, block);
  else memory.copy(block, addressOf(secret), length);

  const key = changetype<HmacKey>(arena.allocate(offsetof<HmacKey>()));
  key.hash = hash;
  key.inner = arena.allocate(STATE_BYTES);
  key.outer = arena.allocate(STATE_BYTES);
  absorbPadded(hash, key.inner, 0x36);
  absorbPadded(hash, key.outer, 0x5c);
  memory.fill(block, 0, size);
  return key;
}

/** `state` after the secret in `block` with `pad` added to each byte. */
function absorbPadded(hash: Hash, state: usize, pad: u8): void {
  const size = blockBytes(hash);
  for (let i: u32 = 0; i < size; i++) store<u8>(block + i, load<u8>(block + i) ^ pad);
  setInitialState(hash, state);
  absorbBlocks(hash, state, block, block + size);
  for (let i: u32 = 0; i < size; i++) store<u8>(block + i, load<u8>(block + i) ^ pad);
}

/** Whether `signature` is the whole HMAC of `message` under `key`; the time does not tell how nearly. */
export function verifyHmac(key: HmacKey, message: Bytes, signature: Bytes): bool {
  const hash = key.hash;
  const length = digestBytes(hash);
  if (lengthOf(signature) != length) return false;
  memory.copy(state, key.inner, STATE_BYTES);
  absorbLast(hash, state, message, blockBytes(hash));
  writeDigest(hash, state, mac);
  memory.copy(state, key.outer, STATE_BYTES);
  absorbLast(hash, state, bytesAt(mac, length), blockBytes(hash));
  writeDigest(hash, state, mac);
  let difference: u32 = 0;
  for (let i: u32 = 0; i < length; i++) difference |= load<u8>(mac + i) ^ load<u8>(addressOf(signature) + i);
  return difference == 0;
}
