/** One line of a script: its words, `%XX` decoded. */
const MAX_ARGUMENTS: u32 = 32;
const WORDS: usize = memory.data(32 * 8);
const TEXT: usize = memory.data(16384);

export let argumentCount: i32 = 0;

export function splitLine(from: usize, end: usize): void {
  argumentCount = 0;
  let out = TEXT;
  let word = out;
  let at = from;
  while (at <= end && <u32>argumentCount < MAX_ARGUMENTS) {
    const byte: u8 = at < end ? load<u8>(at) : 0x20;
    if (byte == 0x20) {
      store<u32>(WORDS + argumentCount * 8, <u32>word);
      store<u32>(WORDS + argumentCount * 8 + 4, <u32>(out - word));
      argumentCount++;
      word = out;
    } else if (byte == 0x25 && at + 2 < end) {
      store<u8>(out++, (digit(load<u8>(at + 1)) << 4) | digit(load<u8>(at + 2)));
      at += 2;
    } else {
      store<u8>(out++, byte);
    }
    at++;
  }
}

function digit(byte: u8): u8 {
  return byte < 0x3a ? byte - 0x30 : (byte | 0x20) - 0x57;
}

export function argumentAt(index: i32): usize {
  return load<u32>(WORDS + index * 8);
}

/** The address of a word; 0 for an empty or missing one. */
export function argument(index: i32): usize {
  return argumentLength(index) == 0 ? 0 : argumentAt(index);
}

export function argumentLength(index: i32): u32 {
  return index < argumentCount ? load<u32>(WORDS + index * 8 + 4) : 0;
}

export function isWord(index: i32, text: string): bool {
  if (argumentLength(index) != text.length) return false;
  const address = argumentAt(index);
  for (let i = 0; i < text.length; i++) {
    if (load<u8>(address + i) != text.charCodeAt(i)) return false;
  }
  return true;
}

/** A decimal number, a minus in front of it maybe. */
export function numberAt(index: i32): i32 {
  const length = argumentLength(index);
  const address = argument(index);
  let value = 0;
  let negative = false;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(address + i);
    if (byte == 0x2d) negative = true;
    else value = value * 10 + (byte - 0x30);
  }
  return negative ? -value : value;
}
