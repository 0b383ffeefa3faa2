import { ABSENT, Arena, Bytes, addressOf, indexOfByte, isPresent, lengthOf, part } from "as-bytes";
import { AttributeValue, Form } from "./value";

const SLASH: u8 = 0x2f;
const PERCENT: u8 = 0x25;
const SEMICOLON: u8 = 0x3b;

/** Segment `number` of a path, from 0; one with an escape or parameters (`;`) can be read in two ways and is not compared. */
export function readSegment(path: Bytes, number: u32, arena: Arena): AttributeValue {
  const segment = segmentOf(path, number);
  if (isPresent(segment) && (indexOfByte(segment, PERCENT) >= 0 || indexOfByte(segment, SEMICOLON) >= 0))
    return AttributeValue.create(Form.OTHER, 0, arena);
  return AttributeValue.ofText(segment, arena);
}

function segmentOf(path: Bytes, number: u32): Bytes {
  const length = lengthOf(path);
  if (length == 0 || load<u8>(addressOf(path)) != SLASH) return ABSENT;
  let start: u32 = 1;
  for (let left = number; left > 0; left--) {
    const slash = indexOfByte(path, SLASH, start);
    if (slash < 0) return ABSENT;
    start = <u32>slash + 1;
  }
  const end = indexOfByte(path, SLASH, start);
  return part(path, start, end < 0 ? length : <u32>end);
}
