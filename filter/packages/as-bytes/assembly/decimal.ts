import { Bytes, addressOf, lengthOf } from "./bytes";

/** Significant digits that can decide the rounding of a binary64; further ones only say "a bit more". */
const MAX_DIGITS: u32 = 770;

/** Limbs of 32 bits: 770 digits or 5^1100 take at most 2,560 bits, and both are shifted by fewer than 1,200. */
const LIMBS: u32 = 128;

const NUMERATOR: usize = memory.data(128 * 4);
const DENOMINATOR: usize = memory.data(128 * 4);

/** Limbs that either number needs now: what lies above is zero in both and is passed over. */
let span: u32 = LIMBS;

/** 10^0 … 10^22, the powers of ten that binary64 holds exactly. */
const EXACT_POWERS: StaticArray<f64> = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
];

/**
 * The binary64 nearest to a number in JSON's grammar (RFC 8259 §6), ties to even; ±Infinity beyond
 * the range, 0 below it. The caller has checked the grammar.
 */
export function decimalToDouble(text: Bytes): f64 {
  let address = addressOf(text);
  const end = address + lengthOf(text);
  const negative = load<u8>(address) == 0x2d;
  if (negative) address += 1;

  let mantissa: u64 = 0;
  let digits: u32 = 0;
  let exponent: i32 = 0;
  let fraction = false;
  const firstDigit = address;
  while (address < end) {
    const byte: u32 = load<u8>(address);
    if (byte == 0x2e) {
      fraction = true;
    } else if (byte - 0x30 < 10) {
      if (digits != 0 || byte != 0x30) {
        if (digits < 19) mantissa = mantissa * 10 + (byte - 0x30);
        digits += 1;
      }
      if (fraction) exponent -= 1;
    } else {
      break;
    }
    address += 1;
  }
  const afterDigits = address;
  if (address < end) exponent += writtenExponent(address + 1, end);

  const magnitude =
    digits <= 19 && mantissa <= 9007199254740992 && exponent >= -22 && exponent <= 22
      ? scaleExactly(mantissa, exponent)
      : scaleByLongDivision(firstDigit, afterDigits, digits, exponent);
  return negative ? -magnitude : magnitude;
}

/** The exponent after `e`, held within ±100,000, which is far outside what binary64 can hold. */
function writtenExponent(address: usize, end: usize): i32 {
  const negative = load<u8>(address) == 0x2d;
  if (negative || load<u8>(address) == 0x2b) address += 1;
  let value: i32 = 0;
  while (address < end) {
    if (value < 100000) value = value * 10 + (load<u8>(address) - 0x30);
    address += 1;
  }
  return negative ? -value : value;
}

/** Both factors are exact in binary64, so the one operation rounds once (Clinger 1990). */
function scaleExactly(mantissa: u64, exponent: i32): f64 {
  const value = <f64>mantissa;
  return exponent < 0
    ? value / unchecked(EXACT_POWERS[-exponent])
    : value * unchecked(EXACT_POWERS[exponent]);
}

/**
 * digits·10^exponent as an exact quotient of two large integers, divided bit by bit. The powers of
 * two of 10^e = 5^e·2^e go straight into the binary exponent.
 */
