/**
 * Ed25519 verification (RFC 8032 §5.1.7), without the cofactor: S·B − k·A must encode to R byte for byte.
 *
 * One lane computes S·B, the other k·(−A) (`edwards.ts`). A key verifies at once, bit by bit; once its
 * table is built, several times as fast.
 */
import { Arena, Bytes, addressOf, bytesAt, lengthOf } from "as-bytes";
import {
  ENTRY_BYTES,
  BASE_ENTRY,
  EXTENDED_BYTES,
  addEntries,
  addExtended,
  doubleExtended,
  encodePoint,
  entryOrNeutral,
  isNeutral,
  setFromAffine,
  setFromEntries,
  setNeutral,
  toEntry,
} from "./edwards";
import { ED25519_TABLE, buildEdwardsTop, buildEdwardsWindow } from "./edwards-table";
import { decompress } from "./edwards-decode";
import { PAIR_BYTES, exchange, negate, setInteger } from "./edwards-field";
import {
  TabledKey,
  baseArena,
  digitEntry,
  digitOf,
  isNegativeDigit,
  tableBytes,
  topEntry,
} from "./key-table";
import { NUMBER_BYTES, addTimes, bitsOf, fromLittleEndian, isLess } from "./numbers";
import { ED25519_ORDER, multiplyScalars, orderNumber } from "./scalars";
import { Hash, STATE_BYTES, absorbBlocks, absorbLast, setInitialState, writeDigest } from "./sha2";

/** Bytes of a public key, and of each half of a signature. */
const OCTETS: u32 = 32;

/** A public point A: its encoding, −A as an entry, and the table of −A's multiples if it has been built. */
@unmanaged
export class Ed25519PublicKey extends TabledKey {
  encoding: usize;
  entry: usize;
}

const x = memory.data(PAIR_BYTES, 16);
const y = memory.data(PAIR_BYTES, 16);
const one = memory.data(PAIR_BYTES, 16);
const sum = memory.data(EXTENDED_BYTES, 16);
const other = memory.data(EXTENDED_BYTES, 16);

/**
 * The key made ready in `arena` (about 200 bytes), or null where `encoding` is not the one encoding of a
 * point on the curve (§5.1.3), or the point's order is small.
 */
export function ed25519PublicKey(arena: Arena, encoding: Bytes): Ed25519PublicKey | null {
  if (lengthOf(encoding) != OCTETS || !decompress(x, y, addressOf(encoding))) return null;
  setFromAffine(sum, x, y);
  // The cofactor is 8.
  doubleExtended(other, sum);
  doubleExtended(other, other);
  doubleExtended(other, other);
  if (isNeutral(other)) return null;

  const key = changetype<Ed25519PublicKey>(arena.allocate(offsetof<Ed25519PublicKey>()));
  key.encoding = arena.allocate(OCTETS);
  memory.copy(key.encoding, addressOf(encoding), OCTETS);
  key.entry = arena.allocate(ENTRY_BYTES);
  setInteger(one, 1.0);
  negate(x, true, true);
  setFromAffine(sum, x, y);
  toEntry(key.entry, sum, one);
  return key;
}

/**
 * Builds up to `windows` windows of `key`'s table, in `arena`; whether the table is whole now. The first
 * key builds the base point's table before its own, which stays.
 */
export function buildEd25519Table(key: Ed25519PublicKey, arena: Arena, windows: u32): bool {
  baseKey.entry = BASE_ENTRY;
  if (baseKey.table == 0) {
    if (!continueTable(baseKey, baseArena(), windows)) return false;
    baseKey.table = baseKey.unfinished;
  }
  if (key.table != 0) return true;
  if (!continueTable(key, arena, windows)) return false;
  if (!tableAgrees(key)) return false;
  key.table = key.unfinished;
  return true;
}

const baseKey = changetype<Ed25519PublicKey>(memory.data(offsetof<Ed25519PublicKey>(), 16));

/** Whether the table that is being built is whole now. */
function continueTable(key: Ed25519PublicKey, arena: Arena, windows: u32): bool {
  if (key.windows == ED25519_TABLE.windows) return true;
  if (key.unfinished == 0) {
    key.unfinished = arena.take(tableBytes(ED25519_TABLE));
    memory.copy(key.unfinished, key.entry, ENTRY_BYTES);
  }
  for (; windows > 0 && key.windows < ED25519_TABLE.windows; windows--) {
    buildEdwardsWindow(key.unfinished, key.windows);
    key.windows += 1;
  }
  if (key.windows < ED25519_TABLE.windows) return false;
  buildEdwardsTop(key.unfinished);
  return true;
}

const s = memory.data(NUMBER_BYTES, 16);
const k = memory.data(NUMBER_BYTES, 16);
const result = memory.data(OCTETS, 16);

/** Whether `signature` is `key`'s for `message`. */
export function verifyEd25519(key: Ed25519PublicKey, message: Bytes, signature: Bytes): bool {
  if (lengthOf(signature) != 2 * OCTETS) return false;
  const encodedR = addressOf(signature);
  fromLittleEndian(s, ED25519_ORDER.words, encodedR + OCTETS, OCTETS);
  if (!isLess(s, orderNumber(ED25519_ORDER), ED25519_ORDER.words)) return false;
  hashToScalar(encodedR, key.encoding, message);
  if (key.table != 0) setSumByTables(baseKey.table, key.table);
  else setSumByBits(BASE_ENTRY, key.entry);
  encodePoint(result, sum);
  return isSame(result, encodedR);
}

