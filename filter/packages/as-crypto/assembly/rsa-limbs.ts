/**
 * Large numbers for RSA in limbs of 28 or 27 bits, the integer kernel: the fastest products that
 * SIMD128 without relaxed instructions gives (`i64x2.extmul_*_i32x4_u`).
 *
 * A number is `limbs` u32 words, least significant first, each < 2^limbBits, with `PAD_LIMBS` zero
 * words before and after, so that the block kernels may read past both ends. A product is first a row
 * of u64 *columns*: column k is Σ a_i·b_(k−i), not carried. With 28 bits, for moduli to 4096 bits, a
 * column has at most 147 terms below 2^56, in all below 2^63.3; with 27 bits, for longer ones, at most
 * MAX_LIMBS terms below 2^54. No column overflows, and neither does adding a carry (< 2^36) to it.
 *
 * MEASURED: carrying one column after the other costs 2 cycles a limb, the same as vector passes.
 */
import { Bytes, addressOf, lengthOf } from "as-bytes";

/** The most bits of a modulus for which 28-bit limbs do. */
const MAX_BITS_OF_WIDE_LIMBS: u32 = 4096;

/** Of the limbs in use: everything below goes by what `useLimbs` set last. */
export let limbBits: u32 = 28;
export let limbMask: u32 = 0x0fffffff;

/** Sets the width of limbs for a modulus of `bits` bits. */
export function useLimbs(bits: u32): void {
  limbBits = bits > MAX_BITS_OF_WIDE_LIMBS ? 27 : 28;
  limbMask = (1 << limbBits) - 1;
}

/** 8192 bits and the 8 bits of room that Montgomery multiplication without subtraction wants. */
export const MAX_LIMBS: u32 = 304;

/** Columns computed at once: three vectors of four, which fill the vector registers. */
const BLOCK: i32 = 12;

/** Zero limbs before and after every number: a block reads up to BLOCK − 1 limbs past either end. */
const PAD_LIMBS: u32 = 12;

/** Bytes of a number of `limbs` limbs with its padding. */
export function numberBytes(limbs: u32): u32 {
  return (limbs + 2 * PAD_LIMBS) << 2;
}

/** The number that lives in the `numberBytes(limbs)` zeroed bytes at `memory`. */
export function numberAt(memory: usize): usize {
  return memory + (PAD_LIMBS << 2);
}

/** Bytes of the columns of the largest product, to the end of its last block. */
export const COLUMNS_BYTES: u32 = (2 * MAX_LIMBS + BLOCK) << 3;

/** Reads big-endian `bytes` (at most limbBits·`limbs` bits) into `number`. */
export function fromBigEndian(number: usize, limbs: u32, bytes: Bytes): void {
  memory.fill(number, 0, limbs << 2);
  const first = addressOf(bytes);
  let held: u64 = 0;
  let heldBits: u32 = 0;
  let limb = number;
  for (let i = lengthOf(bytes); i > 0; i--) {
    held |= (<u64>load<u8>(first + i - 1)) << heldBits;
    heldBits += 8;
    if (heldBits >= limbBits) {
      store<u32>(limb, (<u32>held) & limbMask);
      limb += 4;
      held >>= limbBits;
      heldBits -= limbBits;
    }
  }
  if (held != 0) store<u32>(limb, <u32>held);
}

/** Writes the low 8·`length` bits of `number` as `length` big-endian bytes at `address`. */
export function toBigEndian(number: usize, address: usize, length: u32): void {
  let held: u64 = 0;
  let heldBits: u32 = 0;
  let limb = number;
  for (let i = length; i > 0; i--) {
    if (heldBits < 8) {
      held |= (<u64>load<u32>(limb)) << heldBits;
      limb += 4;
      heldBits += limbBits;
    }
    store<u8>(address + i - 1, <u8>held);
    held >>= 8;
    heldBits -= 8;
  }
}

/** Whether a < b. */
export function isLess(a: usize, b: usize, limbs: u32): bool {
  for (let i = limbs << 2; i > 0; i -= 4) {
    const x = load<u32>(a + i - 4);
    const y = load<u32>(b + i - 4);
    if (x != y) return x < y;
  }
  return false;
}

/** out = a − b, for a ≥ b; modulo 2^(limbBits·limbs) otherwise. `out` may be an operand. */
export function subtract(out: usize, a: usize, b: usize, limbs: u32): void {
  let borrow: i32 = 0;
  for (let i: u32 = 0; i < limbs << 2; i += 4) {
    borrow += load<i32>(a + i) - load<i32>(b + i);
    store<u32>(out + i, borrow & limbMask);
    borrow >>= limbBits;
  }
}

/** number = 2·number; the caller knows that it fits. */
export function double(number: usize, limbs: u32): void {
  let carry: u32 = 0;
  for (let i: u32 = 0; i < limbs << 2; i += 4) {
    carry += load<u32>(number + i) << 1;
    store<u32>(number + i, carry & limbMask);
    carry >>= limbBits;
  }
}

/** Carries `columns` into the `limbs` limbs of `number`; the carry out of the last of them. */
export function carryColumns(number: usize, columns: usize, limbs: u32): u64 {
  let carry: u64 = 0;
  for (let i: u32 = 0; i < limbs; i++) {
    carry += load<u64>(columns + (i << 3));
    store<u32>(number + (i << 2), (<u32>carry) & limbMask);
    carry >>= limbBits;
  }
  return carry;
}

/**
 * The columns `first` ≤ k < `end` of a·b at columns + 8·(k − first), and up to BLOCK − 1 more
 * columns behind them. `first` > −BLOCK; columns below 0 are zero.
 */
