/** Pairs of `pair-field.ts` from bytes and numbers and back: what is done once an element, not once a product. */
import {
  LIMB_BITS,
  LIMB_MASK,
  NUMBER_BYTES,
  addTimes,
  fromLittleEndian,
  isLess,
  isZero,
  toLittleEndian,
} from "./numbers";
import { Field, PAIR_BYTES, coordinateBytes, prime } from "./pair-field";
import { invertModulo } from "./safegcd";

/** The sign of zero, to be added to a coordinate that is to be negated. */
const SIGN: i64 = -0x8000000000000000;

/**
 * out = the coordinates in table form at `left` and `right`, negated on demand. Eight bytes are read at
 * each limb: two behind the last are touched.
 */
export function setPair(
  out: usize,
  left: usize,
  right: usize,
  negateLeft: bool,
  negateRight: bool,
  field: Field,
): void {
  const mask = i64x2.splat(0xffffffffffff);
  const exponent = i64x2.splat(0x4330000000000000);
  let signs = i64x2.splat(negateLeft ? SIGN : 0);
  signs = i64x2.replace_lane(signs, 1, negateRight ? SIGN : 0);
  const end = out + (field.limbs << 4);
  for (; out < end; out += 16, left += 6, right += 6) {
    const bits = v128.load_lane<u64>(right, v128.load_zero<u64>(left), 1);
    const limb = f64x2.sub(v128.or(v128.and(bits, mask), exponent), exponent);
    v128.store(out, v128.xor(limb, signs));
  }
}

const number = memory.data(NUMBER_BYTES, 16);

/** out = the left element of a normal pair as a number in [0, p). */
export function canonical(out: usize, a: usize, field: Field): void {
  const words = field.words;
  const end = out + ((words - 1) << 2);
  let word = out;
  let held: i64 = 0;
  let heldBits: i32 = 0;
  for (let half: u32 = 0; half < 2 * field.limbs; half++) {
    // Half a limb at a time, so that it fits beside what is held.
    const limb = <i64>load<f64>(a + ((half >> 1) << 4));
    held += (half & 1 ? limb >> 24 : limb & 0xffffff) << heldBits;
    heldBits += 24;
    if (heldBits >= LIMB_BITS && word < end) {
      store<i32>(word, (<i32>held) & LIMB_MASK);
      word += 4;
      held >>= LIMB_BITS;
      heldBits -= LIMB_BITS;
    }
  }
  for (; word <= end; word += 4) {
    store<i32>(word, word < end ? (<i32>held) & LIMB_MASK : <i32>held);
    held >>= LIMB_BITS;
  }
  reduce(out, field);
}

/** Brings a normal number of `field.words` words into [0, p). */
function reduce(a: usize, field: Field): void {
  const words = field.words;
  const p = prime(field);
  const top = a + ((field.bits / LIMB_BITS) << 2);
  const isLast = field.bits / LIMB_BITS == words - 1;
  while (true) {
    // Multiples of 2^bits, above or below: p is a little less than that.
    let times = load<i32>(top) as i64;
    if (!isLast) times += (load<i32>(top, 4) as i64) << LIMB_BITS;
    times >>= field.bits % LIMB_BITS;
    if (times == 0) break;
    addTimes(a, a, p, -times, words);
  }
  if (!isLess(a, p, words)) addTimes(a, a, p, -1, words);
}

/** Whether the left element of a normal pair is zero. */
export function isZeroElement(a: usize, field: Field): bool {
  canonical(number, a, field);
  return isZero(number, field.words);
}

/** Writes the left element of a normal pair as `coordinateBytes` bytes at `address`. */
export function toCoordinate(address: usize, a: usize, field: Field): void {
  canonical(number, a, field);
  toLittleEndian(number, field.words, address, coordinateBytes(field));
}

const octetsAsCoordinate = memory.data(PAIR_BYTES, 16);

/** out = both elements the integer in `field.octets` big-endian bytes; whether it is below p. */
export function setFromOctets(out: usize, octets: usize, field: Field): bool {
  memory.fill(octetsAsCoordinate, 0, PAIR_BYTES);
  for (let i: u32 = 0; i < field.octets; i++) {
    store<u8>(octetsAsCoordinate + i, load<u8>(octets + field.octets - 1 - i));
  }
  return setFromCoordinate(out, octetsAsCoordinate, field);
}

/** out = both elements the coordinate at `address`; whether it is below p. */
export function setFromCoordinate(out: usize, address: usize, field: Field): bool {
  setPair(out, address, address, false, false, field);
  fromLittleEndian(number, field.words, address, coordinateBytes(field));
  return isBelowPrime(number, field);
}

/** out = both elements the number `a`, in [0, p). */
export function setFromNumber(out: usize, a: usize, field: Field): void {
  toLittleEndian(a, field.words, octetsAsCoordinate, coordinateBytes(field));
  setPair(out, octetsAsCoordinate, octetsAsCoordinate, false, false, field);
}

/** Whether the normal number `a`, of `field.words` words and not negative, is below p. */
export function isBelowPrime(a: usize, field: Field): bool {
  return isLess(a, prime(field), field.words);
}

/** out = both elements the inverse of the left element of the normal pair a; 0 for 0. */
export function invertLeft(out: usize, a: usize, field: Field): void {
  canonical(number, a, field);
  invertModulo(number, number, prime(field), field.inverse, field.words);
  setFromNumber(out, number, field);
}
