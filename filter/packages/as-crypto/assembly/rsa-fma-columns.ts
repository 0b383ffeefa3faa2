/**
 * Products of the numbers of `rsa-fma-limbs.ts` by fused multiply-add, after Emmart, Zheng and Weems
 * (https://doi.org/10.1109/ARITH.2018.8464792), rounding to nearest. Only for engines where
 * `hasFusedMultiplyAdd`.
 *
 * A product of limbs (one of them possibly doubled) is below 2^101 + 2^61 and is split without loss:
 * hi = a·b + 1.5·2^103 rounds to a multiple of 2^51, so that its bit pattern is a constant plus
 * h = round(a·b / 2^51); lo = a·b + (1.5·2^103 + 3·2^51 − hi) is exact, in [2^52, 2^53), and its bit
 * pattern a constant plus a·b − h·2^51. Sums of bit patterns are sums of integers. A *column* k is
 * the sum of its `lo`, and of the `hi` of column k − 1, which stand in two rows.
 *
 * A column has at most MAX_LIMBS terms of each kind, below 2^50.1: it is below 2^59.
 */
import { LIMB_BITS, MAX_LIMBS } from "./rsa-fma-limbs";

/** Columns computed at once: three vectors each of `hi` and `lo`, which fill the vector registers. */
const BLOCK: i32 = 6;

/** Bytes of a row of the largest product, with the column before and the rest of the last block. */
export const ROW_BYTES: u32 = (2 * MAX_LIMBS + 8) << 3;

/**
 * MEASURED: constants of hot loops come from memory; V8 from version 13 on builds a splat anew at
 * every use, which doubles the time.
 */
const SPLITTERS = memory.data<f64>([
  15211807202738752817960438464512.0,
  15211807202738752817960438464512.0, // 1.5·2^103
  15211807202738759573359879520256.0,
  15211807202738759573359879520256.0, // 1.5·2^103 + 3·2^51
]);

/** Bit patterns of 1.5·2^103 and 3·2^51: what each product adds to `hi` and `lo` beside its value. */
const HI_BIAS: i64 = 0x4668000000000000;
const LO_BIAS: i64 = 0x4338000000000000;

/** The start of rows that hold nothing yet. */
const NOTHING = memory.data<i64>([0, 0]);
const EVERYTHING = memory.data<i64>([-1, -1]);

/** Writes all columns of a·b to the rows `hi` and `lo`, and up to BLOCK − 1 more behind them. */
export function multiplyColumns(hi: usize, lo: usize, a: usize, b: usize, limbs: i32): void {
  columnsOfProduct(hi, lo, a, b, limbs, 0, 2 * limbs, v128.load(NOTHING));
}

/** Adds the columns of a·b from `first` on to the rows `hi` and `lo`, which begin with that column. */
export function addColumnsFrom(first: i32, hi: usize, lo: usize, a: usize, b: usize, limbs: i32): void {
  columnsOfProduct(hi, lo, a, b, limbs, first, 2 * limbs, v128.load(EVERYTHING));
}

/**
 * The columns `first` ≤ k < `end` of a·b and up to BLOCK − 1 more, from hi + 8·(k − first) and
 * lo + 8·(k − first) on, where the bits of `kept` stay and are added to. `first` > −BLOCK; columns
 * below 0 are zero.
 */
