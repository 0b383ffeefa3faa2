/**
 * Products for `pair-field.ts`: the columns of two products at once, one in each lane.
 *
 * Operands are `limbs` vectors of f64 integers in radix 2^48, |a_i|·|b_j| < 2^99. Columns are `2·limbs`
 * vectors of i64, not carried, each below 2^55.
 */
import { hasFusedMultiplyAdd } from "./fused";

/** The most limbs that an element has. */
export const MAX_LIMBS: u32 = 11;

/** Bytes of the columns of a product, to the end of the last block. */
export const COLUMNS_BYTES: u32 = (2 * MAX_LIMBS + 4) << 4;

let isFused = false;

/** Chooses the kernel, before the first product. */
export function chooseColumnsKernel(): void {
  isFused = hasFusedMultiplyAdd();
}

/** Writes the columns of a·b. */
export function multiplyColumns(columns: usize, a: usize, b: usize, limbs: i32): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (isFused) {
      fusedColumns(columns, a, b, limbs);
      return;
    }
  }
  halfLimbColumns(columns, a, b, limbs);
}

/** A copy of an operand, in zeros: blocks read BLOCK − 1 limbs past either end. */
const padded = memory.data((2 * MAX_LIMBS + 10) << 4, 16);
const PADDING: u32 = 5;
const inner = padded + (PADDING << 4);

/** 1.5·2^100, and 1.5·2^100 + 1.5·2^52. */
const SPLITTERS = memory.data<f64>([
  1901475900342344102245054808064.0, 1901475900342344102245054808064.0, 1901475900342350857644495863808.0,
  1901475900342350857644495863808.0,
]);

/** Bit patterns of 1.5·2^100 and 1.5·2^52: what each product adds to `hi` and `lo` beside its value. */
const HI_BIAS: i64 = 0x4638000000000000;
const LO_BIAS: i64 = 0x4338000000000000;

/**
 * With fused multiply-add, in the way of `rsa-fma-columns.ts`: hi = a·b + 1.5·2^100 rounds to a multiple
 * of 2^48, lo is the rest, and sums of bit patterns are sums of integers. Three columns at a time.
 */
function fusedColumns(columns: usize, a: usize, b: usize, limbs: i32): void {
  for (let i: i32 = 0; i < limbs << 4; i += 16) v128.store(inner + i, v128.load(b + i));
  v128.store(inner + (limbs << 4), i64x2.splat(0));
  v128.store(inner + (limbs << 4), i64x2.splat(0), 16);
  const c1 = v128.load(SPLITTERS);
  const c2 = v128.load(SPLITTERS, 16);
  let fromBelow = i64x2.splat(0);
  for (let k: i32 = 0; k < 2 * limbs; k += 3) {
    const from = max(0, k - limbs + 1);
    const to = min(limbs, k + 3);
    const count = <i64>max(0, to - from);
    const hiBias = i64x2.splat(-count * HI_BIAS);
    const loBias = i64x2.splat(-count * LO_BIAS);
    let hi0 = hiBias;
    let hi1 = hiBias;
    let hi2 = hiBias;
    let lo0 = loBias;
    let lo1 = loBias;
    let lo2 = loBias;
    const end = a + (to << 4);
    let other = inner + ((k - from) << 4);
    for (let row = a + (from << 4); row < end; row += 16, other -= 16) {
      const x = v128.load(row);
      const y0 = v128.load(other);
      const h0 = f64x2.relaxed_madd(x, y0, c1);
      hi0 = i64x2.add(hi0, h0);
      lo0 = i64x2.add(lo0, f64x2.relaxed_madd(x, y0, f64x2.sub(c2, h0)));
      const y1 = v128.load(other, 16);
      const h1 = f64x2.relaxed_madd(x, y1, c1);
      hi1 = i64x2.add(hi1, h1);
      lo1 = i64x2.add(lo1, f64x2.relaxed_madd(x, y1, f64x2.sub(c2, h1)));
      const y2 = v128.load(other, 32);
      const h2 = f64x2.relaxed_madd(x, y2, c1);
      hi2 = i64x2.add(hi2, h2);
      lo2 = i64x2.add(lo2, f64x2.relaxed_madd(x, y2, f64x2.sub(c2, h2)));
    }
    v128.store(columns, i64x2.add(lo0, fromBelow));
    v128.store(columns, i64x2.add(lo1, hi0), 16);
    v128.store(columns, i64x2.add(lo2, hi1), 32);
    fromBelow = hi2;
    columns += 48;
  }
}

