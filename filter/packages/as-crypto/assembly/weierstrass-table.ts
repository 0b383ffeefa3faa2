/** Tables of `key-table.ts` for the points of `weierstrass.ts`: entries are x and y in table form. */
import { TableShape, multiplesOf, windowEntry } from "./key-table";
import { invertLeft, setPair, toCoordinate } from "./pair-convert";
import { Field, PAIR_BYTES, coordinateBytes, multiply, setInteger } from "./pair-field";
import { POINT_BYTES, Y, Z, addPoints } from "./weierstrass";

/** The odd multiples of a window's point, and 2^w times it: up to 32 and one. */
const multiples = memory.data(33 * POINT_BYTES, 16);
/** Products of the Z of the first multiples, up to each. */
const products = memory.data(33 * PAIR_BYTES, 16);
const step = memory.data(POINT_BYTES, 16);
const inverse = memory.data(PAIR_BYTES, 16);
const inverseOfZ = memory.data(PAIR_BYTES, 16);

/**
 * Fills window `window` after its first entry, and the next window's first entry. Once this has been
 * done for every window in turn, the table whose very first entry was P lacks the last one alone.
 */
export function buildWindow(table: usize, window: u32, shape: TableShape, b: usize, field: Field): void {
  const count = multiplesOf(shape);
  const entry = windowEntry(table, window, shape);
  setPoint(multiples, entry, false, field);
  addPoints(step, multiples, multiples, b, field);
  for (let i: u32 = 1; i < count; i++) {
    const multiple = multiples + i * POINT_BYTES;
    addPoints(multiple, multiple - POINT_BYTES, step, b, field);
  }
  const last = multiples + count * POINT_BYTES;
  addPoints(last, last - POINT_BYTES, multiples, b, field);
  writeMultiples(entry, count, shape, field);
}

/** Sets the last entry, 2^(w·windows)·P − P. */
export function buildTop(table: usize, shape: TableShape, b: usize, field: Field): void {
  const top = windowEntry(table, shape.windows, shape);
  setPoint(multiples, top, false, field);
  setPoint(step, table, true, field);
  addPoints(multiples + POINT_BYTES, multiples, step, b, field);
  writeMultiples(top, 1, shape, field);
}

/** `point` = the affine entry at `entry`, in both lanes, negated on demand. */
function setPoint(point: usize, entry: usize, negative: bool, field: Field): void {
  const y = entry + coordinateBytes(field);
  setPair(point, entry, entry, false, false, field);
  setPair(point + Y, y, y, negative, negative, field);
  setInteger(point + Z, 1.0, field);
}

/** Writes the multiples 1 … `count`, none infinite, behind `entry`, with one inversion for all (Montgomery's trick). */
function writeMultiples(entry: usize, count: u32, shape: TableShape, field: Field): void {
  setInteger(products, 1.0, field);
  for (let i: u32 = 1; i <= count; i++) {
    const sofar = products + i * PAIR_BYTES;
    multiply(sofar, sofar - PAIR_BYTES, multiples + i * POINT_BYTES + Z, field);
  }
  invertLeft(inverse, products + count * PAIR_BYTES, field);
  for (let i = count; i > 0; i--) {
    const point = multiples + i * POINT_BYTES;
    const address = entry + i * shape.entryBytes;
    multiply(inverseOfZ, inverse, products + (i - 1) * PAIR_BYTES, field);
    multiply(inverse, inverse, point + Z, field);
    multiply(point, point, inverseOfZ, field);
    multiply(point + Y, point + Y, inverseOfZ, field);
    toCoordinate(address, point, field);
    toCoordinate(address + coordinateBytes(field), point + Y, field);
  }
}
