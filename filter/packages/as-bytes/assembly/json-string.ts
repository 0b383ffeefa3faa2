import { hexDigit } from "./ascii";
import { ABSENT, Bytes, addressOf, bytesAt, lengthOf } from "./bytes";
import { writeUtf8 } from "./utf8";

/** The first byte at or after `address` that is `"`, `\` or a control byte; at most `end`. */
export function skipPlainCharacters(address: usize, end: usize): usize {
  while (address < end && end - address >= 16) {
    const block = v128.load(address);
    const special = v128.or(
      v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c))),
      i8x16.lt_u(block, i8x16.splat(0x20)),
    );
    const mask = i8x16.bitmask(special);
    if (mask != 0) return address + ctz<u32>(<u32>mask);
    address += 16;
  }
  while (address < end) {
    const byte: u32 = load<u8>(address);
    if (byte < 0x20 || byte == 0x22 || byte == 0x5c) return address;
    address += 1;
  }
  return end;
}

/**
 * Resolves the escapes of a string's inside (RFC 8259 §7) into memory at `target`, which has room
 * for as many bytes. ABSENT where an escape is unknown, cut short or a lone surrogate.
 */
export function unescapeString(raw: Bytes, target: usize): Bytes {
  let from = addressOf(raw);
  const end = from + lengthOf(raw);
  let to = target;
  while (from < end) {
    const byte: u32 = load<u8>(from);
    if (byte != 0x5c) {
      store<u8>(to, byte);
      from += 1;
      to += 1;
      continue;
    }
    if (end - from < 2) return ABSENT;
    const escape: u32 = load<u8>(from, 1);
    if (escape != 0x75) {
      const plain = plainEscape(escape);
      if (plain == 0) return ABSENT;
      store<u8>(to, plain);
      from += 2;
      to += 1;
      continue;
    }
    let codePoint = hexDigits(from + 2, end);
    if (codePoint < 0) return ABSENT;
    from += 6;
    if (codePoint >= 0xdc00 && codePoint < 0xe000) return ABSENT;
    if (codePoint >= 0xd800 && codePoint < 0xdc00) {
      if (end - from < 6 || load<u8>(from) != 0x5c || load<u8>(from, 1) != 0x75) return ABSENT;
      const low = hexDigits(from + 2, end);
      if (low < 0xdc00 || low >= 0xe000) return ABSENT;
      codePoint = 0x10000 + ((codePoint - 0xd800) << 10) + (low - 0xdc00);
      from += 6;
    }
    to += writeUtf8(to, <u32>codePoint);
  }
  return bytesAt(target, <u32>(to - target));
}

function plainEscape(letter: u32): u32 {
  switch (letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return 0;
  }
}

/** Four hexadecimal digits, or -1. */
function hexDigits(address: usize, end: usize): i32 {
  if (end < address + 4) return -1;
  let value: i32 = 0;
  for (let index: usize = 0; index < 4; index++) {
    const digit = hexDigit(load<u8>(address + index));
    if (digit < 0) return -1;
    value = (value << 4) | digit;
  }
  return value;
}
