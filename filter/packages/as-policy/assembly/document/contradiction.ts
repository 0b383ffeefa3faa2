import { JsonKind, JsonValue, equal } from "as-bytes";
import { AttributeKind } from "../attributes/attribute";
import { MAX_PORT } from "../attributes/request";
import { Pattern, PatternKind, knownKind } from "../patterns/pattern";
import { PolicyReader } from "./parse-policies";
import { Conjunction, Part } from "./policy";
import { RefusalCode } from "./refusal";

/** LIMIT: pairs of values of two lists; more are not compared, so that loading stays linear. */
const MAX_PAIRS: u32 = 4096;

/**
 * Refuses a condition that no value meets, such as a time window over midnight written as one: a DENY rule
 * with it would never apply. Its parts are those from `first` on. A doubt is no contradiction.
 */
export function refuseContradiction(
  condition: JsonValue,
  parts: Conjunction,
  first: u32,
  context: PolicyReader,
): void {
  const exists = condition.memberNamed("exists");
  const absent = exists !== null && exists.kind == JsonKind.FALSE;
  for (let index = first; index < parts.length; index++) {
    const part = parts.at(index);
    if (absent ? !holdsOfMissing(part) : !isPossible(part, parts, first))
      context.reader.refuse(RefusalCode.CONFLICT, condition, expectationFor(part.attribute.kind));
  }
}

/** Two conditions of one rule must both hold: only two rules allow or deny through a night. */
function expectationFor(kind: AttributeKind): string {
  return kind == AttributeKind.TIME_OF_DAY
    ? "a time of day that comes; a night is two rules"
    : "a condition that some value meets";
}

/** Whether it is true where the attribute is missing, as `notValues` is; every request has a time. */
function holdsOfMissing(part: Part): bool {
  return part.negated && part.known == PatternKind.NEVER && part.attribute.kind < AttributeKind.TIME;
}

/** Whether one of the part's patterns, or each where it wants all, can be true beside the other parts. */
function isPossible(part: Part, parts: Conjunction, first: u32): bool {
  if (part.negated || part.sameAs !== null) return true;
  for (let index: u32 = 0; index < part.patterns.length; index++) {
    const possible = isPossibleBeside(part.patterns.at(index), part, parts, first);
    if (possible != part.all) return possible;
  }
  return part.all;
}

/** Of ranges any two of which meet, all meet: pairs are enough. */
function isPossibleBeside(pattern: Pattern, part: Part, parts: Conjunction, first: u32): bool {
  for (let index = first; index < parts.length; index++) {
    const other = parts.at(index);
    if (other.known == PatternKind.NEVER || other.attribute !== part.attribute) continue;
    if (<u64>part.patterns.length * other.patterns.length > MAX_PAIRS) continue;
    if (!agrees(pattern, other, part.attribute.kind)) return false;
  }
  return true;
}

/** Whether a value of which the pattern is true can be one that a typed operator wants. */
function agrees(pattern: Pattern, other: Part, kind: AttributeKind): bool {
  const ofElements = other.known == PatternKind.KNOWN_ELEMENTS;
  // Of `exists`, or of `values`, which look at texts.
  if (pattern.kind < PatternKind.TEXT)
    return other.known != PatternKind.KNOWN_NUMBER || pattern.kind == PatternKind.PRESENT;
  const type = knownKind(pattern.kind);
  if (!ofElements && type != other.known) return false;
  // The elements of a claim's text may be its words.
  const isWhole = pattern.kind == PatternKind.TEXT;
  if (type == PatternKind.KNOWN_TEXT && kind == AttributeKind.CLAIM && isWhole == ofElements) return true;
  if (other.negated) return pattern.kind >= PatternKind.LESS || !meetsAny(pattern, other, kind);
  return (ofElements && (!other.all || mayBeList(kind))) || meet(pattern, other.patterns.at(0), kind);
}

function mayBeList(kind: AttributeKind): bool {
  return kind == AttributeKind.CLAIM || kind == AttributeKind.HEADER;
}

function meetsAny(pattern: Pattern, part: Part, kind: AttributeKind): bool {
  for (let index: u32 = 0; index < part.patterns.length; index++) {
    if (meet(pattern, part.patterns.at(index), kind)) return true;
  }
  return false;
}

/** Whether a text, a number or a boolean can be both. */
function meet(one: Pattern, other: Pattern, kind: AttributeKind): bool {
  const type = knownKind(one.kind);
  if (type != knownKind(other.kind)) return false;
  if (type == PatternKind.KNOWN_TEXT) return equal(one.text, other.text);
  return reaches(one, other, kind) && reaches(other, one, kind);
}

/** Whether `upper` goes up to where `lower` begins, within the numbers that the attribute can have. */
function reaches(upper: Pattern, lower: Pattern, kind: AttributeKind): bool {
  let end = upper.number;
  if (upper.kind >= PatternKind.GREATER) end = kind == AttributeKind.PORT ? <f64>MAX_PORT : Infinity;
  let start = lower.number;
  if (lower.kind == PatternKind.LESS || lower.kind == PatternKind.LESS_OR_EQUAL)
    start = kind == AttributeKind.CLAIM ? -Infinity : 0;
  let apart = upper.kind == PatternKind.LESS;
  if (lower.kind == PatternKind.GREATER) {
    if (kind == AttributeKind.PORT) start = Math.floor(start) + 1;
    else apart = true;
  }
  return apart ? start < end : start <= end;
}
