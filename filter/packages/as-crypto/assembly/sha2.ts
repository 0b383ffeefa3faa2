/** The hash functions SHA-256, SHA-384 and SHA-512 (FIPS 180-4). */
import { Bytes, addressOf, lengthOf } from "as-bytes";
import { SHA256_BLOCK_BYTES, SHA256_INITIAL_STATE, compressSha256 } from "./sha256";
import { SHA384_INITIAL_STATE, SHA512_BLOCK_BYTES, SHA512_INITIAL_STATE, compressSha512 } from "./sha512";

export enum Hash {
  SHA256,
  SHA384,
  SHA512,
}

/** Bytes of the longest digest. */
export const MAX_DIGEST_BYTES: u32 = 64;

/** Bytes of the largest state. */
export const STATE_BYTES: u32 = 64;

export function digestBytes(hash: Hash): u32 {
  return hash == Hash.SHA256 ? 32 : hash == Hash.SHA384 ? 48 : 64;
}

export function blockBytes(hash: Hash): u32 {
  return hash == Hash.SHA256 ? SHA256_BLOCK_BYTES : SHA512_BLOCK_BYTES;
}

const state = memory.data(STATE_BYTES, 16);
/** The last one or two blocks: what is left of the message, and the padding. */
const tail = memory.data(256, 16);

/** Writes the hash of `message` as `digestBytes(hash)` bytes at `digest`. */
export function computeDigest(hash: Hash, message: Bytes, digest: usize): void {
  setInitialState(hash, state);
  absorbLast(hash, state, message, 0);
  writeDigest(hash, state, digest);
}

export function setInitialState(hash: Hash, state: usize): void {
  if (hash == Hash.SHA256) memory.copy(state, SHA256_INITIAL_STATE, 32);
  else memory.copy(state, hash == Hash.SHA384 ? SHA384_INITIAL_STATE : SHA512_INITIAL_STATE, 64);
}

/** Takes whole blocks into `state`. */
export function absorbBlocks(hash: Hash, state: usize, blocks: usize, end: usize): void {
  if (hash == Hash.SHA256) compressSha256(state, blocks, end);
  else compressSha512(state, blocks, end);
}

/** Takes the rest of a message and its padding into `state`, which has taken `before` bytes, whole blocks. */
export function absorbLast(hash: Hash, state: usize, rest: Bytes, before: u32): void {
  const address = addressOf(rest);
  const length = lengthOf(rest);
  const block = blockBytes(hash);
  const wholeBytes = length & ~(block - 1);
  absorbBlocks(hash, state, address, address + wholeBytes);

  // Padding (§5.1): a one bit, zeros, the length in bits, a number of an eighth of a block.
  const left = length - wholeBytes;
  const tailBytes: u32 = left < block - (block >> 3) ? block : 2 * block;
  memory.fill(tail, 0, tailBytes);
  memory.copy(tail, address + wholeBytes, left);
  store<u8>(tail + left, 0x80);
  store<u64>(tail + tailBytes - 8, bswap((<u64>before + <u64>length) << 3));
  absorbBlocks(hash, state, tail, tail + tailBytes);
}

/** Writes `state` as `digestBytes(hash)` bytes at `digest`. */
export function writeDigest(hash: Hash, state: usize, digest: usize): void {
  const length = digestBytes(hash);
  if (hash == Hash.SHA256) {
    for (let i: u32 = 0; i < length; i += 4) store<u32>(digest + i, bswap(load<u32>(state + i)));
  } else {
    for (let i: u32 = 0; i < length; i += 8) store<u64>(digest + i, bswap(load<u64>(state + i)));
  }
}

/** Bytes of a SHA-256 digest. */
export const SHA256_BYTES: u32 = 32;

/** Writes the SHA-256 of `message` as `SHA256_BYTES` bytes at `digest`. */
export function sha256(message: Bytes, digest: usize): void {
  computeDigest(Hash.SHA256, message, digest);
}