function columnsOfProduct(
  hi: usize,
  lo: usize,
  a: usize,
  b: usize,
  limbs: i32,
  first: i32,
  end: i32,
  kept: v128,
): void {
  const c1 = v128.load(SPLITTERS);
  const c2 = v128.load(SPLITTERS, 16);
  for (let k = first; k < end; k += BLOCK) {
    const from = max(0, k - limbs + 1);
    const to = min(limbs, k + BLOCK);
    const count = <i64>(to - from);
    const hiBias = i64x2.splat(count * HI_BIAS);
    const loBias = i64x2.splat(count * LO_BIAS);
    let hi0 = i64x2.sub(v128.and(v128.load(hi), kept), hiBias);
    let hi1 = i64x2.sub(v128.and(v128.load(hi, 16), kept), hiBias);
    let hi2 = i64x2.sub(v128.and(v128.load(hi, 32), kept), hiBias);
    let lo0 = i64x2.sub(v128.and(v128.load(lo), kept), loBias);
    let lo1 = i64x2.sub(v128.and(v128.load(lo, 16), kept), loBias);
    let lo2 = i64x2.sub(v128.and(v128.load(lo, 32), kept), loBias);
    let row = a + (from << 3);
    const rowEnd = a + (to << 3);
    let other = b + ((k - from) << 3);
    for (; row < rowEnd; row += 8, other -= 8) {
      const x = v128.load_splat<u64>(row);
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
    v128.store(hi, hi0);
    v128.store(hi, hi1, 16);
    v128.store(hi, hi2, 32);
    v128.store(lo, lo0);
    v128.store(lo, lo1, 16);
    v128.store(lo, lo2, 32);
    hi += BLOCK << 3;
    lo += BLOCK << 3;
  }
}

/** Factors of the pair of limbs that crosses the diagonal of a square. */
const DIAGONAL = memory.data<f64>([1.0, 2.0]);

/**
 * All columns of a², with half the products: a_i·a_j once for i < j against `doubled` = 2a, which is
 * written here, the diagonal once.
 */
export function squareColumns(hi: usize, lo: usize, a: usize, doubled: usize, limbs: u32): void {
  for (let i: u32 = 0; i <= limbs << 3; i += 16) {
    const pair = v128.load(a + i);
    v128.store(doubled + i, f64x2.add(pair, pair));
  }
  const c1 = v128.load(SPLITTERS);
  const c2 = v128.load(SPLITTERS, 16);
  const diagonal = v128.load(DIAGONAL);
  for (let k: u32 = 0; k < 2 * limbs; k += BLOCK) {
    const from: u32 = k < limbs ? 0 : k - limbs + 1;
    // Rows k/2, k/2 + 1 and k/2 + 2 cross the diagonal in the block's first, second and third pair.
    const count = <i64>(k >> 1) - <i64>from;
    let hi0 = i64x2.splat(-(count + 1) * HI_BIAS);
    let lo0 = i64x2.splat(-(count + 1) * LO_BIAS);
    let hi1 = i64x2.splat(-(count + 2) * HI_BIAS);
    let lo1 = i64x2.splat(-(count + 2) * LO_BIAS);
    let hi2 = i64x2.splat(-(count + 3) * HI_BIAS);
    let lo2 = i64x2.splat(-(count + 3) * LO_BIAS);
    let row = a + (from << 3);
    const rowEnd = a + ((k >> 1) << 3);
    let other = doubled + ((k - from) << 3);
    let x: v128, y: v128, h: v128;
    for (; row < rowEnd; row += 8, other -= 8) {
      x = v128.load_splat<u64>(row);
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
    other = doubled + ((k >> 1) << 3);
    x = v128.load_splat<u64>(rowEnd);
    y = f64x2.mul(v128.load(rowEnd), diagonal);
    h = f64x2.relaxed_madd(x, y, c1);
    hi0 = i64x2.add(hi0, h);
    lo0 = i64x2.add(lo0, f64x2.relaxed_madd(x, y, f64x2.sub(c2, h)));
    y = v128.load(other, 16);
    h = f64x2.relaxed_madd(x, y, c1);
    hi1 = i64x2.add(hi1, h);
    lo1 = i64x2.add(lo1, f64x2.relaxed_madd(x, y, f64x2.sub(c2, h)));
    y = v128.load(other, 32);
    h = f64x2.relaxed_madd(x, y, c1);
    hi2 = i64x2.add(hi2, h);
    lo2 = i64x2.add(lo2, f64x2.relaxed_madd(x, y, f64x2.sub(c2, h)));

    x = v128.load_splat<u64>(rowEnd, 8);
    y = f64x2.mul(v128.load(rowEnd, 8), diagonal);
    h = f64x2.relaxed_madd(x, y, c1);
    hi1 = i64x2.add(hi1, h);
    lo1 = i64x2.add(lo1, f64x2.relaxed_madd(x, y, f64x2.sub(c2, h)));
    y = v128.load(other, 24);
    h = f64x2.relaxed_madd(x, y, c1);
    hi2 = i64x2.add(hi2, h);
    lo2 = i64x2.add(lo2, f64x2.relaxed_madd(x, y, f64x2.sub(c2, h)));

    x = v128.load_splat<u64>(rowEnd, 16);
    y = f64x2.mul(v128.load(rowEnd, 16), diagonal);
    h = f64x2.relaxed_madd(x, y, c1);
    hi2 = i64x2.add(hi2, h);
    lo2 = i64x2.add(lo2, f64x2.relaxed_madd(x, y, f64x2.sub(c2, h)));

    v128.store(hi, hi0);
    v128.store(hi, hi1, 16);
    v128.store(hi, hi2, 32);
    v128.store(lo, lo0);
    v128.store(lo, lo1, 16);
    v128.store(lo, lo2, 32);
    hi += BLOCK << 3;
    lo += BLOCK << 3;
  }
}

const lowHi = memory.data(ROW_BYTES, 16);
const lowLo = memory.data(ROW_BYTES, 16);

/**
 * out = a·b modulo 2^(51·limbs); `out` may be an operand. The blocks end with column limbs − 1, so
 * that the longest rows do no work for columns that are dropped; and begin with −1 at least, since
 * `limbs` is odd.
 */
export function multiplyLow(out: usize, a: usize, b: usize, limbs: i32): void {
  const first = (limbs % BLOCK) - BLOCK;
  columnsOfProduct(lowHi, lowLo, a, b, limbs, first, limbs, v128.load(NOTHING));
  const skipped = -first << 3;
  carryColumns(out, lowHi + skipped, lowLo + skipped, limbs, 0);
}

/** 2^62 + 2^50, and the bit pattern of 1.5·2^52 with what the biased carries leave behind. */
const CARRY_CONSTANTS = memory.data<u64>([
  0x4004000000000000, 0x4004000000000000, 0x8337fffffffff800, 0x8337fffffffff800,
]);
const ROUNDER = memory.data<f64>([6755399441055744.0, 6755399441055744.0]);

/**
 * Carries the columns of the rows `hi` and `lo` into the `limbs` limbs of `out`, with `carry` into
 * the first; the carry out of the last. All columns carry at once into their neighbors, and once is
 * enough: a column is below 2^59, its carry below 2^8 + 1.
 *
 * Carries are rounded, c = ⌊(x + 2^50) / 2^51⌋, and held with a bias of 2^11 that makes the shift an
 * unsigned one.
 */
export function carryColumns(out: usize, hi: usize, lo: usize, limbs: u32, carry: i64): i64 {
  const rounding = v128.load(CARRY_CONSTANTS);
  const pattern = v128.load(CARRY_CONSTANTS, 16);
  const rounder = v128.load(ROUNDER);
  let before = i64x2.splat(carry + 2048);
  for (let i: u32 = 0; i < limbs << 3; i += 16) {
    const column = i64x2.add(v128.load(lo + i), v128.load(hi + i - 8));
    const carries = i64x2.shr_u(i64x2.add(column, rounding), LIMB_BITS);
    const limb = i64x2.sub(column, i64x2.shl(carries, LIMB_BITS));
    const incoming = v128.shuffle<u64>(before, carries, 1, 2);
    const bits = i64x2.add(i64x2.add(limb, incoming), pattern);
    v128.store(out + i, f64x2.sub(bits, rounder));
    before = carries;
  }
  store<f64>(out + (limbs << 3), 0.0);
  return i64x2.extract_lane(before, 0) - 2048;
}
