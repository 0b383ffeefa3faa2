import { JsonKind, JsonValue, List, inLowerCase } from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { isWeekday } from "../attributes/read-time";
import { Pattern, PatternKind } from "../patterns/pattern";
import { parseKey, plainAttribute } from "./parse-key";
import { PolicyReader } from "./parse-policies";
import { isTimeOfDay, parseTime } from "./parse-time";
import { parseValues } from "./parse-values";
import { PathCursor } from "./path-names";
import { Conjunction, Part } from "./policy";
import { MAX_EXACT_INTEGER } from "./reader";
import { RefusalCode } from "./refusal";

const CONDITION_MEMBERS = "key values notValues allOf anyOf noneOf eq ne lt lte gt gte exists sameAs";

const COMPARISONS: StaticArray<string> = ["lt", "lte", "gt", "gte"];
const COMPARISON_KINDS: StaticArray<PatternKind> = [
  PatternKind.LESS,
  PatternKind.LESS_OR_EQUAL,
  PatternKind.GREATER,
  PatternKind.GREATER_OR_EQUAL,
];

/** Reads `{key, …}`, each operator into a part of its own. */
export function parseCondition(
  value: JsonValue,
  bound: PathCursor | null,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const reader = context.reader;
  if (!reader.object(value, CONDITION_MEMBERS)) return;
  const key = reader.required(value, "key");
  if (key === null) return;
  const attribute = parseKey(key, bound, context);
  if (reader.refused) return;
  if (value.count() < 2) reader.refuse(RefusalCode.MISSING_MEMBER, value, "an operator beside the key");
  parseIstioOperators(value, attribute, parts, context);
  parseSetOperators(value, attribute, parts, context);
  parseScalarOperators(value, attribute, parts, context);
  parseExists(value, attribute, parts, context);
  parseSameAs(value, attribute, bound, parts, context);
}

/** Istio's own keys have Istio's own operators. */
function parseIstioOperators(
  value: JsonValue,
  attribute: Attribute,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const reader = context.reader;
  const values = value.memberNamed("values");
  const notValues = value.memberNamed("notValues");
  const first = values === null ? notValues : values;
  if (first !== null && !isIstioKey(attribute))
    reader.refuse(RefusalCode.BAD_VALUE, first, "anyOf, noneOf or another typed operator for this key");
  if (values !== null && !reader.refused) parts.push(parseValues(values, null, attribute, false, context));
  if (notValues !== null && !reader.refused)
    parts.push(parseValues(notValues, null, attribute, true, context));
}

function isIstioKey(attribute: Attribute): bool {
  switch (attribute.kind) {
    case AttributeKind.HOST:
    case AttributeKind.METHOD:
    case AttributeKind.PATH:
    case AttributeKind.PATH_SEGMENT:
    case AttributeKind.QUERY:
    case AttributeKind.TIME:
    case AttributeKind.WEEKDAY:
      return false;
    default:
      return true;
  }
}

function parseSetOperators(
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

function parseScalarOperators(
  value: JsonValue,
  attribute: Attribute,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const equal = value.memberNamed("eq");
  if (equal !== null) parts.push(equality(equal, attribute, false, context));
  const notEqual = value.memberNamed("ne");
  if (notEqual !== null) parts.push(equality(notEqual, attribute, true, context));
  for (let index = 0; index < COMPARISONS.length; index++) {
    const limit = value.memberNamed(unchecked(COMPARISONS[index]));
    if (limit !== null) parts.push(comparison(limit, attribute, unchecked(COMPARISON_KINDS[index]), context));
  }
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

/** A literal of `eq` and `ne`, or of the operators over elements. */
function literalPattern(
  literal: JsonValue,
  attribute: Attribute,
  element: bool,
  context: PolicyReader,
): Pattern {
  const reader = context.reader;
  const arena = reader.arena;
  refuseUncomparable(literal, attribute, context);
  if (literal.isString()) {
    const isHost = attribute.kind == AttributeKind.HOST;
    const text = isHost ? inLowerCase(literal.string(), arena) : literal.string();
    return Pattern.create(element ? PatternKind.ELEMENT_TEXT : PatternKind.TEXT, text, arena);
  }
  if (literal.isNumber()) refuseInexact(literal, context);
  if (literal.isNumber())
    return Pattern.ofNumber(
      element ? PatternKind.ELEMENT_NUMBER : PatternKind.NUMBER,
      literal.number(),
      arena,
    );
  if (literal.isBoolean()) {
    const kind = element ? PatternKind.ELEMENT_BOOLEAN : PatternKind.BOOLEAN;
    return Pattern.ofNumber(kind, literal.kind == JsonKind.TRUE ? 1 : 0, arena);
  }
  reader.refuse(RefusalCode.WRONG_TYPE, literal, "a string, a number or a boolean");
  return Pattern.create(PatternKind.NEVER, 0, arena);
}

/** A number that is rounded would also match its neighbors. */
function refuseInexact(literal: JsonValue, context: PolicyReader): void {
  if (!(Math.abs(literal.number()) <= MAX_EXACT_INTEGER))
    context.reader.refuse(RefusalCode.BAD_VALUE, literal, "a number within 2^53 either way");
}

/** What could never be true of the key is a mistake. */
function refuseUncomparable(literal: JsonValue, attribute: Attribute, context: PolicyReader): void {
  const reader = context.reader;
  switch (attribute.kind) {
    case AttributeKind.CLAIM:
      break;
    case AttributeKind.PORT:
      if (!literal.isNumber()) reader.refuse(RefusalCode.WRONG_TYPE, literal, "a number");
      break;
    case AttributeKind.SOURCE_ADDRESS:
    case AttributeKind.REMOTE_ADDRESS:
    case AttributeKind.DESTINATION_ADDRESS:
      reader.refuse(RefusalCode.CONFLICT, literal, "values or notValues for addresses");
      break;
    case AttributeKind.TIME:
      reader.refuse(RefusalCode.CONFLICT, literal, "lt, lte, gt or gte for times");
      break;
    case AttributeKind.WEEKDAY:
      if (!literal.isString() || !isWeekday(literal.string()))
        reader.refuse(RefusalCode.BAD_VALUE, literal, "mon, tue, wed, thu, fri, sat or sun");
      break;
    default:
      if (!literal.isString()) reader.refuse(RefusalCode.WRONG_TYPE, literal, "a string");
  }
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

function parseExists(
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

function parseSameAs(
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
