/** Tables of `key-table.ts` for the points of `edwards.ts`. */
import {
  ENTRY_BYTES,
  EXTENDED_BYTES,
  Z,
  addEntries,
  addExtended,
  doubleExtended,
  setFromEntries,
  toEntry,
} from "./edwards";
import { TableShape, multiplesOf, windowEntry } from "./key-table";
import { PAIR_BYTES, invertLeft, multiply, setInteger } from "./edwards-field";

/** 36 windows of 7 bits: 221 KB. */
export const ED25519_TABLE = changetype<TableShape>(memory.data<u32>([7, 36, 96]));

/** The odd multiples of a window's point, and 2^w times it. */
const multiples = memory.data(65 * EXTENDED_BYTES, 16);
/** Products of the Z of the first multiples, up to each. */
const products = memory.data(65 * PAIR_BYTES, 16);
const step = memory.data(EXTENDED_BYTES, 16);
const inverse = memory.data(PAIR_BYTES, 16);
const inverseOfZ = memory.data(PAIR_BYTES, 16);

/**
 * Fills window `window` after its first entry, and the next window's first entry. Once this has been
 * done for every window in turn, the table whose very first entry was P lacks the last one alone.
 */
export function buildEdwardsWindow(table: usize, window: u32): void {
  const count = multiplesOf(ED25519_TABLE);
  const entry = windowEntry(table, window, ED25519_TABLE);
  setFromEntries(multiples, entry, entry);
  doubleExtended(step, multiples);
  for (let i: u32 = 1; i < count; i++) {
    const multiple = multiples + i * EXTENDED_BYTES;
    addExtended(multiple, multiple - EXTENDED_BYTES, step);
  }
  const last = multiples + count * EXTENDED_BYTES;
  addExtended(last, last - EXTENDED_BYTES, multiples);
  writeMultiples(entry, count);
}

/** Sets the last entry, 2^(w·windows)·P − P. */
export function buildEdwardsTop(table: usize): void {
  const top = windowEntry(table, ED25519_TABLE.windows, ED25519_TABLE);
  setFromEntries(multiples + EXTENDED_BYTES, top, top);
  addEntries(multiples + EXTENDED_BYTES, table, table, true, true);
  writeMultiples(top, 1);
}

/** Writes the multiples 1 … `count` behind `entry`, with one inversion for all (Montgomery's trick). */
function writeMultiples(entry: usize, count: u32): void {
  setInteger(products, 1.0);
  for (let i: u32 = 1; i <= count; i++) {
    const sofar = products + i * PAIR_BYTES;
    multiply(sofar, sofar - PAIR_BYTES, multiples + i * EXTENDED_BYTES + Z);
  }
  invertLeft(inverse, products + count * PAIR_BYTES);
  for (let i = count; i > 0; i--) {
    const point = multiples + i * EXTENDED_BYTES;
    multiply(inverseOfZ, inverse, products + (i - 1) * PAIR_BYTES);
    multiply(inverse, inverse, point + Z);
    toEntry(entry + i * ENTRY_BYTES, point, inverseOfZ);
  }
}