/** Whether two encodings are the same. */
function isSame(a: usize, b: usize): bool {
  let difference: u64 = 0;
  for (let i: u32 = 0; i < OCTETS; i += 8) difference |= load<u64>(a + i) ^ load<u64>(b + i);
  return difference == 0;
}

const checked = memory.data(OCTETS, 16);

/** Two scalars with all kinds of digits, as numbers. */
const CHECK_SCALARS = memory.data<u32>([
  0x09e3779b, 0x1b54a32d, 0x192ed03a, 0x0f39cc06, 0x05c8647c, 0x1d1b54a3, 0x0a5c3e1d, 0x13579bdf, 0x0007ffff,
  0x00000000, 0x1243f6a8, 0x085a308d, 0x113198a2, 0x03707344, 0x0a409382, 0x1299f31d, 0x0082efa9, 0x1ec4e6c8,
  0x000c5a6d, 0x00000000,
]);

/** Whether `key`'s table, whole but not in use, gives the point that the multiplication bit by bit gives. */
function tableAgrees(key: Ed25519PublicKey): bool {
  memory.copy(s, CHECK_SCALARS, 40);
  memory.copy(k, CHECK_SCALARS + 40, 40);
  setSumByBits(BASE_ENTRY, key.entry);
  encodePoint(checked, sum);
  setSumByTables(baseKey.table, key.unfinished);
  encodePoint(result, sum);
  return isSame(checked, result);
}

const state = memory.data(STATE_BYTES, 16);
const firstBlock = memory.data(128, 16);
const digest = memory.data(64, 16);
const high = memory.data(NUMBER_BYTES, 16);

/** R and 2^256·R modulo L, with the R of `scalars.ts`. */
const R_MODULO = memory.data<u32>([
  0x114df9ed, 0x1a617303, 0x0f7c098c, 0x16793167, 0x1ffd656e, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x000fffff,
  0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
  0x00000000, 0x00000000,
]);
const R_TIMES_2_256 = memory.data<u32>([
  0x08c914a5, 0x020c3580, 0x1b47c606, 0x153fad37, 0x1ccb96fa, 0x1d217f5b, 0x1ee77639, 0x0df0c268, 0x00032823,
  0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
  0x00000000, 0x00000000,
]);

/** k = SHA-512(R, A, message) modulo L (step 2). */
function hashToScalar(encodedR: usize, encodedA: usize, message: Bytes): void {
  const inFirst = min(lengthOf(message), 64);
  memory.copy(firstBlock, encodedR, OCTETS);
  memory.copy(firstBlock + OCTETS, encodedA, OCTETS);
  memory.copy(firstBlock + 64, addressOf(message), inFirst);
  setInitialState(Hash.SHA512, state);
  if (inFirst < 64) {
    absorbLast(Hash.SHA512, state, bytesAt(firstBlock, 64 + inFirst), 0);
  } else {
    absorbBlocks(Hash.SHA512, state, firstBlock, firstBlock + 128);
    absorbLast(Hash.SHA512, state, bytesAt(addressOf(message) + 64, lengthOf(message) - 64), 128);
  }
  writeDigest(Hash.SHA512, state, digest);

  const words = ED25519_ORDER.words;
  fromLittleEndian(k, words, digest, 32);
  fromLittleEndian(high, words, digest + 32, 32);
  multiplyScalars(k, k, R_MODULO, ED25519_ORDER);
  multiplyScalars(high, high, R_TIMES_2_256, ED25519_ORDER);
  addTimes(k, k, high, 1, words);
  if (!isLess(k, orderNumber(ED25519_ORDER), words)) addTimes(k, k, orderNumber(ED25519_ORDER), -1, words);
}

/** sum = S·B + k·(−A): the one in the left lane, the other in the right one, and then both. */
function setSumByTables(base: usize, table: usize): void {
  const shape = ED25519_TABLE;
  setFromEntries(sum, topEntry(base, s, shape), topEntry(table, k, shape));
  store<u32>(s, load<u32>(s) | 1);
  store<u32>(k, load<u32>(k) | 1);
  for (let window: u32 = 0; window < shape.windows; window++) {
    const left = digitOf(s, window, shape);
    const right = digitOf(k, window, shape);
    addEntries(
      sum,
      digitEntry(base, window, left, shape),
      digitEntry(table, window, right, shape),
      isNegativeDigit(left, shape),
      isNegativeDigit(right, shape),
    );
  }
  addLanes();
}

/** The same without tables, by doubling and adding. */
function setSumByBits(left: usize, right: usize): void {
  setNeutral(sum);
  for (let bit: i32 = 252; bit >= 0; bit--) {
    doubleExtended(sum, sum);
    const isLeft = bitsOf(s, bit, 1) != 0;
    const isRight = bitsOf(k, bit, 1) != 0;
    if (!isLeft && !isRight) continue;
    addEntries(sum, entryOrNeutral(left, isLeft), entryOrNeutral(right, isRight), false, false);
  }
  addLanes();
}

/** Adds the right lane of the sum to the left one. */
function addLanes(): void {
  for (let i: u32 = 0; i < EXTENDED_BYTES; i += PAIR_BYTES) exchange(other + i, sum + i);
  addExtended(sum, sum, other);
}