function scaleByLongDivision(firstDigit: usize, end: usize, digits: u32, exponent: i32): f64 {
  if (digits == 0) return 0;
  const decimalPoint = <i64>digits + exponent; // the value lies in [10^(this−1), 10^this)
  if (decimalPoint > 310) return Infinity;
  if (decimalPoint < -330) return 0;

  let dropped: i32 = 0;
  span = 1;
  memory.fill(NUMERATOR, 0, LIMBS * 4);
  let taken: u32 = 0;
  let more = false;
  for (let address = firstDigit; address < end; address++) {
    const byte: u32 = load<u8>(address);
    if (byte == 0x2e || (taken == 0 && byte == 0x30)) continue;
    if (taken < MAX_DIGITS) {
      multiplyAdd(NUMERATOR, 10, byte - 0x30);
      taken += 1;
    } else {
      more = more || byte != 0x30;
      dropped += 1;
    }
  }
  if (more) multiplyAdd(NUMERATOR, 10, 1);
  const power = exponent + dropped - (more ? 1 : 0);

  memory.fill(DENOMINATOR, 0, LIMBS * 4);
  store<u32>(DENOMINATOR, 1);
  const scaled = power < 0 ? DENOMINATOR : NUMERATOR;
  for (let index = power < 0 ? -power : power; index > 0; index--) multiplyAdd(scaled, 5, 0);

  // Bring the quotient into [1, 2), the exponent of two aside.
  let binary = power + bitLength(NUMERATOR) - bitLength(DENOMINATOR);
  const shift = bitLength(NUMERATOR) - bitLength(DENOMINATOR);
  // One limb more than the shift, since the numerator is doubled once beyond it.
  span = min(LIMBS, span + ((<u32>abs<i32>(shift)) >> 5) + 2);
  if (shift > 0) shiftLeft(DENOMINATOR, shift);
  else shiftLeft(NUMERATOR, -shift);
  if (compare(NUMERATOR, DENOMINATOR) < 0) {
    shiftLeft(NUMERATOR, 1);
    binary -= 1;
  }

  // Subnormals keep fewer bits: the last one is always worth 2^−1074.
  const bits: i32 = binary >= -1022 ? 53 : 53 - (-1022 - binary);
  if (bits < 0) return 0;
  let quotient: u64 = 0;
  for (let index: i32 = 0; index < bits; index++) {
    quotient <<= 1;
    if (compare(NUMERATOR, DENOMINATOR) >= 0) {
      subtract(NUMERATOR, DENOMINATOR);
      quotient |= 1;
    }
    shiftLeft(NUMERATOR, 1);
  }
  // What is left, doubled by the last shift, against the divisor: over, at or under one half.
  const half = compare(NUMERATOR, DENOMINATOR);
  if (half > 0 || (half == 0 && (quotient & 1) == 1)) quotient += 1;

  // A carry out of the mantissa moves into the exponent by itself, up to Infinity.
  const biased: u64 = binary >= -1022 ? <u64>(binary + 1022) : 0;
  const encoded = (biased << 52) + quotient;
  return encoded >= 0x7ff0000000000000 ? Infinity : reinterpret<f64>(encoded);
}

function multiplyAdd(limbs: usize, factor: u32, addend: u32): void {
  let carry: u64 = addend;
  for (let index: u32 = 0; index < span; index++) {
    const limb: u64 = load<u32>(limbs + (index << 2));
    carry += limb * factor;
    store<u32>(limbs + (index << 2), <u32>carry);
    carry >>= 32;
  }
  if (carry != 0) {
    store<u32>(limbs + (span << 2), <u32>carry);
    span += 1;
  }
}

function shiftLeft(limbs: usize, bits: i32): void {
  const whole = (<u32>bits) >> 5;
  const rest = (<u32>bits) & 31;
  for (let index: i32 = span - 1; index >= 0; index--) {
    const high = limbAt(limbs, index - <i32>whole);
    const low = limbAt(limbs, index - <i32>whole - 1);
    store<u32>(limbs + (index << 2), rest == 0 ? high : (high << rest) | (low >> (32 - rest)));
  }
}

function limbAt(limbs: usize, index: i32): u32 {
  return index < 0 ? 0 : load<u32>(limbs + (index << 2));
}

function bitLength(limbs: usize): i32 {
  for (let index: i32 = span - 1; index >= 0; index--) {
    const limb = load<u32>(limbs + (index << 2));
    if (limb != 0) return (index << 5) + 32 - clz<i32>(limb);
  }
  return 0;
}

function compare(left: usize, right: usize): i32 {
  for (let index: i32 = span - 1; index >= 0; index--) {
    const a = load<u32>(left + (index << 2));
    const b = load<u32>(right + (index << 2));
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

function subtract(left: usize, right: usize): void {
  let borrow: i64 = 0;
  for (let index: u32 = 0; index < span; index++) {
    const a: i64 = load<u32>(left + (index << 2));
    const b: i64 = load<u32>(right + (index << 2));
    borrow += a - b;
    store<u32>(left + (index << 2), <u32>borrow);
    borrow >>= 32;
  }
}
