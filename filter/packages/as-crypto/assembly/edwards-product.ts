/**
 * Products for `edwards-field.ts`: two at once, one in each lane, modulo p = 2^255 − 19.
 *
 * Operands are five vectors of f64 integers in radix 2^51, sizes k1·k2 ≤ 2 with limbs below k·1.001·2^50;
 * results have size 1. Rows are added to columns that slide: after row i, column i is whole. What is above
 * 2^255 comes back 19-fold.
 */
import { hasFusedMultiplyAdd } from "./fused";

const LIMBS: u32 = 5;

const isFused = hasFusedMultiplyAdd();

/** out = a·b, of size 1. `out` may be an operand. */
export function multiply(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (isFused) {
      multiplyFused(out, a, b);
      return;
    }
  }
  multiplySplit(out, a, b);
}

/** Columns: the lower five; in the split kernel all ten, each in two parts. */
const columns = memory.data(20 << 4, 16);

/**
 * 1.5·2^103, and that and 3·2^51; the limb mask; the exponent of 2^52; and 2^52 + 2^50 with the bias of
 * carries, for limb 0 (19·2^11) and for the others (2^11).
 */
const FUSED_CONSTANTS = memory.data<u64>([
  0x4668000000000000, 0x4668000000000000, 0x4668000000000003, 0x4668000000000003, 0x0007ffffffffffff,
  0x0007ffffffffffff, 0x4330000000000000, 0x4330000000000000, 0x4334000000009800, 0x4334000000009800,
  0x4334000000000800, 0x4334000000000800,
]);

/** What a product adds to its columns beside its value: see `rsa-fma-columns.ts`. */
const HI_BIAS: i64 = 0x4668000000000000;
const LO_BIAS: i64 = 0x4338000000000000;
/** Rounds a carry, and makes its shift an unsigned one. */
const ROUNDING: i64 = 0x4004000000000000;

/**
 * The rounding of the columns 0 … 4, folded, less the bias of their terms: column k has k + 1 low parts and
 * k high ones, column k + 5 has 4 − k and 5 − k, 19-fold.
 */
const ROUNDINGS = memory.data<i64>([
  ROUNDING - LO_BIAS - 19 * (4 * LO_BIAS + 5 * HI_BIAS),
  ROUNDING - LO_BIAS - 19 * (4 * LO_BIAS + 5 * HI_BIAS),
  ROUNDING - (2 * LO_BIAS + HI_BIAS) - 19 * (3 * LO_BIAS + 4 * HI_BIAS),
  ROUNDING - (2 * LO_BIAS + HI_BIAS) - 19 * (3 * LO_BIAS + 4 * HI_BIAS),
  ROUNDING - (3 * LO_BIAS + 2 * HI_BIAS) - 19 * (2 * LO_BIAS + 3 * HI_BIAS),
  ROUNDING - (3 * LO_BIAS + 2 * HI_BIAS) - 19 * (2 * LO_BIAS + 3 * HI_BIAS),
  ROUNDING - (4 * LO_BIAS + 3 * HI_BIAS) - 19 * (LO_BIAS + 2 * HI_BIAS),
  ROUNDING - (4 * LO_BIAS + 3 * HI_BIAS) - 19 * (LO_BIAS + 2 * HI_BIAS),
  ROUNDING - (5 * LO_BIAS + 4 * HI_BIAS) - 19 * HI_BIAS,
  ROUNDING - (5 * LO_BIAS + 4 * HI_BIAS) - 19 * HI_BIAS,
]);

/**
 * With fused multiply-add, in the way of `rsa-fma-columns.ts`: h = a·b + 1.5·2^103 rounds to a multiple of
 * 2^51, the rest is exact, and sums of bit patterns are sums of integers. A product is below 2^101.1, so
 * its parts are below 2^50.2; a column of five of each is below 2^53.6, and folded below 2^58.
 */
