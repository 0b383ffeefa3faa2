/** The operators that Istio has not: each becomes a part that is unknown of a missing or wrongly typed value. */
import { JsonKind, JsonValue, List } from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { Pattern, PatternKind, knownKind } from "../patterns/pattern";
import { parseKey, plainAttribute } from "./parse-key";
import { literalPattern, numberOf } from "./parse-literal";
import { PolicyReader } from "./parse-policies";
import { isTimeOfDay, parseTime } from "./parse-time";
import { PathCursor } from "./path-names";
import { Part } from "./policy";
import { RefusalCode } from "./refusal";

/** `anyOf`, `allOf` and `noneOf`. */
export function parseSet(
  literals: JsonValue,
  attribute: Attribute,
  all: bool,
  negated: bool,
  context: PolicyReader,
): Part {
  const reader = context.reader;
  const count: u32 = literals.isArray() ? literals.count() : 0;
  if (!literals.isArray())
    reader.refuse(RefusalCode.WRONG_TYPE, literals, "an array of strings, numbers or booleans");
  if (count == 0) reader.refuse(RefusalCode.BAD_VALUE, literals, "at least one value");
  const part = typedPart(attribute, PatternKind.KNOWN_ELEMENTS, negated, count, context);
  part.all = all;
  let literal = literals.first();
  for (let left = count; left > 0 && !reader.refused; left--) {
    part.patterns.push(literalPattern(literal, attribute, true, context));
    literal = literal.next();
  }
  return part;
}

/** `eq` and `ne`. */
export function parseEquality(
  literal: JsonValue,
  attribute: Attribute,
  negated: bool,
  context: PolicyReader,
): Part {
  const pattern = literalPattern(literal, attribute, false, context);
  const part = typedPart(attribute, knownKind(pattern.kind), negated, 1, context);
  part.patterns.push(pattern);
  return part;
}

/** `lt`, `lte`, `gt` and `gte`. */
export function parseComparison(
  limit: JsonValue,
  attribute: Attribute,
  kind: PatternKind,
  context: PolicyReader,
): Part {
  if (attribute.kind == AttributeKind.TIME) return timeComparison(limit, kind, context);
  const reader = context.reader;
  const number = numberOf(limit, context);
  if (!hasNumbers(attribute)) reader.refuse(RefusalCode.CONFLICT, limit, "a key whose values are numbers");
  const part = typedPart(attribute, PatternKind.KNOWN_NUMBER, false, 1, context);
  part.patterns.push(Pattern.ofNumber(kind, number, reader.arena));
  return part;
}

/** A moment looks at the time since the epoch, a time of day at that of the day in UTC. */
function timeComparison(limit: JsonValue, kind: PatternKind, context: PolicyReader): Part {
  const reader = context.reader;
  const text = reader.nonEmptyTextOf(limit);
  const seconds = parseTime(text);
  if (isNaN(seconds))
    reader.refuse(RefusalCode.BAD_VALUE, limit, "a time like 2026-12-01T08:00:00Z or 08:00, in UTC");
  const which = isTimeOfDay(text) ? AttributeKind.TIME_OF_DAY : AttributeKind.TIME;
  const part = typedPart(plainAttribute(which, context), PatternKind.KNOWN_NUMBER, false, 1, context);
  part.patterns.push(Pattern.ofNumber(kind, seconds, reader.arena));
  return part;
}

/** Everything but claims and the port is text. */
function hasNumbers(attribute: Attribute): bool {
  return attribute.kind == AttributeKind.CLAIM || attribute.kind == AttributeKind.PORT;
}

function typedPart(
  attribute: Attribute,
  known: PatternKind,
  negated: bool,
  room: u32,
  context: PolicyReader,
): Part {
  const arena = context.reader.arena;
  const part = changetype<Part>(arena.allocate(offsetof<Part>()));
  part.attribute = attribute;
  part.known = known;
  part.negated = negated;
  part.patterns = List.create<Pattern>(arena, room);
  return part;
}

export function parseExists(exists: JsonValue, attribute: Attribute, context: PolicyReader): Part {
  if (!exists.isBoolean()) context.reader.refuse(RefusalCode.WRONG_TYPE, exists, "true or false");
  const part = typedPart(attribute, PatternKind.NEVER, exists.kind == JsonKind.FALSE, 1, context);
  part.patterns.push(Pattern.create(PatternKind.PRESENT, 0, context.reader.arena));
  return part;
}

export function parseSameAs(
  other: JsonValue,
  attribute: Attribute,
  bound: PathCursor | null,
  context: PolicyReader,
): Part {
  const part = typedPart(attribute, PatternKind.NEVER, false, 0, context);
  const same = parseKey(other, bound, context);
  part.sameAs = same;
  if (!context.reader.refused) context.countComparison(attribute, same, other);
  if (!isComparable(attribute) || !isComparable(same))
    context.reader.refuse(RefusalCode.CONFLICT, other, "keys that are neither addresses nor times");
  return part;
}

/** Addresses and times come last. */
function isComparable(attribute: Attribute): bool {
  return attribute.kind < AttributeKind.SOURCE_ADDRESS;
}
