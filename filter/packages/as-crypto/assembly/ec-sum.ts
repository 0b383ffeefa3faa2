/** u1·G + u2·Q: one lane computes the one, the other the other (`weierstrass.ts`). */
import { digitEntry, digitOf, isNegativeDigit, topEntry } from "./key-table";
import { NUMBER_BYTES, bitsOf } from "./numbers";
import { b, field, shape } from "./nist-curve";
import { setPair } from "./pair-convert";
import { coordinateBytes, exchange, setInteger } from "./pair-field";
import { POINT_BYTES, Y, Z, addAffine, addPoints, setInfinity } from "./weierstrass";

export const u1 = memory.data(NUMBER_BYTES, 16);
export const u2 = memory.data(NUMBER_BYTES, 16);
export const sum = memory.data(POINT_BYTES, 16);

const affine = memory.data(POINT_BYTES, 16);
const other = memory.data(POINT_BYTES, 16);

/** sum = u1·G + u2·Q: the one in the left lane, the other in the right one, and then both. */
export function setSumByTables(base: usize, table: usize): void {
  setInfinity(sum, field);
  addEntries(topEntry(base, u1, shape), topEntry(table, u2, shape), false, false);
  store<u32>(u1, load<u32>(u1) | 1);
  store<u32>(u2, load<u32>(u2) | 1);
  for (let window: u32 = 0; window < shape.windows; window++) {
    const left = digitOf(u1, window, shape);
    const right = digitOf(u2, window, shape);
    addEntries(
      digitEntry(base, window, left, shape),
      digitEntry(table, window, right, shape),
      isNegativeDigit(left, shape),
      isNegativeDigit(right, shape),
    );
  }
  addLanes();
}

/** Adds a pair of affine points in table form, negated on demand, to the sum. */
function addEntries(left: usize, right: usize, negateLeft: bool, negateRight: bool): void {
  const bytes = coordinateBytes(field);
  setPair(affine, left, right, false, false, field);
  setPair(affine + Y, left + bytes, right + bytes, negateLeft, negateRight, field);
  addAffine(sum, affine, b, field);
}

/** The same without tables, by doubling and adding. */
export function setSumByBits(base: usize, point: usize): void {
  const bytes = coordinateBytes(field);
  setPair(other, base, point, false, false, field);
  setPair(other + Y, base + bytes, point + bytes, false, false, field);
  setInfinity(sum, field);
  let isZero = true;
  for (let bit = <i32>field.bits - 1; bit >= 0; bit--) {
    if (!isZero) addPoints(sum, sum, sum, b, field);
    const left = bitsOf(u1, bit, 1) != 0;
    const right = bitsOf(u2, bit, 1) != 0;
    if (!left && !right) continue;
    // A lane whose bit is not set adds infinity: X = 0, Y = 1, Z = 0.
    selectLanes(affine, other, 0.0, left, right);
    selectLanes(affine + Y, other + Y, 1.0, left, right);
    setInteger(affine + Z, 0.0, field);
    v128.store(affine + Z, f64x2.replace_lane(f64x2.splat(left ? 1.0 : 0.0), 1, right ? 1.0 : 0.0));
    addPoints(sum, sum, affine, b, field);
    isZero = false;
  }
  addLanes();
}

/** Adds the right lane of the sum to the left one. */
function addLanes(): void {
  exchange(other, sum, field);
  exchange(other + Y, sum + Y, field);
  exchange(other + Z, sum + Z, field);
  addPoints(sum, sum, other, b, field);
}

/** out = the elements of `a` in the lanes that are asked for, the integer `value` in the others. */
function selectLanes(out: usize, a: usize, value: f64, left: bool, right: bool): void {
  setInteger(out, value, field);
  let mask = i64x2.splat(left ? -1 : 0);
  mask = i64x2.replace_lane(mask, 1, right ? -1 : 0);
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(a + i), v128.load(out + i), mask));
  }
}
