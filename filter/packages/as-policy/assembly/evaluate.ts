import {
  Bytes,
  JsonValue,
  List,
  addressOf,
  equal,
  equalsText,
  isPresent,
  lengthOf,
  part as slice,
} from "as-bytes";
import { Attribute } from "./attribute";
import { Pattern, anyMatches } from "./pattern";
import { Conjunction, Part, Rule } from "./policy";
import { NO_PORT, RequestAttributes } from "./request";

/** `from` and `to` and `when`; an empty list of alternatives asks for nothing. */
export function ruleHolds(rule: Rule, request: RequestAttributes): bool {
  return anyHolds(rule.to, request) && anyHolds(rule.from, request) && allHold(rule.when, request);
}

export function anyHolds(alternatives: List<Conjunction>, request: RequestAttributes): bool {
  if (alternatives.length == 0) return true;
  for (let index: u32 = 0; index < alternatives.length; index++) {
    if (allHold(alternatives.at(index), request)) return true;
  }
  return false;
}

function allHold(parts: Conjunction, request: RequestAttributes): bool {
  for (let index: u32 = 0; index < parts.length; index++) {
    if (!partHolds(parts.at(index), request)) return false;
  }
  return true;
}

/** Two-valued as in Istio: a missing attribute matches no value, and its negation holds. */
export function partHolds(part: Part, request: RequestAttributes): bool {
  return matches(part, request) != part.negated;
}

function matches(part: Part, request: RequestAttributes): bool {
  switch (part.attribute) {
    case Attribute.PRINCIPAL:
    case Attribute.NAMESPACE:
      return textMatches(part.patterns, request.peer);
    case Attribute.REQUEST_PRINCIPAL:
      return requestPrincipalMatches(part.patterns, request);
    case Attribute.HOST:
      return textMatches(part.patterns, request.host);
    case Attribute.METHOD:
      return textMatches(part.patterns, request.method);
    case Attribute.PATH:
      return textMatches(part.patterns, request.path);
    case Attribute.PORT:
      return portMatches(part.patterns, request.destinationPort);
    case Attribute.HEADER:
      return headerMatches(part, request);
    case Attribute.SERVER_NAME:
      return textMatches(part.patterns, request.serverName);
    case Attribute.AUDIENCE:
    case Attribute.PRESENTER:
    case Attribute.CLAIM:
      return claimMatches(part, request);
    default:
      return false;
  }
}

function textMatches(patterns: List<Pattern>, value: Bytes): bool {
  return isPresent(value) && anyMatches(patterns, value);
}

function requestPrincipalMatches(patterns: List<Pattern>, request: RequestAttributes): bool {
  if (!isPresent(request.issuer) || !isPresent(request.subject)) return false;
  for (let index: u32 = 0; index + 1 < patterns.length; index += 2) {
    if (patterns.at(index).matches(request.issuer) && patterns.at(index + 1).matches(request.subject))
      return true;
  }
  return false;
}

/** A port's pattern keeps the number where others keep text. */
function portMatches(patterns: List<Pattern>, port: i32): bool {
  if (port == NO_PORT) return false;
  for (let index: u32 = 0; index < patterns.length; index++) {
    if (patterns.at(index).text == <u64>port) return true;
  }
  return false;
}

/** Every line by itself, so that no second line can hide a first (CVE-2026-26308). */
function headerMatches(part: Part, request: RequestAttributes): bool {
  let line = request.headers.first(part.header);
  while (line !== null) {
    if (anyMatches(part.patterns, line.value)) return true;
    line = line.next;
  }
  return false;
}

/** A string, or any string of a list; numbers, booleans, null and objects match nothing, not even `*`. */
function claimMatches(part: Part, request: RequestAttributes): bool {
  const names = part.claim;
  let value = request.claims;
  if (names === null) return false;
  for (let index: u32 = 0; index < names.length; index++) {
    if (value === null) return false;
    value = value.member(names.at(index));
  }
  if (value === null) return false;
  if (value.isString()) {
    const text = value.string();
    return names.length == 1 && isSpaceDelimited(names.at(0), request)
      ? anyWordMatches(part.patterns, text)
      : anyMatches(part.patterns, text);
  }
  return value.isArray() && anyElementMatches(part.patterns, value);
}

function anyElementMatches(patterns: List<Pattern>, array: JsonValue): bool {
  let element = array.first();
  for (let left = array.count(); left > 0; left--) {
    if (element.isString() && anyMatches(patterns, element.string())) return true;
    element = element.next();
  }
  return false;
}

function isSpaceDelimited(claim: Bytes, request: RequestAttributes): bool {
  if (equalsText(claim, "scope") || equalsText(claim, "permission")) return true;
  const names = request.spaceDelimitedClaims;
  if (names === null) return false;
  for (let index: u32 = 0; index < names.length; index++) {
    if (equal(claim, names.at(index))) return true;
  }
  return false;
}

/** Words between single spaces, empty ones skipped; an empty text is one empty word, as Envoy has it. */
function anyWordMatches(patterns: List<Pattern>, text: Bytes): bool {
  const length = lengthOf(text);
  if (length == 0) return anyMatches(patterns, text);
  let start: u32 = 0;
  while (start < length) {
    let end = start;
    while (end < length && load<u8>(addressOf(text) + end) != 0x20) end += 1;
    if (end > start && anyMatches(patterns, slice(text, start, end))) return true;
    start = end + 1;
  }
  return false;
}
