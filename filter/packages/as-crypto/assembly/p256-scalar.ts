/**
 * Integers modulo n, the order of P-256 (SP 800-186 §3.2.1.3): a handful of operations a signature,
 * hence short loops. Montgomery form has R = 2^261.
 */
import { LIMB_BITS, LIMB_MASK, addSigned, fromOctets, isLess, isZero } from "./p256-limbs";
import { invertModulo } from "./safegcd";

/** Bytes of a scalar: nine words and a zero one, so that bits may be read in pairs of words. */
export const SCALAR_BYTES: u32 = 40;

/** n; nine normal words, and a zero. */
export const ORDER = memory.data<i32>([
  0x1c632551, 0x1dce5617, 0x05e7a13c, 0x0df55b4e, 0x1ffffbce, 0x1fffffff, 0x0003ffff, 0x1fe00000, 0x00ffffff,
  0x00000000,
]);

/** −n⁻¹ and n⁻¹ modulo 2^29. */
const NEGATIVE_INVERSE: u64 = 0x0e00bc4f;
const INVERSE: i64 = 0x11ff43b1;

/** R² mod n. */
const R_SQUARED = memory.data<i32>([
  0x148d9ef5, 0x0f4e7f75, 0x14c6a651, 0x03f8b765, 0x165861f1, 0x1256d7d8, 0x1c185b23, 0x0d4cab0f, 0x0084b655,
]);

const quotients = memory.data(36, 16);

/** Reads 32 big-endian bytes; whether the value is in [1, n − 1]. */
export function scalarFromOctets(out: usize, octets: usize): bool {
  fromOctets(out, octets);
  return !isZero(out) && isLess(out, ORDER);
}

/** out = a⁻¹·R mod n, for a in [1, n − 1]: one factor of `multiplyScalars` that gives plain quotients. */
export function invertScalar(out: usize, a: usize): void {
  invertModulo(out, a, ORDER, INVERSE);
  multiplyScalars(out, out, R_SQUARED);
}

/** out = a·b/R mod n, in [0, n), for normal a < 2^256 and b < n. `out` may be an operand. */
export function multiplyScalars(out: usize, a: usize, b: usize): void {
  // A column has at most 18 terms below 2^58 and a carry below 2^34: below 2^63.
  let column: u64 = 0;
  for (let k = 0; k < 17; k++) {
    const from = max(0, k - 8);
    const to = min(k, 8);
    for (let i = from; i <= to; i++) column += word(a, i) * word(b, k - i);
    for (let i = from; i <= min(k - 1, 8); i++) column += word(quotients, i) * word(ORDER, k - i);
    if (k < 9) {
      const quotient = (column * NEGATIVE_INVERSE) & LIMB_MASK;
      store<u32>(quotients + ((<usize>k) << 2), <u32>quotient);
      column += quotient * word(ORDER, 0);
    } else {
      store<u32>(product + ((<usize>(k - 9)) << 2), <u32>(column & LIMB_MASK));
    }
    column >>= LIMB_BITS;
  }
  store<u32>(product, <u32>column, 32);
  // a·b/R + n < 2n: one subtraction at most.
  if (isLess(product, ORDER)) memory.copy(out, product, 36);
  else addSigned(out, product, ORDER, -1);
}

const product = memory.data(36, 16);

function word(a: usize, i: i32): u64 {
  return load<u32>(a + ((<usize>i) << 2));
}

/** out = n − a, for a < n. */
export function negateScalar(out: usize, a: usize): void {
  addSigned(out, ORDER, a, -1);
}

/** The `count` bits of `a` from bit `start` up; start + count ≤ 290, count ≤ 29. */
export function scalarBits(a: usize, start: u32, count: u32): u32 {
  const words = a + ((start / LIMB_BITS) << 2);
  const pair = (<u64>load<u32>(words)) | ((<u64>load<u32>(words, 4)) << LIMB_BITS);
  return (<u32>(pair >> (start % LIMB_BITS))) & ((1 << count) - 1);
}
