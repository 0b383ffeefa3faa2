/**
 * Inversion modulo an odd number below 2^256 by Bernstein and Yang's division steps
 * (https://eprint.iacr.org/2019/266), in batches of 29 and in variable time, in the form that
 * libsecp256k1 documents (doc/safegcd_implementation.md). Only for public values.
 */
import { LIMBS, LIMB_BITS, LIMB_MASK, NUMBER_BYTES, addSigned, isNegative, isZero } from "./p256-limbs";

const f = memory.data(36, 16);
const g = memory.data(36, 16);
const d = memory.data(36, 16);
const e = memory.data(36, 16);
const ZERO = memory.data(36, 16);

/** The matrix of the latest batch, scaled by 2^29: f' = (u·f + v·g) / 2^29, g' = (q·f + r·g) / 2^29. */
let u: i64 = 0;
let v: i64 = 0;
let q: i64 = 0;
let r: i64 = 0;

/**
 * out = x⁻¹ mod m, in [0, m), for normal x in [0, m) prime to m; 0 for x = 0. `inverseOfLow` is
 * m⁻¹ mod 2^29.
 */
export function invertModulo(out: usize, x: usize, m: usize, inverseOfLow: i64): void {
  memory.copy(f, m, NUMBER_BYTES);
  memory.copy(g, x, NUMBER_BYTES);
  memory.fill(d, 0, NUMBER_BYTES);
  memory.fill(e, 0, NUMBER_BYTES);
  store<i32>(e, 1);
  // INVARIANT: f ≡ d·x and g ≡ e·x (mod m); d and e in (−2m, m).
  let eta: i32 = -1;
  while (!isZero(g)) {
    eta = divisionSteps(eta, load<i32>(f), load<i32>(g));
    updateCofactors(m, inverseOfLow);
    updateValues();
  }
  // f is 1 or −1 now.
  if (isNegative(d)) addSigned(d, d, m, 1);
  if (isNegative(f)) addSigned(d, ZERO, d, -1);
  if (isNegative(d)) addSigned(d, d, m, 1);
  memory.copy(out, d, NUMBER_BYTES);
}

/** Does 29 division steps on the low bits of f and g, leaves their matrix in u, v, q, r; the new eta. */
function divisionSteps(eta: i32, f0: i32, g0: i32): i32 {
  let u0 = 1;
  let v0 = 0;
  let q0 = 0;
  let r0 = 1;
  let left = LIMB_BITS;
  while (true) {
    // A bit at `left` bounds the count where g is zero as far as it is known.
    const zeros = ctz<i32>(g0 | (-1 << left));
    g0 >>= zeros;
    u0 <<= zeros;
    v0 <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left == 0) break;
    if (eta < 0) {
      eta = -eta;
      const oldF = f0;
      f0 = g0;
      g0 = -oldF;
      const oldU = u0;
      u0 = q0;
      q0 = -oldU;
      const oldV = v0;
      v0 = r0;
      r0 = -oldV;
    }
    // Cancel as many low bits of g as eta allows, six at most: f·(f² − 2) is −1/f modulo 2^6.
    const bits = min(min(eta + 1, left), 6);
    const w = (g0 * f0 * (f0 * f0 - 2)) & ((1 << bits) - 1);
    g0 += f0 * w;
    q0 += u0 * w;
    r0 += v0 * w;
  }
  u = u0;
  v = v0;
  q = q0;
  r = r0;
  return eta;
}

/**
 * d, e = (u·d + v·e) / 2^29, (q·d + r·e) / 2^29 modulo m: multiples of m that make the low limb zero
 * are added first, chosen so that both stay in (−2m, m). |u| + |v| ≤ 2^29 and |q| + |r| ≤ 2^29, so
 * that every sum is below 2^60.
 */
function updateCofactors(m: usize, inverseOfLow: i64): void {
  const signD = <i64>(load<i32>(d, 32) >> 31);
  const signE = <i64>(load<i32>(e, 32) >> 31);
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
  for (let i: u32 = 4; i < NUMBER_BYTES; i += 4) {
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
  store<i32>(d, <i32>sumD, 32);
  store<i32>(e, <i32>sumE, 32);
}

/** f, g = (u·f + v·g) / 2^29, (q·f + r·g) / 2^29, which is exact. */
function updateValues(): void {
  let sumF: i64 = 0;
  let sumG: i64 = 0;
  for (let i: i32 = 0; i < LIMBS; i++) {
    const at = (<usize>i) << 2;
    const f0 = load<i32>(f + at) as i64;
    const g0 = load<i32>(g + at) as i64;
    sumF += u * f0 + v * g0;
    sumG += q * f0 + r * g0;
    if (i > 0) {
      store<i32>(f + at - 4, (<i32>sumF) & LIMB_MASK);
      store<i32>(g + at - 4, (<i32>sumG) & LIMB_MASK);
    }
    sumF >>= LIMB_BITS;
    sumG >>= LIMB_BITS;
  }
  store<i32>(f, <i32>sumF, 32);
  store<i32>(g, <i32>sumG, 32);
}
