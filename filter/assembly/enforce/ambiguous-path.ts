import { Bytes, addressOf, hexByte, isDigit, isLetter, lengthOf } from "as-bytes";

const SLASH: u32 = 0x2f;
const BACKSLASH: u32 = 0x5c;
const DOT: u32 = 0x2e;
const PERCENT: u32 = 0x25;
const HASH: u32 = 0x23;
const SEMICOLON: u32 = 0x3b;

/**
 * Whether two servers could read different resources from one path (without its query): a dot
 * segment, with `;` parameters too, an empty segment, `\`, `#`, or an escape that hides a slash, a
 * backslash, NUL or a byte that needs no escape (RFC 3986 §2.3).
 */
export function isAmbiguousPath(path: Bytes): bool {
  const address = addressOf(path);
  const length = lengthOf(path);
  let at: u32 = 0;
  while (at < length) {
    const byte: u32 = load<u8>(address + at);
    if (byte == BACKSLASH || byte == HASH) return true;
    if (byte == PERCENT && hidesByte(address + at, length - at)) return true;
    if (byte == SLASH) {
      const left = length - at - 1;
      if (left != 0 && load<u8>(address + at, 1) == SLASH) return true;
      if (isDotSegment(address + at + 1, left)) return true;
    }
    at += 1;
  }
  return false;
}

/** Whether the segment at `address` is `.` or `..`, as it is or before parameters. */
function isDotSegment(address: usize, left: u32): bool {
  let dots: u32 = 0;
  while (dots < left && load<u8>(address + dots) == DOT) dots += 1;
  if (dots == 0 || dots > 2) return false;
  if (dots == left) return true;
  const after: u32 = load<u8>(address + dots);
  return after == SLASH || after == SEMICOLON;
}

/** Whether `%XX` at `address` stands for a byte that must not, or need not, be escaped in a path. */
function hidesByte(address: usize, left: u32): bool {
  if (left < 3) return false;
  const value = hexByte(address + 1);
  if (value < 0) return false;
  const byte = <u32>value;
  return byte == 0 || byte == SLASH || byte == BACKSLASH || isUnreserved(byte);
}

function isUnreserved(byte: u32): bool {
  return isLetter(byte) || isDigit(byte) || byte == 0x2d || byte == DOT || byte == 0x5f || byte == 0x7e;
}
