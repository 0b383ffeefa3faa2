import { Bytes, addressOf, bytesAt, lengthOf } from "./bytes";

/** Whether both hold the same bytes; an absent run equals an empty one here, so ask `isPresent` first where it matters. */
export function equal(left: Bytes, right: Bytes): bool {
  return left >> 32 == right >> 32 && sameBytes(addressOf(left), addressOf(right), lengthOf(left));
}

export function startsWith(bytes: Bytes, prefix: Bytes): bool {
  return (
    lengthOf(bytes) >= lengthOf(prefix) && sameBytes(addressOf(bytes), addressOf(prefix), lengthOf(prefix))
  );
}

export function endsWith(bytes: Bytes, suffix: Bytes): bool {
  const length = lengthOf(bytes);
  const tail = lengthOf(suffix);
  return length >= tail && sameBytes(addressOf(bytes) + (length - tail), addressOf(suffix), tail);
}

/** Whether `length` bytes are the same at both addresses; sixteen at a time, reading no byte beyond them. */
function sameBytes(left: usize, right: usize, length: u32): bool {
  let offset: usize = 0;
  while (offset + 16 <= length) {
    if (v128.any_true(v128.xor(v128.load(left + offset), v128.load(right + offset)))) return false;
    offset += 16;
  }
  while (offset < length) {
    if (load<u8>(left + offset) != load<u8>(right + offset)) return false;
    offset += 1;
  }
  return true;
}

/** An ASCII upper-case letter as its lower-case one, any other byte as it is. */
@inline
export function lowerCase(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte;
}

/** Equality that takes ASCII letters of either case as the same (RFC 9110 field names, schemes and hosts). */
export function equalIgnoreCase(left: Bytes, right: Bytes): bool {
  return left >> 32 == right >> 32 && sameIgnoreCase(addressOf(left), addressOf(right), lengthOf(left));
}

export function sameIgnoreCase(left: usize, right: usize, length: u32): bool {
  for (let index: usize = 0; index < length; index++) {
    if (lowerCase(load<u8>(left + index)) != lowerCase(load<u8>(right + index))) return false;
  }
  return true;
}

/** Whether the bytes are those of `text`, an ASCII literal of the program. */
export function equalsText(bytes: Bytes, text: string): bool {
  const length = <u32>text.length;
  if (lengthOf(bytes) != length) return false;
  const address = addressOf(bytes);
  const characters = changetype<usize>(text);
  for (let index: usize = 0; index < length; index++) {
    if (<u32>load<u8>(address + index) != <u32>load<u16>(characters + (index << 1))) return false;
  }
  return true;
}

/** Whether the bytes begin with `text`, an ASCII literal of the program. */
export function startsWithText(bytes: Bytes, text: string): bool {
  const length = <u32>text.length;
  return lengthOf(bytes) >= length && equalsText(bytesAt(addressOf(bytes), length), text);
}

/** The first place of `byte` at or after `from`, or -1. */
export function indexOfByte(bytes: Bytes, byte: u8, from: u32 = 0): i32 {
  const address = addressOf(bytes);
  const length = lengthOf(bytes);
  let index = from;
  const wanted = i8x16.splat(byte);
  while (index + 16 <= length) {
    const mask = <u32>i8x16.bitmask(i8x16.eq(v128.load(address + index), wanted));
    if (mask != 0) return <i32>(index + ctz<u32>(mask));
    index += 16;
  }
  while (index < length) {
    if (load<u8>(address + index) == byte) return <i32>index;
    index += 1;
  }
  return -1;
}

/** The last place of `byte`, or -1. */
export function lastIndexOfByte(bytes: Bytes, byte: u8): i32 {
  const address = addressOf(bytes);
  let index = <i32>lengthOf(bytes) - 1;
  while (index >= 0 && load<u8>(address + index) != byte) index -= 1;
  return index;
}
