/** The operators that Istio has not: each becomes a part that is unknown of a missing or wrongly typed value. */
import { JsonKind, JsonValue, List } from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { Pattern, PatternKind } from "../patterns/pattern";
import { parseKey, plainAttribute } from "./parse-key";
import { literalPattern, refuseInexact } from "./parse-literal";
import { PolicyReader } from "./parse-policies";
import { isTimeOfDay, parseTime } from "./parse-time";
import { PathCursor } from "./path-names";
import { Conjunction, Part } from "./policy";
import { RefusalCode } from "./refusal";

const COMPARISONS: StaticArray<string> = ["lt", "lte", "gt", "gte"];
const COMPARISON_KINDS: StaticArray<PatternKind> = [
  PatternKind.LESS,
  PatternKind.LESS_OR_EQUAL,
  PatternKind.GREATER,
  PatternKind.GREATER_OR_EQUAL,
];

/** `anyOf`, `allOf` and `noneOf`. */
export function parseSetOperators(
  value: JsonValue,
  attribute: Attribute,
  parts: Conjunction,
  context: PolicyReader,
): void {
  parseSet(value.memberNamed("anyOf"), attribute, false, false, parts, context);
  parseSet(value.memberNamed("allOf"), attribute, true, false, parts, context);
  parseSet(value.memberNamed("noneOf"), attribute, false, true, parts, context);
}

function parseSet(
  literals: JsonValue | null,
  attribute: Attribute,
  all: bool,
  negated: bool,
  parts: Conjunction,
  context: PolicyReader,
): void {
  if (literals === null || context.reader.refused) return;
  const reader = context.reader;
  if (!literals.isArray()) {
    reader.refuse(RefusalCode.WRONG_TYPE, literals, "an array of strings, numbers or booleans");
    return;
  }
  if (literals.count() == 0) reader.refuse(RefusalCode.BAD_VALUE, literals, "at least one value");
  context.countValues(literals, literals.count());
  const part = typedPart(attribute, PatternKind.KNOWN_ELEMENTS, negated, literals.count(), context);
  part.all = all;
  let literal = literals.first();
  for (let left = literals.count(); left > 0 && !reader.refused; left--) {
    part.patterns.push(literalPattern(literal, attribute, true, context));
    literal = literal.next();
  }
  parts.push(part);
}

/** `eq`, `ne` and the comparisons. */
export function parseScalarOperators(
  value: JsonValue,
  attribute: Attribute,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const equal = value.memberNamed("eq");
  if (equal !== null) parts.push(equality(equal, attribute, false, context));
  const notEqual = value.memberNamed("ne");
  if (notEqual !== null) parts.push(equality(notEqual, attribute, true, context));
  const from = parts.length;
  for (let index = 0; index < COMPARISONS.length; index++) {
    const limit = value.memberNamed(unchecked(COMPARISONS[index]));
    if (limit !== null) parts.push(comparison(limit, attribute, unchecked(COMPARISON_KINDS[index]), context));
  }
  for (let index = from; index < parts.length && !context.reader.refused; index++) {
    for (let other = from; other < parts.length; other++)
      refuseEmptyRange(parts.at(index), parts.at(other), value, context);
  }
}

/** A range that no value is in: a DENY rule would never apply, as with a time window over midnight written as one. */
function refuseEmptyRange(upper: Part, lower: Part, at: JsonValue, context: PolicyReader): void {
  if (upper.attribute.kind != lower.attribute.kind) return;
  const below = upper.patterns.at(0);
  const above = lower.patterns.at(0);
  const isUpper = below.kind == PatternKind.LESS || below.kind == PatternKind.LESS_OR_EQUAL;
  const isLower = above.kind == PatternKind.GREATER || above.kind == PatternKind.GREATER_OR_EQUAL;
  if (!isUpper || !isLower) return;
  const closed = below.kind == PatternKind.LESS_OR_EQUAL && above.kind == PatternKind.GREATER_OR_EQUAL;
  if (above.number < below.number || (closed && above.number == below.number)) return;
  context.reader.refuse(RefusalCode.CONFLICT, at, "limits with values between; two rules for a night");
}

function equality(literal: JsonValue, attribute: Attribute, negated: bool, context: PolicyReader): Part {
  context.countValues(literal, 1);
  const pattern = literalPattern(literal, attribute, false, context);
  const part = typedPart(attribute, knownKind(pattern.kind), negated, 1, context);
  part.patterns.push(pattern);
  return part;
}

function knownKind(kind: PatternKind): PatternKind {
  if (kind == PatternKind.TEXT) return PatternKind.KNOWN_TEXT;
  return kind == PatternKind.BOOLEAN ? PatternKind.KNOWN_BOOLEAN : PatternKind.KNOWN_NUMBER;
}

function comparison(limit: JsonValue, attribute: Attribute, kind: PatternKind, context: PolicyReader): Part {
  context.countValues(limit, 1);
  if (attribute.kind == AttributeKind.TIME) return timeComparison(limit, kind, context);
  const reader = context.reader;
  if (!limit.isNumber()) reader.refuse(RefusalCode.WRONG_TYPE, limit, "a number");
  else refuseInexact(limit, context);
  if (!hasNumbers(attribute)) reader.refuse(RefusalCode.CONFLICT, limit, "a key whose values are numbers");
  const part = typedPart(attribute, PatternKind.KNOWN_NUMBER, false, 1, context);
  part.patterns.push(Pattern.ofNumber(kind, limit.isNumber() ? limit.number() : 0, reader.arena));
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

export function parseExists(
  value: JsonValue,
  attribute: Attribute,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const exists = value.memberNamed("exists");
  if (exists === null || context.reader.refused) return;
  context.countValues(exists, 1);
  if (!exists.isBoolean()) context.reader.refuse(RefusalCode.WRONG_TYPE, exists, "true or false");
  const part = typedPart(attribute, PatternKind.NEVER, exists.kind == JsonKind.FALSE, 1, context);
  part.patterns.push(Pattern.create(PatternKind.PRESENT, 0, context.reader.arena));
  parts.push(part);
}

export function parseSameAs(
  value: JsonValue,
  attribute: Attribute,
  bound: PathCursor | null,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const other = value.memberNamed("sameAs");
  if (other === null || context.reader.refused) return;
  const part = typedPart(attribute, PatternKind.NEVER, false, 0, context);
  const same = parseKey(other, bound, context);
  part.sameAs = same;
  context.countValues(other, 1);
  if (!context.reader.refused) context.countComparison(attribute, same, other);
  if (!isComparable(attribute) || !isComparable(same))
    context.reader.refuse(RefusalCode.CONFLICT, other, "keys that are neither addresses nor times");
  parts.push(part);
}

function isComparable(attribute: Attribute): bool {
  switch (attribute.kind) {
    case AttributeKind.SOURCE_ADDRESS:
    case AttributeKind.REMOTE_ADDRESS:
    case AttributeKind.DESTINATION_ADDRESS:
    case AttributeKind.TIME:
    case AttributeKind.WEEKDAY:
      return false;
    default:
      return true;
  }
}
