import {
  ABSENT,
  Bytes,
  JsonValue,
  List,
  equal,
  equalIgnoreCase,
  inLowerCase,
  isFieldName,
  isPresent,
  literalBytes,
} from "as-bytes";
import { NO_HEADER, Reader, RefusalCode } from "as-policy";
import { Document, JwtRule, PlaceKind, TokenPlace } from "./document";
import { Header } from "./well-known";

/** Most places of a document, all rules together. */
const MAX_PLACES: u32 = 32;

const HEADER_MEMBERS = "name prefix";

export const ONE_SPELLING = "one spelling of a header in the document";

/**
 * Reads `fromHeaders`, `fromParams` and `fromCookies` of every rule and joins rules that look in the
 * same place. A rule that names none looks in `Authorization: Bearer`.
 */
export function loadPlaces(rules: JsonValue, document: Document, reader: Reader): void {
  document.places = List.create<TokenPlace>(reader.arena, MAX_PLACES);
  let rule = rules.first();
  for (let index: u32 = 0; index < document.jwtRules.length && !reader.refused; index++) {
    loadPlacesOf(rule, document.jwtRules.at(index), document, reader);
    rule = rule.next();
  }
}

function loadPlacesOf(value: JsonValue, rule: JwtRule, document: Document, reader: Reader): void {
  const arena = reader.arena;
  const headers = reader.nonEmptyArray(value, "fromHeaders");
  const parameters = reader.array(value, "fromParams");
  const cookies = reader.array(value, "fromCookies");
  const namesNone = headers === null && isEmpty(parameters) && isEmpty(cookies);
  if (namesNone && !reader.refused) {
    const authorization = headerPlace(literalBytes("authorization", arena), value, document, reader);
    authorization.prefix = literalBytes("Bearer ", arena);
    addPlace(authorization, value, rule, document, reader);
  }
  if (headers !== null) loadHeaders(headers, rule, document, reader);
  loadNames(parameters, PlaceKind.PARAMETER, Header.PATH, rule, document, reader);
  loadNames(cookies, PlaceKind.COOKIE, Header.COOKIE, rule, document, reader);
}

function isEmpty(array: JsonValue | null): bool {
  return array === null || array.count() == 0;
}

function loadHeaders(headers: JsonValue, rule: JwtRule, document: Document, reader: Reader): void {
  let header = headers.first();
  for (let left = headers.count(); left > 0 && !reader.refused; left--) {
    const name = reader.object(header, HEADER_MEMBERS) ? reader.required(header, "name") : null;
    if (name !== null) {
      const text = reader.nonEmptyTextOf(name);
      if (!isFieldName(text)) reader.refuse(RefusalCode.BAD_VALUE, name, "a header name");
      const place = headerPlace(inLowerCase(text, reader.arena), name, document, reader);
      place.prefix = reader.text(header, "prefix");
      addPlace(place, name, rule, document, reader);
    }
    header = header.next();
  }
}

/** Parameters and cookies by name. */
function loadNames(
  names: JsonValue | null,
  kind: PlaceKind,
  header: Header,
  rule: JwtRule,
  document: Document,
  reader: Reader,
): void {
  if (names === null) return;
  let name = names.first();
  for (let left = names.count(); left > 0 && !reader.refused; left--) {
    const text = reader.nonEmptyTextOf(name);
    if (isPresent(text) && !isFieldName(text))
      reader.refuse(RefusalCode.BAD_VALUE, name, "a name without separators");
    const place = newPlace(kind, header, reader);
    place.name = text;
    addPlace(place, name, rule, document, reader);
    name = name.next();
  }
}

function headerPlace(name: Bytes, at: JsonValue, document: Document, reader: Reader): TokenPlace {
  const header = document.headers.intern(name);
  if (header == NO_HEADER)
    reader.refuse(RefusalCode.TOO_MANY, at, "at most 100 header names in one document");
  else if (!document.headers.guard(header)) reader.refuse(RefusalCode.CONFLICT, at, ONE_SPELLING);
  return newPlace(PlaceKind.HEADER, header, reader);
}

function newPlace(kind: PlaceKind, header: u32, reader: Reader): TokenPlace {
  const place = changetype<TokenPlace>(reader.arena.allocate(offsetof<TokenPlace>()));
  place.kind = kind;
  place.header = header;
  place.name = ABSENT;
  place.prefix = ABSENT;
  return place;
}

/** Gives the rule a place, a new one or one that another rule reads already. */
function addPlace(place: TokenPlace, at: JsonValue, rule: JwtRule, document: Document, reader: Reader): void {
  const places = document.places;
  for (let index: u32 = 0; index < places.length; index++) {
    const known = places.at(index);
    if (!isSamePlace(known, place)) continue;
    // Rules come in order, so one that names a place twice was the last to name it.
    if (known.rules.at(known.rules.length - 1).index == rule.index) {
      reader.refuse(RefusalCode.CONFLICT, at, "a place that the rule does not name twice");
    }
    known.rules.push(rule);
    return;
  }
  place.rules = List.create<JwtRule>(reader.arena, document.jwtRules.length);
  place.rules.push(rule);
  if (!places.push(place)) {
    reader.refuse(RefusalCode.TOO_MANY, at, "at most 32 places of tokens in one document");
  }
}

function isSamePlace(left: TokenPlace, right: TokenPlace): bool {
  return (
    left.kind == right.kind &&
    left.header == right.header &&
    equal(left.name, right.name) &&
    equalIgnoreCase(left.prefix, right.prefix)
  );
}