export function multiplyColumns(columns: usize, a: usize, b: usize, limbs: i32, first: i32, end: i32): void {
  for (let k = first; k < end; k += BLOCK) {
    const from = max(0, k - limbs + 1);
    const to = min(limbs, k + BLOCK);
    let c0 = i64x2.splat(0);
    let c1 = c0;
    let c2 = c0;
    let c3 = c0;
    let c4 = c0;
    let c5 = c0;
    let row = a + (from << 2);
    const rowEnd = a + (to << 2);
    let other = b + (k << 2) - (from << 2);
    for (; row < rowEnd; row += 4, other -= 4) {
      const x = v128.load_splat<u32>(row);
      const y0 = v128.load(other);
      const y1 = v128.load(other, 16);
      const y2 = v128.load(other, 32);
      c0 = i64x2.add(c0, i64x2.extmul_low_i32x4_u(x, y0));
      c1 = i64x2.add(c1, i64x2.extmul_high_i32x4_u(x, y0));
      c2 = i64x2.add(c2, i64x2.extmul_low_i32x4_u(x, y1));
      c3 = i64x2.add(c3, i64x2.extmul_high_i32x4_u(x, y1));
      c4 = i64x2.add(c4, i64x2.extmul_low_i32x4_u(x, y2));
      c5 = i64x2.add(c5, i64x2.extmul_high_i32x4_u(x, y2));
    }
    v128.store(columns, c0);
    v128.store(columns, c1, 16);
    v128.store(columns, c2, 32);
    v128.store(columns, c3, 48);
    v128.store(columns, c4, 64);
    v128.store(columns, c5, 80);
    columns += BLOCK << 3;
  }
}

/**
 * out = a·b mod 2^(limbBits·limbs); `out` may be an operand. The blocks end with column limbs − 1, so that
 * the longest rows do no work for columns that are dropped.
 */
export function multiplyLow(out: usize, a: usize, b: usize, limbs: i32): void {
  const first = -((BLOCK - (limbs % BLOCK)) % BLOCK);
  multiplyColumns(lowColumns, a, b, limbs, first, limbs);
  carryColumns(out, lowColumns - (first << 3), limbs);
}

const lowColumns = memory.data((MAX_LIMBS + 12) * 8, 16);

/** Factors of a_j in row i of a square by j − i + 10: nothing below the diagonal, 1 on it, 2 above. */
const TRIANGLE = memory.data<u32>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]);

/**
 * All columns of a², with half the products: a_i·a_j once for i < j against `doubled` = 2a (limbs
 * not carried, < 2^29), the diagonal once. `doubled` is written here. A column sums the same
 * value as in `multiplyColumns`, so the same bound holds.
 */
export function squareColumns(columns: usize, a: usize, doubled: usize, limbs: u32): void {
  for (let i: u32 = 0; i < limbs << 2; i += 4) store<u32>(doubled + i, load<u32>(a + i) << 1);
  for (let k: u32 = 0; k < 2 * limbs; k += BLOCK) {
    const from: u32 = k < limbs ? 0 : k - limbs + 1;
    const diagonal = k >> 1;
    let c0 = i64x2.splat(0);
    let c1 = c0;
    let c2 = c0;
    let c3 = c0;
    let c4 = c0;
    let c5 = c0;
    let row = a + (from << 2);
    let rowEnd = a + (diagonal << 2);
    let other = doubled + (k << 2) - (from << 2);
    for (; row < rowEnd; row += 4, other -= 4) {
      const x = v128.load_splat<u32>(row);
      const y0 = v128.load(other);
      const y1 = v128.load(other, 16);
      const y2 = v128.load(other, 32);
      c0 = i64x2.add(c0, i64x2.extmul_low_i32x4_u(x, y0));
      c1 = i64x2.add(c1, i64x2.extmul_high_i32x4_u(x, y0));
      c2 = i64x2.add(c2, i64x2.extmul_low_i32x4_u(x, y1));
      c3 = i64x2.add(c3, i64x2.extmul_high_i32x4_u(x, y1));
      c4 = i64x2.add(c4, i64x2.extmul_low_i32x4_u(x, y2));
      c5 = i64x2.add(c5, i64x2.extmul_high_i32x4_u(x, y2));
    }
    // Rows k/2 … k/2 + 5 cross the diagonal within the block: row k/2 + e at its column 2e. Past the
    // number's last limb they read padding.
    row = a + (diagonal << 2);
    rowEnd = row + (BLOCK << 1);
    let factors = TRIANGLE + 40;
    for (; row < rowEnd; row += 4, factors -= 8) {
      const x = v128.load_splat<u32>(row);
      const start = a + (k << 2) - (row - a);
      const y0 = i32x4.mul(v128.load(start), v128.load(factors));
      const y1 = i32x4.mul(v128.load(start, 16), v128.load(factors, 16));
      const y2 = i32x4.mul(v128.load(start, 32), v128.load(factors, 32));
      c0 = i64x2.add(c0, i64x2.extmul_low_i32x4_u(x, y0));
      c1 = i64x2.add(c1, i64x2.extmul_high_i32x4_u(x, y0));
      c2 = i64x2.add(c2, i64x2.extmul_low_i32x4_u(x, y1));
      c3 = i64x2.add(c3, i64x2.extmul_high_i32x4_u(x, y1));
      c4 = i64x2.add(c4, i64x2.extmul_low_i32x4_u(x, y2));
      c5 = i64x2.add(c5, i64x2.extmul_high_i32x4_u(x, y2));
    }
    v128.store(columns, c0);
    v128.store(columns, c1, 16);
    v128.store(columns, c2, 32);
    v128.store(columns, c3, 48);
    v128.store(columns, c4, 64);
    v128.store(columns, c5, 80);
    columns += BLOCK << 3;
  }
}
