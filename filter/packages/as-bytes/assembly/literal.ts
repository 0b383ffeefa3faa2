import { Arena } from "./arena";
import { Bytes, addressOf, bytesAt, isPresent, lengthOf } from "./bytes";
import { lowerCase } from "./compare";

/** The bytes of an ASCII literal of the program. */
export function literalBytes(text: string, arena: Arena): Bytes {
  const length = <u32>text.length;
  const start = arena.take(length);
  for (let index: u32 = 0; index < length; index++) store<u8>(start + index, text.charCodeAt(index));
  return bytesAt(start, length);
}

/** A copy with ASCII letters in lower case. */
export function inLowerCase(bytes: Bytes, arena: Arena): Bytes {
  const length = lengthOf(bytes);
  const start = arena.take(length);
  for (let index: u32 = 0; index < length; index++) {
    store<u8>(start + index, lowerCase(load<u8>(addressOf(bytes) + index)));
  }
  return bytesAt(start, length);
}

/** The same bytes in memory of the arena; ABSENT stays absent. */
export function copyBytes(bytes: Bytes, arena: Arena): Bytes {
  if (!isPresent(bytes)) return bytes;
  const copy = arena.take(lengthOf(bytes));
  memory.copy(copy, addressOf(bytes), lengthOf(bytes));
  return bytesAt(copy, lengthOf(bytes));
}
