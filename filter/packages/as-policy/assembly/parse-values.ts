import {
  Bytes,
  JsonValue,
  List,
  addressOf,
  bytesAt,
  equalsText,
  indexOfByte,
  isPresent,
  lastIndexOfByte,
  lengthOf,
  part as slice,
} from "as-bytes";
import { Attribute } from "./attribute";
import { MAX_VALUES, PolicyReader } from "./parse-policies";
import { Pattern, PatternKind, stringPattern } from "./pattern";
import { Action, Part } from "./policy";
import { RefusalCode } from "./refusal";
import { isTemplate, isValidTemplate } from "./template";

const SLASH: u8 = 0x2f;
const STAR: u8 = 0x2a;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;
const MAX_PORT: u32 = 65535;

/** The part that an array of values makes of an attribute; what it reads is noted in the policy set. */
export function valuesPart(
  values: JsonValue,
  attribute: Attribute,
  negated: bool,
  context: PolicyReader,
): Part {
  const reader = context.reader;
  const part = changetype<Part>(reader.arena.allocate(offsetof<Part>()));
  part.attribute = attribute;
  part.negated = negated;
  const isArray = values.isArray();
  part.patterns = List.create<Pattern>(reader.arena, isArray ? values.count() * 2 : 0);
  if (!isArray) {
    reader.refuse(RefusalCode.WRONG_TYPE, values, "an array of strings");
    return part;
  }
  if (values.count() == 0) reader.refuse(RefusalCode.BAD_VALUE, values, "at least one value");
  context.set.valueCount += values.count();
  if (context.set.valueCount > MAX_VALUES)
    reader.refuse(RefusalCode.TOO_MANY, values, "at most 200000 values");
  let value = values.first();
  for (let left = values.count(); left > 0 && !reader.refused; left--) {
    const text = reader.nonEmptyTextOf(value);
    if (isPresent(text)) addPatterns(part, value, text, context);
    value = value.next();
  }
  noteReads(attribute, context);
  return part;
}

function noteReads(attribute: Attribute, context: PolicyReader): void {
  const set = context.set;
  switch (attribute) {
    case Attribute.METHOD:
    case Attribute.PATH:
      set.namesMethodsOrPaths = true;
      break;
    case Attribute.PORT:
      set.readsPort = true;
      break;
    case Attribute.SERVER_NAME:
      set.readsServerName = true;
      break;
    case Attribute.PRINCIPAL:
    case Attribute.NAMESPACE:
      set.readsPeer = true;
      break;
    default:
      break;
  }
}

/** How the value of each attribute is read: Istio's own ways, which differ in what `*` alone means. */
function addPatterns(part: Part, value: JsonValue, text: Bytes, context: PolicyReader): void {
  const arena = context.reader.arena;
  const patterns = part.patterns;
  switch (part.attribute) {
    case Attribute.PRINCIPAL:
      patterns.push(principalPattern(text, context));
      break;
    case Attribute.NAMESPACE:
      patterns.push(Pattern.create(PatternKind.GLOB, joined("*/ns/", text, "/*", context), arena));
      break;
    case Attribute.REQUEST_PRINCIPAL:
      addRequestPrincipal(patterns, text, context);
      break;
    case Attribute.HOST: {
      const host = stringPattern(text, PatternKind.PRESENT, arena);
      host.ignoreCase = true;
      patterns.push(host);
      break;
    }
    case Attribute.METHOD:
      if (equalsText(text, "CONNECT")) context.set.namesConnect = true;
      patterns.push(stringPattern(text, PatternKind.PRESENT, arena));
      break;
    case Attribute.HEADER:
      patterns.push(stringPattern(text, PatternKind.PRESENT, arena));
      break;
    case Attribute.PATH:
      patterns.push(pathPattern(part, value, text, context));
      break;
    case Attribute.PORT:
      patterns.push(portPattern(value, text, context));
      break;
    default:
      patterns.push(stringPattern(text, PatternKind.NON_EMPTY, arena));
  }
}

