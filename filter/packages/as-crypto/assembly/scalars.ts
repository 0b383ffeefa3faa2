/**
 * Integers modulo the order n of a curve's base point: a handful of operations a signature, hence
 * short loops. Montgomery form has R = 2^(29·words).
 */
import { LIMB_BITS, LIMB_MASK, NUMBER_BYTES, addTimes, fromOctets, isLess, isZero } from "./numbers";
import { invertModulo } from "./safegcd";

/** An order made ready, in static memory. */
@unmanaged
export class Order {
  /** Words of a number of 8·octets bits, of 2n, and its sign. */
  words: u32;
  /** Bytes of n on the wire. */
  octets: u32;
  /** n⁻¹ and −n⁻¹ modulo 2^29. */
  inverse: u32;
  negativeInverse: u32;
}

/** n, in `NUMBER_BYTES` bytes. */
export function orderNumber(order: Order): usize {
  return changetype<usize>(order) + offsetof<Order>();
}

/** R² mod n. */
function rSquared(order: Order): usize {
  return orderNumber(order) + NUMBER_BYTES;
}

/** Of P-256 (SP 800-186 §3.2.1.3). */
export const P256_ORDER = changetype<Order>(
  memory.data<u32>([
    9, 32, 0x11ff43b1, 0x0e00bc4f, 0x1c632551, 0x1dce5617, 0x05e7a13c, 0x0df55b4e, 0x1ffffbce, 0x1fffffff,
    0x0003ffff, 0x1fe00000, 0x00ffffff, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x148d9ef5, 0x0f4e7f75,
    0x14c6a651, 0x03f8b765, 0x165861f1, 0x1256d7d8, 0x1c185b23, 0x0d4cab0f, 0x0084b655, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000,
  ]),
);

/** Of P-384 (SP 800-186 §3.2.1.4). */
export const P384_ORDER = changetype<Order>(
  memory.data<u32>([
    14, 48, 0x177023bb, 0x088fdc45, 0x0cc52973, 0x0760cb56, 0x0c29debb, 0x141b6491, 0x12ddf581, 0x06c0fa1b,
    0x1fff1d8d, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x0000007f,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x0699ee97, 0x1edd377d,
    0x0cda0e8e, 0x1660d584, 0x1dc5422e, 0x0a1597d7, 0x17979ddf, 0x1e060c0d, 0x0ab1cc5b, 0x06a48ba5,
    0x19a25750, 0x0b6f4504, 0x1f213fb0, 0x0000004d, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000,
  ]),
);

/** Of P-521 (SP 800-186 §3.2.1.5). */
export const P521_ORDER = changetype<Order>(
  memory.data<u32>([
    19, 66, 0x06566a39, 0x19a995c7, 0x11386409, 0x1b7db8f4, 0x0711ebae, 0x0b937113, 0x1a5d03bb, 0x00a47b84,
    0x19adff30, 0x1077e5f2, 0x1a518687, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff,
    0x1fffffff, 0x1fffffff, 0x1fffffff, 0x0fffffff, 0x00000000, 0x00000000, 0x0bb6a65d, 0x0906dc76,
    0x1fed3426, 0x0768c56c, 0x0f6269d2, 0x0c26954d, 0x0d7d82bb, 0x04117b1b, 0x192773c2, 0x0adc7dba,
    0x1d142b77, 0x13de67f9, 0x1586a395, 0x08ab798d, 0x11492d0d, 0x096c701e, 0x03110e0f, 0x06b475fd,
    0x00000000, 0x00000000,
  ]),
);

/** Of edwards25519's base point, called L (RFC 8032 §5.1). */
export const ED25519_ORDER = changetype<Order>(
  memory.data<u32>([
    9, 32, 0x0dab81e5, 0x12547e1b, 0x1cf5d3ed, 0x009318d2, 0x1de73596, 0x1df3bd45, 0x0000014d, 0x00000000,
    0x00000000, 0x00000000, 0x00100000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x0b5f9d12, 0x1e141b17,
    0x158d7f3d, 0x143f3757, 0x1972d781, 0x042feb7c, 0x1ceec73d, 0x1e184d1e, 0x0005046d, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000,
  ]),
);

const quotients = memory.data(NUMBER_BYTES, 16);
const product = memory.data(NUMBER_BYTES, 16);

/** Reads `order.octets` big-endian bytes; whether the value is in [1, n − 1]. */
export function scalarFromOctets(out: usize, octets: usize, order: Order): bool {
  fromOctets(out, order.words, octets, order.octets);
  return !isZero(out, order.words) && isLess(out, orderNumber(order), order.words);
}

/** out = a⁻¹·R mod n, for a in [1, n − 1]: one factor of `multiplyScalars` that gives plain quotients. */
export function invertScalar(out: usize, a: usize, order: Order): void {
  invertModulo(out, a, orderNumber(order), order.inverse, order.words);
  multiplyScalars(out, out, rSquared(order), order);
}

/** out = a·b/R mod n, in [0, n), for normal a of 8·octets bits and b < n. `out` may be an operand. */
export function multiplyScalars(out: usize, a: usize, b: usize, order: Order): void {
  const words = order.words;
  const n = orderNumber(order);
  const last = <i32>words - 1;
  const negativeInverse = <u64>order.negativeInverse;
  // A column has at most 2·19 terms below 2^58 and a carry below 2^35: below 2^64.
  let column: u64 = 0;
  for (let k = 0; k < 2 * last + 1; k++) {
    const to = min(k, last);
    for (let i = max(0, k - last); i <= to; i++) column += word(a, i) * word(b, k - i);
    for (let i = max(0, k - last); i <= min(k - 1, last); i++) column += word(quotients, i) * word(n, k - i);
    if (k <= last) {
      const quotient = (column * negativeInverse) & LIMB_MASK;
      store<u32>(quotients + ((<usize>k) << 2), <u32>quotient);
      column += quotient * word(n, 0);
    } else {
      store<u32>(product + ((<usize>(k - last - 1)) << 2), <u32>(column & LIMB_MASK));
    }
    column >>= LIMB_BITS;
  }
  store<u32>(product + ((<usize>last) << 2), <u32>column);
  // a·b/R + n < 2n: one subtraction at most.
  if (isLess(product, n, words)) memory.copy(out, product, words << 2);
  else addTimes(out, product, n, -1, words);
}

function word(a: usize, i: i32): u64 {
  return load<u32>(a + ((<usize>i) << 2));
}
