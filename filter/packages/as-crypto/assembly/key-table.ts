/**
 * Scalar multiplication of a point that stays, by a table of its multiples: no doublings, one addition
 * for each window of the scalar.
 *
 * An odd scalar k of at most 1 + windows·w bits is 2^(w·windows) + Σ d_i·2^(w·i) with every d_i odd in
 * ±1 … ±(2^w − 1): bits w·i+1 … w·i+w of k as a number c give d_i = 2c − (2^w − 1). (The sum telescopes:
 * Σ (1 − 2^w)·2^(w·i) is 1 − 2^(w·windows).) For an even scalar k + 1 is taken, and the point once less
 * at the top. A table holds (2j+1)·2^(w·i)·P for j = 0 … 2^(w−1) − 1 and every i, then 2^(w·windows)·P
 * and that less P.
 */
import { Arena } from "as-bytes";
import { bitsOf } from "./numbers";

/** What windows of a scalar ask of a table. */
@unmanaged
export class TableShape {
  windowBits: u32;
  windows: u32;
  /** Bytes of an entry. */
  entryBytes: u32;
}

/** A public key that gets a table. */
@unmanaged
export class TabledKey {
  /** 0 until the table is whole. */
  table: usize;
  /** The table while it is being built, and how many windows it has. */
  unfinished: usize;
  windows: u32;

  /** Lets go of the table, whose memory is the caller's. The key verifies on without, and may get another. */
  dropTable(): void {
    this.table = 0;
    this.unfinished = 0;
    this.windows = 0;
  }
}

let arenaOfBases: Arena | null = null;

/** The memory of the base points' tables, which stay; taken when a key first wants one. */
export function baseArena(): Arena {
  let arena = arenaOfBases;
  if (arena === null) {
    arena = Arena.create();
    arenaOfBases = arena;
  }
  return arena;
}

/** Entries of a window. */
export function multiplesOf(shape: TableShape): u32 {
  return 1 << (shape.windowBits - 1);
}

/** Bytes of a table, with the two that reading the last limb touches. */
export function tableBytes(shape: TableShape): u32 {
  return (shape.windows * multiplesOf(shape) + 2) * shape.entryBytes + 2;
}

/** The first entry of window `window`; of window `windows`, the top entries. */
export function windowEntry(table: usize, window: u32, shape: TableShape): usize {
  return table + window * multiplesOf(shape) * shape.entryBytes;
}

/** The top entry for the scalar `k`. */
export function topEntry(table: usize, k: usize, shape: TableShape): usize {
  const top = windowEntry(table, shape.windows, shape);
  return load<u32>(k) & 1 ? top : top + shape.entryBytes;
}

/** The bits c of the digit d = 2c − (2^w − 1) of `window` in `k`. */
@inline
export function digitOf(k: usize, window: u32, shape: TableShape): u32 {
  return bitsOf(k, window * shape.windowBits + 1, shape.windowBits);
}

/** Whether the digit with bits `digit` is negative. */
export function isNegativeDigit(digit: u32, shape: TableShape): bool {
  return digit < multiplesOf(shape);
}

/** The entry of `window` for the magnitude of that digit. */
export function digitEntry(table: usize, window: u32, digit: u32, shape: TableShape): usize {
  const multiples = multiplesOf(shape);
  // |d| = 2j + 1 with j = c − multiples, or multiples − 1 − c where d is negative.
  const j = digit < multiples ? multiples - 1 - digit : digit - multiples;
  return windowEntry(table, window, shape) + j * shape.entryBytes;
}
