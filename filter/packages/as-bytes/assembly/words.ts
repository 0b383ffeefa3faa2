import { Arena } from "./arena";
import { Bytes, addressOf, bytesAt, lengthOf } from "./bytes";
import { literalBytes } from "./literal";

// Lists of names as one literal of the program, with one space between: a string of its own for each
// would take three times the room in the module.

const SPACE: i16 = 0x20;

/** Which of the words the bytes are, or -1. */
export function indexOfWord(bytes: Bytes, words: string): i32 {
  const length = lengthOf(bytes);
  const end = <u32>words.length;
  let start: u32 = 0;
  let index = 0;
  while (start < end) {
    const wordEnd = endOfWord(words, start);
    if (wordEnd - start == length && isAt(addressOf(bytes), length, words, start)) return index;
    start = wordEnd + 1;
    index += 1;
  }
  return -1;
}

/** The word at `index`, as a new copy; the caller guarantees that there is one. */
export function wordAt(words: string, index: u32, arena: Arena): Bytes {
  let start: u32 = 0;
  for (let left = index; left > 0; left--) start = endOfWord(words, start) + 1;
  const length = endOfWord(words, start) - start;
  const whole = literalBytes(words, arena);
  return bytesAt(addressOf(whole) + start, length);
}

export function endOfWord(words: string, start: u32): u32 {
  const end = <u32>words.length;
  const address = changetype<usize>(words);
  const space = i16x8.splat(SPACE);
  // Eight characters at a time; what lies behind the literal is read and does not count.
  for (let at = start; at < end; at += 8) {
    const spaces = i16x8.bitmask(i16x8.eq(v128.load(address + ((<usize>at) << 1)), space));
    if (spaces != 0) return min(end, at + ctz<u32>(<u32>spaces));
  }
  return end;
}

function isAt(address: usize, length: u32, words: string, start: u32): bool {
  for (let index: u32 = 0; index < length; index++) {
    if (<u32>load<u8>(address + index) != <u32>characterAt(words, start + index)) return false;
  }
  return true;
}

export function characterAt(words: string, index: u32): u16 {
  return load<u16>(changetype<usize>(words) + ((<usize>index) << 1));
}