/** Values leave out `spiffe://`; `*` alone is any identity, `*x` looks at the end only. */
function principalPattern(text: Bytes, context: PolicyReader): Pattern {
  const pattern = stringPattern(text, PatternKind.NON_EMPTY, context.reader.arena);
  if (pattern.kind == PatternKind.EXACT || pattern.kind == PatternKind.PREFIX) {
    pattern.text = joined("spiffe://", pattern.text, "", context);
  }
  return pattern;
}

/** `issuer/subject`, parted at the last slash; the table of Istio's spellings. */
function addRequestPrincipal(patterns: List<Pattern>, text: Bytes, context: PolicyReader): void {
  const arena = context.reader.arena;
  const length = lengthOf(text);
  const slash = lastIndexOfByte(text, SLASH);
  if (slash < 0) {
    const whole = stringPattern(text, PatternKind.NON_EMPTY, arena);
    const anything = Pattern.create(PatternKind.NON_EMPTY, text, arena);
    const isSuffix = whole.kind == PatternKind.SUFFIX;
    patterns.push(isSuffix ? anything : whole);
    if (isSuffix) patterns.push(whole);
    else if (whole.kind == PatternKind.EXACT)
      patterns.push(Pattern.create(PatternKind.EXACT, slice(text, 0, 0), arena));
    else patterns.push(anything);
    return;
  }
  const issuer = slice(text, 0, <u32>slash);
  const subject = slice(text, <u32>slash + 1, length);
  if (slash > 0 && load<u8>(addressOf(issuer)) == STAR) {
    patterns.push(stringPattern(issuer, PatternKind.NON_EMPTY, arena));
    patterns.push(Pattern.create(PatternKind.EXACT, subject, arena));
    return;
  }
  patterns.push(Pattern.create(PatternKind.EXACT, issuer, arena));
  const end = stringPattern(subject, PatternKind.NON_EMPTY, arena);
  patterns.push(end.kind == PatternKind.SUFFIX ? Pattern.create(PatternKind.EXACT, subject, arena) : end);
}

/**
 * A byte outside the template set must never help a caller: where a match refuses (DENY, or the
 * negation in an ALLOW rule) the operators take any byte, where it admits only those of the set.
 */
function pathPattern(part: Part, value: JsonValue, text: Bytes, context: PolicyReader): Pattern {
  const arena = context.reader.arena;
  if (!isTemplate(text)) {
    if (indexOfByte(text, OPEN_BRACE) >= 0 || indexOfByte(text, CLOSE_BRACE) >= 0) {
      context.reader.refuse(RefusalCode.NOT_SUPPORTED, value, "no braces but {*} and {**}");
    }
    return stringPattern(text, PatternKind.NON_EMPTY, arena);
  }
  if (!isValidTemplate(text)) {
    context.reader.refuse(
      RefusalCode.BAD_VALUE,
      value,
      "a path template whose operators are whole segments, {**} last",
    );
  }
  const pattern = Pattern.create(PatternKind.TEMPLATE, text, arena);
  pattern.anyByte = (context.action == Action.DENY) != part.negated;
  return pattern;
}

/** A port as a decimal string, as Istio writes it; kept as a number in place of the text. */
function portPattern(value: JsonValue, text: Bytes, context: PolicyReader): Pattern {
  let port: u32 = 0;
  let valid = lengthOf(text) <= 5;
  for (let index: u32 = 0; index < lengthOf(text) && valid; index++) {
    const digit = <u32>load<u8>(addressOf(text) + index) - 0x30;
    if (digit > 9) valid = false;
    port = port * 10 + digit;
  }
  if (!valid || port > MAX_PORT)
    context.reader.refuse(RefusalCode.BAD_VALUE, value, "a port from 0 to 65535");
  return Pattern.create(PatternKind.EXACT, port, context.reader.arena);
}

/** `before` + `text` + `after` in the document's memory. */
function joined(before: string, text: Bytes, after: string, context: PolicyReader): Bytes {
  const length = <u32>before.length + lengthOf(text) + <u32>after.length;
  const start = context.reader.arena.take(length);
  let at = start;
  for (let index = 0; index < before.length; index++) store<u8>(at++, before.charCodeAt(index));
  memory.copy(at, addressOf(text), lengthOf(text));
  at += lengthOf(text);
  for (let index = 0; index < after.length; index++) store<u8>(at++, after.charCodeAt(index));
  return bytesAt(start, length);
}