function multiplyFused(out: usize, a: usize, b: usize): void {
  const c1 = v128.load(FUSED_CONSTANTS);
  const c2 = v128.load(FUSED_CONSTANTS, 16);
  const b0 = v128.load(b);
  const b1 = v128.load(b, 16);
  const b2 = v128.load(b, 32);
  const b3 = v128.load(b, 48);
  const b4 = v128.load(b, 64);
  let r0 = i64x2.splat(0);
  let r1 = r0;
  let r2 = r0;
  let r3 = r0;
  let r4 = r0;
  for (let i: usize = 0; i < LIMBS << 4; i += 16) {
    const x = v128.load(a + i);
    const h0 = f64x2.relaxed_madd(x, b0, c1);
    v128.store(columns + i, i64x2.add(r0, f64x2.relaxed_madd(x, b0, f64x2.sub(c2, h0))));
    const h1 = f64x2.relaxed_madd(x, b1, c1);
    r0 = i64x2.add(i64x2.add(r1, h0), f64x2.relaxed_madd(x, b1, f64x2.sub(c2, h1)));
    const h2 = f64x2.relaxed_madd(x, b2, c1);
    r1 = i64x2.add(i64x2.add(r2, h1), f64x2.relaxed_madd(x, b2, f64x2.sub(c2, h2)));
    const h3 = f64x2.relaxed_madd(x, b3, c1);
    r2 = i64x2.add(i64x2.add(r3, h2), f64x2.relaxed_madd(x, b3, f64x2.sub(c2, h3)));
    const h4 = f64x2.relaxed_madd(x, b4, c1);
    r3 = i64x2.add(i64x2.add(r4, h3), f64x2.relaxed_madd(x, b4, f64x2.sub(c2, h4)));
    r4 = h4;
  }

  // All columns carry at once, into their neighbors.
  r0 = i64x2.add(i64x2.add(v128.load(columns), v128.load(ROUNDINGS)), times19(r0));
  r1 = i64x2.add(i64x2.add(v128.load(columns, 16), v128.load(ROUNDINGS, 16)), times19(r1));
  r2 = i64x2.add(i64x2.add(v128.load(columns, 32), v128.load(ROUNDINGS, 32)), times19(r2));
  r3 = i64x2.add(i64x2.add(v128.load(columns, 48), v128.load(ROUNDINGS, 48)), times19(r3));
  r4 = i64x2.add(i64x2.add(v128.load(columns, 64), v128.load(ROUNDINGS, 64)), times19(r4));
  const mask = v128.load(FUSED_CONSTANTS, 32);
  const exponent = v128.load(FUSED_CONSTANTS, 48);
  const offset = v128.load(FUSED_CONSTANTS, 80);
  const carry = times19(i64x2.shr_u(r4, 51));
  v128.store(
    out,
    f64x2.sub(v128.or(i64x2.add(v128.and(r0, mask), carry), exponent), v128.load(FUSED_CONSTANTS, 64)),
  );
  v128.store(out, limb(r1, r0, mask, exponent, offset), 16);
  v128.store(out, limb(r2, r1, mask, exponent, offset), 32);
  v128.store(out, limb(r3, r2, mask, exponent, offset), 48);
  v128.store(out, limb(r4, r3, mask, exponent, offset), 64);
}

/** The limb that `column` leaves, with the carry of the column `below`. */
@inline
function limb(column: v128, below: v128, mask: v128, exponent: v128, offset: v128): v128 {
  const bits = i64x2.add(v128.and(column, mask), i64x2.shr_u(below, 51));
  return f64x2.sub(v128.or(bits, exponent), offset);
}


@inline
function times19(x: v128): v128 {
  return i64x2.add(i64x2.add(x, i64x2.shl(x, 1)), i64x2.shl(x, 4));
}

/** Added and taken off again, 1.5·2^78 and 1.5·2^103 round to multiples of 2^26 and 2^51; 2^−51; 19. */
const SPLIT_CONSTANTS = memory.data<f64>([
  453347182355485940514816.0, 453347182355485940514816.0, 15211807202738752817960438464512.0,
  15211807202738752817960438464512.0, 4.440892098500626e-16, 4.440892098500626e-16, 19.0, 19.0,
]);

/** The limbs of b in halves: ±2^25, and the rest, a multiple of 2^26. */
const halves = memory.data(10 << 4, 16);

/**
 * Without, in halves of limbs, of which the products are exact, and so are the sums: of low halves, with
 * what two high ones make two limbs up, and of mixed ones. Low halves are up to 2^25, high ones up to
 * k·1.001·2^24·2^26.
 *
 * A column of low terms would be up to 9·1.001·2^50 in size 2: it is cut to 2^25 on its way, after three rows
 * at most and while below 7·1.001·2^50 < 2^53. One of mixed terms is below 5·3·1.001·2^49·2^26 < 2^79, multiples
 * of 2^26.
 */
