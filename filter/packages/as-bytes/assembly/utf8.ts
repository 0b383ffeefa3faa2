import { Bytes, addressOf, lengthOf } from "./bytes";

/** Whether the bytes are well-formed UTF-8 (RFC 3629 §4): no overlong form, no surrogate, nothing over U+10FFFF. */
export function isUtf8(bytes: Bytes): bool {
  let address = addressOf(bytes);
  const end = address + lengthOf(bytes);
  while (address < end) {
    if (end - address >= 16 && i8x16.bitmask(v128.load(address)) == 0) {
      address += 16;
      continue;
    }
    const size = utf8SequenceAt(address, end);
    if (size == 0) return false;
    address += size;
  }
  return true;
}

/** Length of the well-formed sequence that starts at `address` (1 to 4), or 0 where none does before `end`. */
export function utf8SequenceAt(address: usize, end: usize): u32 {
  const lead: u32 = load<u8>(address);
  if (lead < 0x80) return 1;
  const left = end - address;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return left >= 2 && isContinuation(address + 1) ? 2 : 0;
  if (lead < 0xf0) {
    if (left < 3 || !isContinuation(address + 1) || !isContinuation(address + 2)) return 0;
    const second: u32 = load<u8>(address, 1);
    if (lead == 0xe0 && second < 0xa0) return 0; // overlong
    if (lead == 0xed && second >= 0xa0) return 0; // surrogates
    return 3;
  }
  if (lead > 0xf4 || left < 4) return 0;
  if (!isContinuation(address + 1) || !isContinuation(address + 2) || !isContinuation(address + 3)) return 0;
  const second: u32 = load<u8>(address, 1);
  if (lead == 0xf0 && second < 0x90) return 0; // overlong
  if (lead == 0xf4 && second >= 0x90) return 0; // over U+10FFFF
  return 4;
}

/** Writes the code point as UTF-8; the caller guarantees a scalar value and four bytes of room. Bytes written. */
export function writeUtf8(address: usize, codePoint: u32): u32 {
  if (codePoint < 0x80) {
    store<u8>(address, codePoint);
    return 1;
  }
  if (codePoint < 0x800) {
    store<u8>(address, 0xc0 | (codePoint >> 6));
    store<u8>(address, continuation(codePoint), 1);
    return 2;
  }
  if (codePoint < 0x10000) {
    store<u8>(address, 0xe0 | (codePoint >> 12));
    store<u8>(address, continuation(codePoint >> 6), 1);
    store<u8>(address, continuation(codePoint), 2);
    return 3;
  }
  store<u8>(address, 0xf0 | (codePoint >> 18));
  store<u8>(address, continuation(codePoint >> 12), 1);
  store<u8>(address, continuation(codePoint >> 6), 2);
  store<u8>(address, continuation(codePoint), 3);
  return 4;
}

function isContinuation(address: usize): bool {
  return (load<u8>(address) & 0xc0) == 0x80;
}

function continuation(bits: u32): u32 {
  return 0x80 | (bits & 0x3f);
}
