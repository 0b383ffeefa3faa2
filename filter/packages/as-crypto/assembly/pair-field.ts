/**
 * The fields of P-384 and P-521: elements come in *pairs*, one in each lane of a vector,
 * so that one sequence of operations drives the base point's multiple and the key's.
 *
 * A pair of elements is `limbs` vectors of f64 integers in radix 2^48, least significant first, signed,
 * in the plain domain (no Montgomery form). An element is *normal* when every limb has magnitude
 * < 1.04·2^47: products and what `normalize` gives. Sums and differences stay as they come: an element
 * has *size* k when its limbs are below k·1.04·2^47. A product takes operands of sizes k1·k2 ≤ 27 and
 * k1 + k2 ≤ 12. Coordinates read from memory have limbs below 2^48: size 2.
 */
import { COLUMNS_BYTES, MAX_LIMBS, chooseColumnsKernel, multiplyColumns } from "./pair-columns";

/** Bytes of a pair of elements of any field. */
export const PAIR_BYTES: u32 = MAX_LIMBS << 4;

/** How 2^(48·limbs) reduces modulo the prime. */
enum Shape {
  /** p = 2^384 − 2^128 − 2^96 + 2^32 − 1. */
  P384,
  /** p = 2^521 − 1. */
  P521,
}

/** A field made ready, in static memory; p follows as a number of `numbers.ts`. */
@unmanaged
export class Field {
  limbs: u32;
  /** Words of a number that holds any element. */
  words: u32;
  /** Bytes of a coordinate on the wire. */
  octets: u32;
  /** Bits of p. */
  bits: u32;
  /** p⁻¹ modulo 2^29. */
  inverse: u32;
  shape: Shape;
}

/** p as a number. */
export function prime(field: Field): usize {
  return changetype<usize>(field) + offsetof<Field>();
}

/** Bytes of a coordinate in tables: little-endian, in whole limbs. */
export function coordinateBytes(field: Field): u32 {
  return field.limbs * 6;
}

/** Of P-384 (SP 800-186 §3.2.1.4). */
export const P384_FIELD = changetype<Field>(
  memory.data<u32>([
    8,
    14,
    48,
    384,
    0x1fffffff,
    Shape.P384,
    0x1fffffff,
    0x00000007,
    0x00000000,
    0x1ffffe00,
    0x1fffefff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x0000007f,
    0x00000000,
    0x00000000,
    0x00000000,
    0x00000000,
    0x00000000,
    0x00000000,
  ]),
);

/** Of P-521 (SP 800-186 §3.2.1.5). */
export const P521_FIELD = changetype<Field>(
  memory.data<u32>([
    11,
    19,
    66,
    521,
    0x1fffffff,
    Shape.P521,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x1fffffff,
    0x0fffffff,
    0x00000000,
    0x00000000,
  ]),
);

chooseColumnsKernel();

const columns = memory.data(COLUMNS_BYTES, 16);

/** out = a·b, normal. `out` may be an operand. */
export function multiply(out: usize, a: usize, b: usize, field: Field): void {
  const limbs = field.limbs;
  multiplyColumns(columns, a, b, limbs);
  if (field.shape == Shape.P384) foldP384();
  else foldP521();
  carryColumns(out, field);
}

/** Adds `value` to the column at `column`. */
function addTo(column: usize, value: v128): void {
  v128.store(column, i64x2.add(v128.load(column), value));
}

/** 2^384 ≡ 1 − 2^32 + 2^96 + 2^128; a column times 2^32 is taken as two parts. */
function foldP384(): void {
  const mask = i64x2.splat(0xffff);
  for (let column = columns + (7 << 4); column >= columns; column -= 16) {
    const high = v128.load(column, 8 << 4);
    const low32 = i64x2.shl(v128.and(high, mask), 32);
    const high32 = i64x2.shr_s(high, 16);
    addTo(column, i64x2.sub(high, low32));
    addTo(column + 16, i64x2.neg(high32));
    addTo(column + 32, i64x2.add(high, low32));
    addTo(column + 48, high32);
  }
}