function multiplySplit(out: usize, a: usize, b: usize): void {
  const round26 = v128.load(SPLIT_CONSTANTS);
  const down51 = v128.load(SPLIT_CONSTANTS, 32);
  for (let i: usize = 0; i < LIMBS << 4; i += 16) {
    const y = v128.load(b + i);
    const high = f64x2.sub(f64x2.add(y, round26), round26);
    v128.store(halves + (i << 1), f64x2.sub(y, high));
    v128.store(halves + (i << 1), high, 16);
  }

  let l0 = f64x2.splat(0.0);
  let l1 = l0;
  let l2 = l0;
  let l3 = l0;
  let l4 = l0;
  let m0 = l0;
  let m1 = l0;
  let m2 = l0;
  let m3 = l0;
  for (let i: usize = 0; i < LIMBS << 4; i += 16) {
    const x = v128.load(a + i);
    const high = f64x2.sub(f64x2.add(x, round26), round26);
    const low = f64x2.sub(x, high);
    const highDown = f64x2.mul(high, down51);
    v128.store(columns + (i << 1), f64x2.add(l0, f64x2.mul(low, v128.load(halves))));
    v128.store(
      columns + (i << 1),
      f64x2.add(m0, f64x2.add(f64x2.mul(low, v128.load(halves, 16)), f64x2.mul(high, v128.load(halves)))),
      16,
    );
    l0 = f64x2.add(
      f64x2.add(l1, f64x2.mul(low, v128.load(halves, 32))),
      f64x2.mul(highDown, v128.load(halves, 16)),
    );
    m0 = f64x2.add(
      m1,
      f64x2.add(f64x2.mul(low, v128.load(halves, 48)), f64x2.mul(high, v128.load(halves, 32))),
    );
    l1 = f64x2.add(
      f64x2.add(l2, f64x2.mul(low, v128.load(halves, 64))),
      f64x2.mul(highDown, v128.load(halves, 48)),
    );
    m1 = f64x2.add(
      m2,
      f64x2.add(f64x2.mul(low, v128.load(halves, 80)), f64x2.mul(high, v128.load(halves, 64))),
    );
    l2 = f64x2.add(
      f64x2.add(l3, f64x2.mul(low, v128.load(halves, 96))),
      f64x2.mul(highDown, v128.load(halves, 80)),
    );
    m2 = f64x2.add(
      m3,
      f64x2.add(f64x2.mul(low, v128.load(halves, 112)), f64x2.mul(high, v128.load(halves, 96))),
    );
    l3 = f64x2.add(
      f64x2.add(l4, f64x2.mul(low, v128.load(halves, 128))),
      f64x2.mul(highDown, v128.load(halves, 112)),
    );
    m3 = f64x2.add(f64x2.mul(low, v128.load(halves, 144)), f64x2.mul(high, v128.load(halves, 128)));
    l4 = f64x2.mul(highDown, v128.load(halves, 144));
    const cut = f64x2.sub(f64x2.add(l1, round26), round26);
    l1 = f64x2.sub(l1, cut);
    m1 = f64x2.add(m1, cut);
  }
  v128.store(columns, l0, 160);
  v128.store(columns, m0, 176);
  v128.store(columns, l1, 192);
  v128.store(columns, m1, 208);
  v128.store(columns, l2, 224);
  v128.store(columns, m2, 240);
  v128.store(columns, l3, 256);
  v128.store(columns, m3, 272);
  // Column 9 is below 1.001·2^50.
  v128.store(columns, l4, 288);
  foldSplit(out);
}

/** The carries of the columns below each of the ten: none into the first and out of the last. */
const carries = memory.data(10 << 4, 16);

/** out = the value of the ten columns of two parts. */
function foldSplit(out: usize): void {
  const round26 = v128.load(SPLIT_CONSTANTS);
  const round51 = v128.load(SPLIT_CONSTANTS, 16);
  const down51 = v128.load(SPLIT_CONSTANTS, 32);
  const nineteen = v128.load(SPLIT_CONSTANTS, 48);
  // The low part is cut to 2^25, the mixed one to 2^50, and carries are up to 2^28.
  for (let k: usize = 0; k < 9; k++) {
    const column = columns + (k << 5);
    const low = v128.load(column);
    const cut = f64x2.sub(f64x2.add(low, round26), round26);
    const mixed = f64x2.add(v128.load(column, 16), cut);
    const carry = f64x2.sub(f64x2.add(mixed, round51), round51);
    v128.store(column, f64x2.sub(low, cut));
    v128.store(column, f64x2.sub(mixed, carry), 16);
    v128.store(carries + (k << 4), f64x2.mul(carry, down51), 16);
  }
  const top = v128.load(columns, 288);
  const cut = f64x2.sub(f64x2.add(top, round26), round26);
  v128.store(columns, f64x2.sub(top, cut), 288);
  v128.store(columns, cut, 304);

  // Folded, mixed parts are up to 20·2^50: one more carry, of ten at most.
  let below = f64x2.splat(0.0);
  for (let i: usize = 0; i < LIMBS << 4; i += 16) {
    const column = columns + (i << 1);
    const low = f64x2.add(v128.load(column), v128.load(carries + i));
    const highLow = f64x2.add(v128.load(column, 160), v128.load(carries + i, 80));
    const mixed = f64x2.add(v128.load(column, 16), f64x2.mul(nineteen, v128.load(column, 176)));
    const carry = f64x2.sub(f64x2.add(mixed, round51), round51);
    const sum = f64x2.add(f64x2.add(low, f64x2.mul(nineteen, highLow)), below);
    v128.store(out + i, f64x2.add(sum, f64x2.sub(mixed, carry)));
    below = f64x2.mul(carry, down51);
  }
  v128.store(out, f64x2.add(v128.load(out), f64x2.mul(nineteen, below)));
}
