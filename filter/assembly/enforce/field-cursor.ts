import { Arena, Bytes, addressOf, bytesAt, indexOfByte, isSpace, lengthOf, part } from "as-bytes";
import { PlaceKind } from "./document";

const QUESTION_MARK: u8 = 0x3f;
const AMPERSAND: u8 = 0x26;
const SEMICOLON: u8 = 0x3b;
const EQUALS: u8 = 0x3d;

/**
 * Walks the `name=value` fields of a query (after the first `?`, parted by `&`) or of a cookie line
 * (parted by `;`, RFC 6265 §4.2.1). Names and values are bytes as they stand: nothing is decoded.
 */
@unmanaged
export class FieldCursor {
  name: Bytes;
  value: Bytes;
  /** The field with its name, spaces around it aside. */
  field: Bytes;
  private rest: Bytes;
  private separator: u8;
  private done: bool;

  static create(arena: Arena): FieldCursor {
    return changetype<FieldCursor>(arena.allocate(offsetof<FieldCursor>()));
  }

  open(kind: PlaceKind, text: Bytes): void {
    this.separator = kind == PlaceKind.COOKIE ? SEMICOLON : AMPERSAND;
    this.rest = kind == PlaceKind.COOKIE ? text : queryOf(text);
    this.done = lengthOf(this.rest) == 0;
  }

  next(): bool {
    if (this.done) return false;
    const rest = this.rest;
    const length = lengthOf(rest);
    const separator = indexOfByte(rest, this.separator);
    const end: u32 = separator < 0 ? length : <u32>separator;
    this.done = separator < 0;
    this.rest = separator < 0 ? rest : part(rest, end + 1, length);
    this.field = trimmed(part(rest, 0, end));
    const equals = indexOfByte(this.field, EQUALS);
    const nameEnd: u32 = equals < 0 ? lengthOf(this.field) : <u32>equals;
    this.name = trimmed(part(this.field, 0, nameEnd));
    this.value =
      equals < 0 ? part(this.field, nameEnd, nameEnd) : part(this.field, nameEnd + 1, lengthOf(this.field));
    return true;
  }
}

/** The query of a path, without its `?`; empty where there is none. */
function queryOf(path: Bytes): Bytes {
  const mark = indexOfByte(path, QUESTION_MARK);
  return mark < 0 ? part(path, 0, 0) : part(path, <u32>mark + 1, lengthOf(path));
}

function trimmed(text: Bytes): Bytes {
  let start = addressOf(text);
  let end = start + lengthOf(text);
  while (start < end && isSpace(load<u8>(start))) start += 1;
  while (start < end && isSpace(load<u8>(end - 1))) end -= 1;
  return bytesAt(start, <u32>(end - start));
}
