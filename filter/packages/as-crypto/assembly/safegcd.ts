/**
 * Inversion modulo an odd number by Bernstein and Yang's division steps
 * (https://eprint.iacr.org/2019/266), in batches of 29 and in variable time, in the form that
 * libsecp256k1 documents (doc/safegcd_implementation.md). Only for public values.
 */
import { LIMB_BITS, LIMB_MASK, NUMBER_BYTES, addTimes, isNegative, isZero } from "./numbers";

const f = memory.data(NUMBER_BYTES, 16);
const g = memory.data(NUMBER_BYTES, 16);
const d = memory.data(NUMBER_BYTES, 16);
const e = memory.data(NUMBER_BYTES, 16);
const ZERO = memory.data(NUMBER_BYTES, 16);

/** Words of the numbers in hand. */
let words: u32 = 0;

/** The matrix of the latest batch, scaled by 2^29: f' = (u·f + v·g) / 2^29, g' = (q·f + r·g) / 2^29. */
let u: i64 = 0;
let v: i64 = 0;
let q: i64 = 0;
let r: i64 = 0;

/**
 * out = x⁻¹ mod m, in [0, m), for normal x in [0, m) prime to m; 0 for x = 0. `inverseOfLow` is
 * m⁻¹ mod 2^29. Numbers have `size` words, of which 2m and its sign need no more.
 */
export function invertModulo(out: usize, x: usize, m: usize, inverseOfLow: i64, size: u32): void {
  words = size;
  const bytes = size << 2;
  memory.copy(f, m, bytes);
  memory.copy(g, x, bytes);
  memory.fill(d, 0, bytes);
  memory.fill(e, 0, bytes);
  store<i32>(e, 1);
  // INVARIANT: f ≡ d·x and g ≡ e·x (mod m); d and e in (−2m, m).
  let eta: i32 = -1;
  while (!isZero(g, size)) {
    eta = divisionSteps(eta, load<i32>(f), load<i32>(g));
    updateCofactors(m, inverseOfLow);
    updateValues();
  }
  // f is 1 or −1 now.
  if (isNegative(d, size)) addTimes(d, d, m, 1, size);
  if (isNegative(f, size)) addTimes(d, ZERO, d, -1, size);
  if (isNegative(d, size)) addTimes(d, d, m, 1, size);
  memory.copy(out, d, bytes);
}

/**
 * Does 29 division steps on the low bits of f and g, leaves their matrix in u, v, q, r; the new eta.
 *
 * A row of the matrix is held as one integer, u + 2^32·v: |u| and |v| are at most 2^29. Whether f and g
 * change places is as good as random: masks in place of a branch.
 */
function divisionSteps(eta: i32, f0: i32, g0: i32): i32 {
  let rowF: i64 = 1;
  let rowG: i64 = 1 << 32;
  let left = LIMB_BITS;
  while (true) {
    // A bit at `left` bounds the count where g is zero as far as it is known.
    const zeros = ctz<i32>(g0 | (-1 << left));
    g0 >>= zeros;
    rowF <<= <i64>zeros;
    eta -= zeros;
    left -= zeros;
    if (left == 0) break;
    // Where eta is negative, f, g = g, −f.
    const swaps = eta >> 31;
    const difference = (f0 ^ g0) & swaps;
    f0 ^= difference;
    g0 = (g0 ^ difference ^ swaps) - swaps;
    const differenceOfRows = (rowF ^ rowG) & (<i64>swaps);
    rowF ^= differenceOfRows;
    rowG = (rowG ^ differenceOfRows ^ (<i64>swaps)) - <i64>swaps;
    eta = (eta ^ swaps) - swaps;
    // Cancel as many low bits of g as eta allows, six at most: f·(f² − 2) is −1/f modulo 2^6.
    const bits = min(min(eta + 1, left), 6);
    const w = (g0 * f0 * (f0 * f0 - 2)) & ((1 << bits) - 1);
    g0 += f0 * w;
    rowG += rowF * <i64>w;
  }
  u = <i64>(<i32>rowF);
  v = (rowF - u) >> 32;
  q = <i64>(<i32>rowG);
  r = (rowG - q) >> 32;
  return eta;
}

/**
 * d, e = (u·d + v·e) / 2^29, (q·d + r·e) / 2^29 modulo m: multiples of m that make the low limb zero
 * are added first, chosen so that both stay in (−2m, m). |u| + |v| ≤ 2^29 and |q| + |r| ≤ 2^29, so
 * that every sum is below 2^60.
 */
function updateCofactors(m: usize, inverseOfLow: i64): void {
  const last = (words - 1) << 2;
  const signD = <i64>(load<i32>(d + last) >> 31);
  const signE = <i64>(load<i32>(e + last) >> 31);
  let d0 = load<i32>(d) as i64;
  let e0 = load<i32>(e) as i64;
  let sumD = u * d0 + v * e0;
  let sumE = q * d0 + r * e0;
  let timesD = (u & signD) + (v & signE);
  let timesE = (q & signD) + (r & signE);
  timesD -= (inverseOfLow * sumD + timesD) & LIMB_MASK;
  timesE -= (inverseOfLow * sumE + timesE) & LIMB_MASK;
  const m0 = load<i32>(m) as i64;
  sumD = (sumD + m0 * timesD) >> LIMB_BITS;
  sumE = (sumE + m0 * timesE) >> LIMB_BITS;
  for (let i: u32 = 4; i <= last; i += 4) {
    d0 = load<i32>(d + i) as i64;
    e0 = load<i32>(e + i) as i64;
    const limb = load<i32>(m + i) as i64;
    sumD += u * d0 + v * e0 + limb * timesD;
    sumE += q * d0 + r * e0 + limb * timesE;
    store<i32>(d + i - 4, (<i32>sumD) & LIMB_MASK);
    store<i32>(e + i - 4, (<i32>sumE) & LIMB_MASK);
    sumD >>= LIMB_BITS;
    sumE >>= LIMB_BITS;
  }
  store<i32>(d + last, <i32>sumD);
  store<i32>(e + last, <i32>sumE);
}

/** f, g = (u·f + v·g) / 2^29, (q·f + r·g) / 2^29, which is exact. */
function updateValues(): void {
  const last = (words - 1) << 2;
  let f0 = load<i32>(f) as i64;
  let g0 = load<i32>(g) as i64;
  let sumF = (u * f0 + v * g0) >> LIMB_BITS;
  let sumG = (q * f0 + r * g0) >> LIMB_BITS;
  for (let i: u32 = 4; i <= last; i += 4) {
    f0 = load<i32>(f + i) as i64;
    g0 = load<i32>(g + i) as i64;
    sumF += u * f0 + v * g0;
    sumG += q * f0 + r * g0;
    store<i32>(f + i - 4, (<i32>sumF) & LIMB_MASK);
    store<i32>(g + i - 4, (<i32>sumG) & LIMB_MASK);
    sumF >>= LIMB_BITS;
    sumG >>= LIMB_BITS;
  }
  store<i32>(f + last, <i32>sumF);
  store<i32>(g + last, <i32>sumG);
}
