import {
  ABSENT,
  Bytes,
  addressOf,
  bytesAt,
  equal,
  indexOfByte,
  lengthOf,
  part,
  sameIgnoreCase,
} from "as-bytes";
import { HeaderLines, hexByte } from "as-policy";
import { PlaceKind, TokenPlace } from "./document";
import { FieldCursor } from "./field-cursor";

export enum FindOutcome {
  /** There is no token of ours in this place. */
  NONE,
  FOUND,
  /** Two tokens in one place, as lines or merged into one, or one that servers find and we would not. */
  MERGED,
}

/** What stands in one place; `text` only with FOUND, and may be empty. */
@unmanaged
export class FoundToken {
  outcome: FindOutcome;
  text: Bytes;

  /** A second token in the same place makes both unusable. */
  note(text: Bytes): void {
    this.outcome = this.outcome == FindOutcome.NONE ? FindOutcome.FOUND : FindOutcome.MERGED;
    this.text = text;
  }
}

const COMMA: u8 = 0x2c;
const SPACE: u32 = 0x20;
const PERCENT: u32 = 0x25;

/** Looks for exactly one token in a place. */
export function findToken(
  place: TokenPlace,
  lines: HeaderLines,
  cursor: FieldCursor,
  found: FoundToken,
): void {
  found.outcome = FindOutcome.NONE;
  let line = lines.first(place.header);
  while (line !== null && found.outcome != FindOutcome.MERGED) {
    if (place.kind == PlaceKind.HEADER) findInHeader(line.value, place.prefix, found);
    else findInFields(place, line.value, cursor, found);
    line = line.next;
  }
}

/** Parameters and cookies: every field of that name is a token. */
function findInFields(place: TokenPlace, value: Bytes, cursor: FieldCursor, found: FoundToken): void {
  cursor.open(place.kind, value);
  while (cursor.next()) {
    if (equal(cursor.name, place.name)) found.note(cursor.value);
    else if (place.kind == PlaceKind.PARAMETER && isEscaped(cursor.name, place.name))
      found.outcome = FindOutcome.MERGED;
  }
}

/**
 * Whether `name` means `wanted` with an escape in it: servers decode it and take its value for a token
 * that nobody has looked at.
 */
function isEscaped(name: Bytes, wanted: Bytes): bool {
  const length = lengthOf(name);
  let at: u32 = 0;
  let index: u32 = 0;
  while (at < length && index < lengthOf(wanted)) {
    let byte: u32 = load<u8>(addressOf(name) + at);
    if (byte == PERCENT && at + 2 < length) {
      byte = <u32>hexByte(addressOf(name) + at + 1);
      at += 2;
    }
    if (byte != <u32>load<u8>(addressOf(wanted) + index)) return false;
    at += 1;
    index += 1;
  }
  return at == length && index == lengthOf(wanted) && at != index;
}

/**
 * Proxies join repeated lines of some headers with a comma, so a value with a comma is a merged
 * duplicate where some part of it begins with the prefix, and else none of our business (AWS SigV4,
 * Digest).
 */
function findInHeader(value: Bytes, prefix: Bytes, found: FoundToken): void {
  if (indexOfByte(value, COMMA) >= 0) {
    if (anyPartBegins(value, prefix)) found.outcome = FindOutcome.MERGED;
    return;
  }
  const text = afterPrefix(value, prefix);
  if (text != ABSENT) found.note(text);
}
/** What follows the prefix and its spaces; empty for the bare scheme; ABSENT where the value begins otherwise. */
function afterPrefix(value: Bytes, prefix: Bytes): Bytes {
  if (isBareScheme(value, prefix)) return part(value, lengthOf(value), lengthOf(value));
  if (!begins(value, prefix)) return ABSENT;
  let start = addressOf(value) + lengthOf(prefix);
  let end = addressOf(value) + lengthOf(value);
  while (start < end && load<u8>(start) == SPACE) start += 1;
  while (start < end && load<u8>(end - 1) == SPACE) end -= 1;
  return bytesAt(start, <u32>(end - start));
}

/** The scheme is compared without regard to case (RFC 9110 §11.1), and only where the value starts. */
function begins(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(prefix);
  return lengthOf(value) >= length && sameIgnoreCase(addressOf(value), addressOf(prefix), length);
}

/** `Bearer` where the prefix is `Bearer `: proxies trim the space off. */
function isBareScheme(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(value);
  if (length == 0 || lengthOf(prefix) != length + 1) return false;
  return (
    load<u8>(addressOf(prefix) + length) == SPACE &&
    sameIgnoreCase(addressOf(value), addressOf(prefix), length)
  );
}

function anyPartBegins(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(value);
  let start: u32 = 0;
  while (start <= length) {
    while (start < length && load<u8>(addressOf(value) + start) == SPACE) start += 1;
    const comma = indexOfByte(value, COMMA, start);
    const end: u32 = comma < 0 ? length : <u32>comma;
    const piece = part(value, start, end);
    if (begins(piece, prefix) || isBareScheme(piece, prefix)) return true;
    start = end + 1;
  }
  return false;
}
