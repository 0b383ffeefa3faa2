import {
  ABSENT,
  Arena,
  Bytes,
  List,
  addressOf,
  bytesAt,
  equal,
  indexOfByte,
  lengthOf,
  part,
  sameIgnoreCase,
} from "as-bytes";
import { HeaderLines } from "as-policy";
import { PlaceKind, TokenPlace } from "./document";
import { FieldCursor } from "./field-cursor";
import { hidesToken, isBlank, mayHideToken } from "./hidden-token";
import { Header } from "./well-known";

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

/** Looks for exactly one token in each place; what it found there, in the order of the places. */
export function findTokens(places: List<TokenPlace>, lines: HeaderLines, arena: Arena): List<FoundToken> {
  const found = List.create<FoundToken>(arena, places.length);
  let readsPath = false;
  let readsCookies = false;
  for (let index: u32 = 0; index < places.length; index++) {
    const place = places.at(index);
    found.push(changetype<FoundToken>(arena.allocate(offsetof<FoundToken>())));
    if (place.kind == PlaceKind.HEADER) findInHeader(place, lines, found.at(index));
    else if (place.kind == PlaceKind.PARAMETER) readsPath = true;
    else readsCookies = true;
  }
  if (readsPath) findInFields(PlaceKind.PARAMETER, Header.PATH, places, lines, found, arena);
  if (readsCookies) findInFields(PlaceKind.COOKIE, Header.COOKIE, places, lines, found, arena);
  return found;
}

/** Parameters and cookies: every field of a place's name is a token. The lines are walked once, however many places there are. */
function findInFields(
  kind: PlaceKind,
  header: Header,
  places: List<TokenPlace>,
  lines: HeaderLines,
  found: List<FoundToken>,
  arena: Arena,
): void {
  const cursor = FieldCursor.create(arena);
  let line = lines.first(header);
  while (line !== null) {
    cursor.open(kind, line.value);
    while (cursor.next()) {
      const mayHide = mayHideToken(kind, cursor);
      for (let index: u32 = 0; index < places.length; index++) {
        const place = places.at(index);
        if (place.kind != kind) continue;
        if (equal(cursor.name, place.name)) found.at(index).note(cursor.value);
        else if (mayHide && hidesToken(kind, cursor, place.name))
          found.at(index).outcome = FindOutcome.MERGED;
      }
    }
    line = line.next;
  }
}

function findInHeader(place: TokenPlace, lines: HeaderLines, found: FoundToken): void {
  let line = lines.first(place.header);
  while (line !== null && found.outcome != FindOutcome.MERGED) {
    findInValue(line.value, place.prefix, found);
    line = line.next;
  }
}

/**
 * Proxies join repeated lines of some headers with a comma, so a value with a comma is a merged
 * duplicate where some part of it begins with the prefix, and else none of our business (AWS SigV4,
 * Digest).
 */
function findInValue(value: Bytes, prefix: Bytes, found: FoundToken): void {
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
  while (start < end && isBlank(load<u8>(start))) start += 1;
  while (start < end && isBlank(load<u8>(end - 1))) end -= 1;
  return bytesAt(start, <u32>(end - start));
}

/**
 * The scheme is compared without regard to case (RFC 9110 §11.1), and only where the value starts. Where
 * the prefix ends with a space, any white space will do, as readers split there.
 */
function begins(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(prefix);
  if (lengthOf(value) < length) return false;
  if (!endsWithSpace(prefix)) return sameIgnoreCase(addressOf(value), addressOf(prefix), length);
  return (
    isBlank(load<u8>(addressOf(value) + length - 1)) &&
    sameIgnoreCase(addressOf(value), addressOf(prefix), length - 1)
  );
}

/** `Bearer` where the prefix is `Bearer `: proxies trim the space off. */
function isBareScheme(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(value);
  return (
    length != 0 &&
    lengthOf(prefix) == length + 1 &&
    endsWithSpace(prefix) &&
    sameIgnoreCase(addressOf(value), addressOf(prefix), length)
  );
}

function endsWithSpace(prefix: Bytes): bool {
  const length = lengthOf(prefix);
  return length != 0 && load<u8>(addressOf(prefix) + length - 1) == SPACE;
}

function anyPartBegins(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(value);
  let start: u32 = 0;
  while (start <= length) {
    while (start < length && isBlank(load<u8>(addressOf(value) + start))) start += 1;
    const comma = indexOfByte(value, COMMA, start);
    const end: u32 = comma < 0 ? length : <u32>comma;
    const piece = part(value, start, end);
    if (begins(piece, prefix) || isBareScheme(piece, prefix)) return true;
    start = end + 1;
  }
  return false;
}
