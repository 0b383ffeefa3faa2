import { Arena, Bytes, List, Writer, addressOf, bytesAt, equal, indexOfByte, lengthOf } from "as-bytes";
import { HeaderLines } from "as-policy";
import { PlaceKind, TokenPlace } from "./document";
import { FieldCursor } from "./field-cursor";
import { Header } from "./well-known";

const QUESTION_MARK: u8 = 0x3f;

/**
 * Takes the tokens of `places` out of the header lines, as rules and the service are to see them, and
 * notes the headers that changed. A header goes, a parameter or a cookie is cut out of its line.
 */
export function stripTokens(
  places: List<TokenPlace>,
  lines: HeaderLines,
  changed: List<u32>,
  arena: Arena,
): void {
  for (let index: u32 = 0; index < places.length; index++) {
    const place = places.at(index);
    if (place.kind == PlaceKind.HEADER) lines.remove(place.header);
    else if (place.kind == PlaceKind.PARAMETER) cutParameter(place.name, lines, arena);
    else cutCookie(place.name, lines, arena);
    note(changed, place.header);
  }
}

/** Remembers that a header's lines are others than came with the request. */
export function note(changed: List<u32>, header: u32): void {
  for (let index: u32 = 0; index < changed.length; index++) {
    if (changed.at(index) == header) return;
  }
  changed.push(header);
}

/** The path without the parameter, and without the `?` where no other is left. */
function cutParameter(name: Bytes, lines: HeaderLines, arena: Arena): void {
  const line = lines.first(Header.PATH);
  if (line === null) return;
  const path = line.value;
  const mark = indexOfByte(path, QUESTION_MARK);
  if (mark < 0) return;
  const writer = Writer.create(arena, lengthOf(path));
  writer.bytes(bytesAt(addressOf(path), mark));
  writeOthers(PlaceKind.PARAMETER, path, name, QUESTION_MARK, writer, arena);
  line.value = writer.written();
}

/** All cookies but this one in one line; no line where none is left. */
function cutCookie(name: Bytes, lines: HeaderLines, arena: Arena): void {
  let room: u32 = 0;
  let line = lines.first(Header.COOKIE);
  while (line !== null) {
    room += lengthOf(line.value) * 2 + 2;
    line = line.next;
  }
  const writer = Writer.create(arena, room);
  line = lines.first(Header.COOKIE);
  while (line !== null) {
    writeOthers(PlaceKind.COOKIE, line.value, name, 0, writer, arena);
    line = line.next;
  }
  lines.remove(Header.COOKIE);
  if (lengthOf(writer.written()) != 0) lines.set(Header.COOKIE, writer.written(), arena);
}

/** Every field of another name; `first` stands before the first of a query, and `&` or `; ` between fields. */
function writeOthers(
  kind: PlaceKind,
  text: Bytes,
  name: Bytes,
  first: u8,
  writer: Writer,
  arena: Arena,
): void {
  const cursor = FieldCursor.create(arena);
  cursor.open(kind, text);
  let isFirst = kind == PlaceKind.PARAMETER || lengthOf(writer.written()) == 0;
  while (cursor.next()) {
    if (equal(cursor.name, name)) continue;
    if (!isFirst) writer.text(kind == PlaceKind.COOKIE ? "; " : "&");
    else if (first != 0) writer.byte(first);
    isFirst = false;
    writer.bytes(cursor.field);
  }
}
