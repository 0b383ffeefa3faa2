import { Bytes, JsonValue, List, equalIgnoreCase, inLowerCase, literalBytes } from "as-bytes";
import { NO_HEADER, Reader, RefusalCode, isFieldName } from "as-policy";
import { Document, JwtRule, TokenPlace } from "./document";

/** Most places of a document, all rules together. */
const MAX_PLACES: u32 = 256;

const HEADER_MEMBERS: StaticArray<string> = ["name", "prefix"];

/** Reads `fromHeaders` of every rule and joins rules that look in the same place. */
export function loadPlaces(rules: JsonValue, document: Document, reader: Reader): void {
  let room: u32 = 0;
  let rule = rules.first();
  for (let index: u32 = 0; index < document.jwtRules.length; index++) {
    const headers = reader.nonEmptyArray(rule, "fromHeaders");
    room += headers === null ? 1 : headers.count();
    rule = rule.next();
  }
  if (room > MAX_PLACES) {
    reader.refuse(RefusalCode.TOO_MANY, rules, "at most 256 places of tokens in one document");
    return;
  }
  document.places = List.create<TokenPlace>(reader.arena, room);
  rule = rules.first();
  for (let index: u32 = 0; index < document.jwtRules.length && !reader.refused; index++) {
    readFromHeaders(rule, document.jwtRules.at(index), document, reader);
    rule = rule.next();
  }
}

function readFromHeaders(value: JsonValue, rule: JwtRule, document: Document, reader: Reader): void {
  const headers = reader.array(value, "fromHeaders");
  if (headers === null) {
    const arena = reader.arena;
    addPlace(
      literalBytes("authorization", arena),
      literalBytes("Bearer ", arena),
      value,
      rule,
      document,
      reader,
    );
    return;
  }
  let header = headers.first();
  for (let left = headers.count(); left > 0 && !reader.refused; left--) {
    if (reader.object(header, HEADER_MEMBERS)) {
      const name = reader.required(header, "name");
      if (name !== null) {
        const text = reader.nonEmptyTextOf(name);
        if (!isFieldName(text)) reader.refuse(RefusalCode.BAD_VALUE, name, "a header name");
        addPlace(
          inLowerCase(text, reader.arena),
          reader.text(header, "prefix"),
          name,
          rule,
          document,
          reader,
        );
      }
    }
    header = header.next();
  }
}

function addPlace(
  name: Bytes,
  prefix: Bytes,
  at: JsonValue,
  rule: JwtRule,
  document: Document,
  reader: Reader,
): void {
  const header = document.headers.intern(name);
  if (header == NO_HEADER) {
    reader.refuse(RefusalCode.TOO_MANY, at, "at most 100 header names in one document");
    return;
  }
  for (let index: u32 = 0; index < document.places.length; index++) {
    const place = document.places.at(index);
    if (place.header == header && equalIgnoreCase(place.prefix, prefix)) {
      // Rules come in order, so one that names a place twice was the last to name it.
      if (place.rules.at(place.rules.length - 1).index == rule.index) {
        reader.refuse(RefusalCode.CONFLICT, at, "a place that the rule does not name twice");
      }
      place.rules.push(rule);
      return;
    }
  }
  const place = changetype<TokenPlace>(reader.arena.allocate(offsetof<TokenPlace>()));
  place.header = header;
  place.prefix = prefix;
  place.rules = List.create<JwtRule>(reader.arena, document.jwtRules.length);
  place.rules.push(rule);
  document.places.push(place);
}
