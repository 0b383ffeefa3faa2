/**
 * Tokens that servers find in a field where we do not: they decode its name, or part fields where we see
 * one. The service would take such a value for a token that nobody has looked at.
 */
import { Bytes, addressOf, bytesAt, equal, hexByte, isDigit, isLetter, lengthOf } from "as-bytes";
import { PlaceKind } from "./document";
import { FieldCursor } from "./field-cursor";

const SPACE: u32 = 0x20;
const PERCENT: u32 = 0x25;
const PLUS: u32 = 0x2b;
const COMMA: u32 = 0x2c;
const DASH: u32 = 0x2d;
const DOT: u32 = 0x2e;
const SEMICOLON: u32 = 0x3b;
const EQUALS: u8 = 0x3d;
const BRACKET: u32 = 0x5b;
const UNDERSCORE: u32 = 0x5f;

/** Whether the field can hide a token of any name: asked once a field, before the places of tokens are. */
export function mayHideToken(kind: PlaceKind, field: FieldCursor): bool {
  return hasOddByte(field.name) || hasSeparator(kind, field.field);
}

/** Whether some servers find a token of this name in the field. */
export function hidesToken(kind: PlaceKind, field: FieldCursor, name: Bytes): bool {
  return isReadAs(field.name, name) || holdsPair(kind, field.field, name);
}

/** White space in the widest reading of servers: no token has such a byte. */
export function isBlank(byte: u32): bool {
  return byte <= SPACE;
}

function hasOddByte(name: Bytes): bool {
  for (let index: u32 = 0; index < lengthOf(name); index++) {
    const byte: u32 = load<u8>(addressOf(name) + index);
    if (!isLetter(byte) && !isDigit(byte) && byte != DASH && byte != UNDERSCORE) return true;
  }
  return false;
}

/**
 * Whether readers of forms take `name` for `wanted`: escapes and `+` are decoded, and as PHP has it spaces in
 * front go, `.` and a space are `_`, and a name ends at `[` or NUL.
 */
function isReadAs(name: Bytes, wanted: Bytes): bool {
  const end = addressOf(name) + lengthOf(name);
  let at = addressOf(name);
  let index: u32 = 0;
  while (at < end) {
    let byte: u32 = load<u8>(at);
    at += 1;
    if (byte == PLUS) byte = SPACE;
    if (byte == PERCENT && end - at >= 2 && hexByte(at) >= 0) {
      byte = <u32>hexByte(at);
      at += 2;
    }
    if (byte == BRACKET || byte == 0) break;
    if (index == 0 && byte == SPACE) continue;
    if (index == lengthOf(wanted) || folded(byte) != folded(load<u8>(addressOf(wanted) + index)))
      return false;
    index += 1;
  }
  return index == lengthOf(wanted);
}

function folded(byte: u32): u32 {
  return byte == SPACE || byte == DOT ? UNDERSCORE : byte;
}

function hasSeparator(kind: PlaceKind, field: Bytes): bool {
  const end = addressOf(field) + lengthOf(field);
  for (let at = addressOf(field); at < end; at++) {
    if (isSeparator(kind, load<u8>(at))) return true;
  }
  return false;
}

/** Where some readers part fields: queries at `;` (HTML 4.01 B.2.2), cookies at white space and commas (RFC 2109). */
function isSeparator(kind: PlaceKind, byte: u32): bool {
  return kind == PlaceKind.PARAMETER ? byte == SEMICOLON : isBlank(byte) || byte == COMMA;
}

/** Whether the field holds another one of that name, behind a separator. */
function holdsPair(kind: PlaceKind, field: Bytes, name: Bytes): bool {
  const end = addressOf(field) + lengthOf(field);
  for (let at = addressOf(field); at < end; at++) {
    if (isSeparator(kind, load<u8>(at)) && beginsPair(at + 1, end, name)) return true;
  }
  return false;
}

/** Whether the bytes from `at` to `end` begin with the name and an equals sign. */
function beginsPair(at: usize, end: usize, name: Bytes): bool {
  const length = lengthOf(name);
  if (<u32>(end - at) <= length || !equal(bytesAt(at, length), name)) return false;
  at += length;
  while (at < end && isBlank(load<u8>(at))) at += 1;
  return at < end && load<u8>(at) == EQUALS;
}