const halvesOfA = memory.data((2 * MAX_LIMBS) << 4, 16);

/** 2^24, 2^−24, and 1.5·2^52, whose bit pattern is LO_BIAS. */
const HALF = memory.data<f64>([
  16777216.0, 16777216.0, 5.9604644775390625e-8, 5.9604644775390625e-8, 6755399441055744.0,
  6755399441055744.0,
]);

/**
 * Without: limbs in halves of 24 bits, of which the products are exact, and so are sums of up to
 * 2·MAX_LIMBS of them: halves are at most 2^23 + 2^4, the top one 2^26, where no more than four meet.
 * Four half columns at a time.
 */
function halfLimbColumns(columns: usize, a: usize, b: usize, limbs: i32): void {
  const halves = 2 * limbs;
  splitLimbs(halvesOfA, a, limbs);
  splitLimbs(inner, b, limbs);
  for (let i: i32 = 0; i < 64; i += 16) v128.store(inner + (halves << 4) + i, i64x2.splat(0));
  const radix = v128.load(HALF);
  const inverse = v128.load(HALF, 16);
  const rounder = v128.load(HALF, 32);
  let fromBelow = f64x2.splat(0.0);
  for (let k: i32 = 0; k < 2 * halves; k += 4) {
    const from = max(0, k - halves + 1);
    const to = min(halves, k + 4);
    let c0 = f64x2.splat(0.0);
    let c1 = c0;
    let c2 = c0;
    let c3 = c0;
    const end = halvesOfA + (to << 4);
    let other = inner + ((k - from) << 4);
    for (let row = halvesOfA + (from << 4); row < end; row += 16, other -= 16) {
      const x = v128.load(row);
      c0 = f64x2.add(c0, f64x2.mul(x, v128.load(other)));
      c1 = f64x2.add(c1, f64x2.mul(x, v128.load(other, 16)));
      c2 = f64x2.add(c2, f64x2.mul(x, v128.load(other, 32)));
      c3 = f64x2.add(c3, f64x2.mul(x, v128.load(other, 48)));
    }
    // Each half column carries into the next, once; then pairs of them are columns below 2^51.
    const carry0 = f64x2.nearest(f64x2.mul(c0, inverse));
    const carry1 = f64x2.nearest(f64x2.mul(c1, inverse));
    const carry2 = f64x2.nearest(f64x2.mul(c2, inverse));
    const carry3 = f64x2.nearest(f64x2.mul(c3, inverse));
    c0 = f64x2.add(f64x2.sub(c0, f64x2.mul(carry0, radix)), fromBelow);
    c1 = f64x2.add(f64x2.sub(c1, f64x2.mul(carry1, radix)), carry0);
    c2 = f64x2.add(f64x2.sub(c2, f64x2.mul(carry2, radix)), carry1);
    c3 = f64x2.add(f64x2.sub(c3, f64x2.mul(carry3, radix)), carry2);
    fromBelow = carry3;
    c0 = f64x2.add(f64x2.add(f64x2.mul(c1, radix), c0), rounder);
    c2 = f64x2.add(f64x2.add(f64x2.mul(c3, radix), c2), rounder);
    v128.store(columns, i64x2.sub(c0, rounder));
    v128.store(columns, i64x2.sub(c2, rounder), 16);
    columns += 32;
  }
}

/** Writes 2·`limbs` halves of the limbs of `a`, each carried into the next but the last. */
function splitLimbs(out: usize, a: usize, limbs: u32): void {
  const radix = v128.load(HALF);
  const inverse = v128.load(HALF, 16);
  let fromBelow = f64x2.splat(0.0);
  for (let i: u32 = 0; i < limbs; i++) {
    const limb = v128.load(a + (i << 4));
    let high = f64x2.nearest(f64x2.mul(limb, inverse));
    const low = f64x2.sub(limb, f64x2.mul(high, radix));
    const carry = f64x2.nearest(f64x2.mul(high, inverse));
    if (i + 1 < limbs) high = f64x2.sub(high, f64x2.mul(carry, radix));
    v128.store(out + (i << 5), f64x2.add(low, fromBelow));
    v128.store(out + (i << 5), high, 16);
    fromBelow = carry;
  }
}
