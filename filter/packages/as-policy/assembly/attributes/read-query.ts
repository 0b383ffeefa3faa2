import {
  ABSENT,
  Arena,
  Bytes,
  addressOf,
  bytesAt,
  equal,
  hexByte,
  indexOfByte,
  isPresent,
  lengthOf,
  part,
} from "as-bytes";
import { AttributeValue, Form } from "./value";

const AMPERSAND: u8 = 0x26;
const EQUALS: u8 = 0x3d;
const PERCENT: u32 = 0x25;
const PLUS: u32 = 0x2b;

/**
 * The parameter `name` of a query, parted by `&` and decoded as forms are (URL Standard §5.1). One that
 * comes twice, or whose escapes are broken, is there and cannot be compared: two readers could read two values.
 */
export function readQuery(query: Bytes, name: Bytes, arena: Arena): AttributeValue {
  if (!isPresent(query)) return AttributeValue.absent(arena);
  let value: AttributeValue | null = null;
  const length = lengthOf(query);
  let start: u32 = 0;
  while (start <= length) {
    const ampersand = indexOfByte(query, AMPERSAND, start);
    const end: u32 = ampersand < 0 ? length : <u32>ampersand;
    const field = part(query, start, end);
    const equals = indexOfByte(field, EQUALS);
    const nameEnd: u32 = equals < 0 ? lengthOf(field) : <u32>equals;
    const decodedName = decoded(part(field, 0, nameEnd), arena);
    if (isPresent(decodedName) && equal(decodedName, name)) {
      if (value !== null) return AttributeValue.create(Form.OTHER, 0, arena);
      const text = part(field, equals < 0 ? nameEnd : nameEnd + 1, lengthOf(field));
      const decodedText = decoded(text, arena);
      value = isPresent(decodedText)
        ? AttributeValue.ofText(decodedText, arena)
        : AttributeValue.create(Form.OTHER, 0, arena);
    }
    start = end + 1;
  }
  return value === null ? AttributeValue.absent(arena) : value;
}

/** `%XX` and `+` decoded; ABSENT where an escape is broken. */
function decoded(text: Bytes, arena: Arena): Bytes {
  const length = lengthOf(text);
  const from = addressOf(text);
  let at: u32 = 0;
  while (at < length && load<u8>(from + at) != PERCENT && load<u8>(from + at) != PLUS) at += 1;
  if (at == length) return text;
  const start = arena.take(length);
  let to = start;
  for (at = 0; at < length; at++) {
    let byte: u32 = load<u8>(from + at);
    if (byte == PLUS) byte = 0x20;
    if (byte == PERCENT) {
      if (at + 2 >= length) return ABSENT;
      const value = hexByte(from + at + 1);
      if (value < 0) return ABSENT;
      byte = <u32>value;
      at += 2;
    }
    store<u8>(to++, byte);
  }
  return bytesAt(start, <u32>(to - start));
}
