/** Classes of ASCII bytes that formats of the network have in common. Bytes over 0x7f are in none of them. */
import { Bytes, addressOf, lengthOf } from "./bytes";

/** A letter of either case. */
export function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

export function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

/** The white space of HTTP fields (RFC 9110 §5.6.3): space and tab. */
export function isSpace(byte: u32): bool {
  return byte == 0x20 || byte == 0x09;
}

/** The value of a hexadecimal digit of either case, or -1. */
export function hexDigit(byte: u32): i32 {
  if (isDigit(byte)) return <i32>(byte - 0x30);
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? <i32>(letter + 10) : -1;
}

/** The byte that the two hexadecimal digits at `address` stand for, or -1. */
export function hexByte(address: usize): i32 {
  const high = hexDigit(load<u8>(address));
  const low = hexDigit(load<u8>(address, 1));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

/** Whether the bytes are a field name: a `token` (RFC 9110 §5.6.2). */
export function isFieldName(name: Bytes): bool {
  for (let index: u32 = 0; index < lengthOf(name); index++) {
    if (!isTokenByte(load<u8>(addressOf(name) + index))) return false;
  }
  return lengthOf(name) != 0;
}

function isTokenByte(byte: u32): bool {
  if (isLetter(byte) || isDigit(byte)) return true;
  switch (byte) {
    case 0x21: // ! # $ % & ' * + - . ^ _ ` | ~
    case 0x23:
    case 0x24:
    case 0x25:
    case 0x26:
    case 0x27:
    case 0x2a:
    case 0x2b:
    case 0x2d:
    case 0x2e:
    case 0x5e:
    case 0x5f:
    case 0x60:
    case 0x7c:
    case 0x7e:
      return true;
    default:
      return false;
  }
}