/** 2^528 ≡ 2^7. */
function foldP521(): void {
  for (let column = columns; column < columns + (11 << 4); column += 16) {
    addTo(column, i64x2.shl(v128.load(column, 11 << 4), 7));
  }
}

/** 2^62 + 2^47, and the bit pattern of 1.5·2^52 with what the biased carries leave behind. */
const CARRY_CONSTANTS = memory.data<u64>([
  0x4000800000000000, 0x4000800000000000, 0x8337ffffffffc000, 0x8337ffffffffc000,
]);
/** 1.5·2^52; and the same and 2^14 over. */
const ROUNDERS = memory.data<f64>([
  6755399441055744.0, 6755399441055744.0, 6755399441072128.0, 6755399441072128.0,
]);

/** Carries the low columns, folded and below 2^61.5, into the limbs of `out`, all at once and once. */
function carryColumns(out: usize, field: Field): void {
  const rounding = v128.load(CARRY_CONSTANTS);
  const pattern = v128.load(CARRY_CONSTANTS, 16);
  const rounder = v128.load(ROUNDERS);
  // Carries have a bias of 2^14, which makes their shift an unsigned one.
  let before = i64x2.splat(1 << 14);
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) {
    const column = v128.load(columns + i);
    const carries = i64x2.shr_u(i64x2.add(column, rounding), 48);
    const limb = i64x2.sub(column, i64x2.shl(carries, 48));
    v128.store(out + i, f64x2.sub(i64x2.add(i64x2.add(limb, before), pattern), rounder));
    before = carries;
  }
  foldCarry(
    out,
    f64x2.sub(i64x2.add(before, i64x2.splat(0x4338000000000000)), v128.load(ROUNDERS, 16)),
    field,
  );
}

/** Adds `carry`·2^(48·limbs), |carry| < 2^14, to the lower limbs. */
function foldCarry(out: usize, carry: v128, field: Field): void {
  if (field.shape == Shape.P384) {
    addMultiple(out, carry, -4294967295.0);
    addMultiple(out + 32, carry, 4294967297.0);
  } else {
    addMultiple(out, carry, 128.0);
  }
}

function addMultiple(limb: usize, carry: v128, factor: f64): void {
  v128.store(limb, f64x2.add(v128.load(limb), f64x2.mul(carry, f64x2.splat(factor))));
}

/** out = a made normal, for a of size ≤ 60. */
export function normalize(out: usize, a: usize, field: Field): void {
  const radix = f64x2.splat(281474976710656.0);
  const inverse = f64x2.splat(1.0 / 281474976710656.0);
  let before = f64x2.splat(0.0);
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) {
    const limb = v128.load(a + i);
    const carry = f64x2.nearest(f64x2.mul(limb, inverse));
    v128.store(out + i, f64x2.add(f64x2.sub(limb, f64x2.mul(carry, radix)), before));
    before = carry;
  }
  foldCarry(out, before, field);
}

/** out = a + b; the sizes add up. */
export function add(out: usize, a: usize, b: usize, field: Field): void {
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) {
    v128.store(out + i, f64x2.add(v128.load(a + i), v128.load(b + i)));
  }
}

/** out = a − b; the sizes add up. */
export function subtract(out: usize, a: usize, b: usize, field: Field): void {
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) {
    v128.store(out + i, f64x2.sub(v128.load(a + i), v128.load(b + i)));
  }
}

/** out = 3·a. */
export function triple(out: usize, a: usize, field: Field): void {
  const three = f64x2.splat(3.0);
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) v128.store(out + i, f64x2.mul(v128.load(a + i), three));
}

/** out = a, with the elements of a pair exchanged. */
export function exchange(out: usize, a: usize, field: Field): void {
  for (let i: u32 = 0; i < field.limbs << 4; i += 16) {
    const limb = v128.load(a + i);
    v128.store(out + i, v128.shuffle<u64>(limb, limb, 1, 0));
  }
}

/** out = the pair of the small integer `value`. */
export function setInteger(out: usize, value: f64, field: Field): void {
  memory.fill(out, 0, field.limbs << 4);
  v128.store(out, f64x2.splat(value));
}
