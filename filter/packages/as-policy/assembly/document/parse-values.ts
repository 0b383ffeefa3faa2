import {
  Bytes,
  JsonValue,
  List,
  addressOf,
  bytesAt,
  equalsText,
  inLowerCase,
  indexOfByte,
  isPresent,
  lastIndexOfByte,
  lengthOf,
  part as slice,
} from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { MAX_PORT } from "../attributes/request";
import { parseNetwork } from "../patterns/address";
import { Pattern, PatternKind, stringPattern } from "../patterns/pattern";
import { canonicalTemplate, isTemplate, isValidTemplate } from "../patterns/template";
import { PolicyReader } from "./parse-policies";
import { addPrincipals, addTrustDomains } from "./parse-principal";
import { Action, Part } from "./policy";
import { RefusalCode } from "./refusal";

const SLASH: u8 = 0x2f;
const STAR: u8 = 0x2a;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;
const MAX_SERVICE_ACCOUNTS: u32 = 16;
const MAX_SERVICE_ACCOUNT_BYTES: u32 = 320;

/** The part that an array of values makes of an attribute, each read in Istio's way; of `only` alone where it is given. */
export function parseValues(
  values: JsonValue,
  only: JsonValue | null,
  attribute: Attribute,
  negated: bool,
  context: PolicyReader,
): Part {
  const reader = context.reader;
  const part = changetype<Part>(reader.arena.allocate(offsetof<Part>()));
  part.attribute = attribute;
  part.negated = negated;
  const isArray = values.isArray();
  const aliases = max<u32>(1, context.surroundings.trustDomains.length);
  part.patterns = List.create<Pattern>(
    reader.arena,
    only !== null ? 1 : isArray ? values.count() * aliases : 0,
  );
  if (!isArray) {
    reader.refuse(RefusalCode.WRONG_TYPE, values, "an array of strings");
    return part;
  }
  if (values.count() == 0) reader.refuse(RefusalCode.BAD_VALUE, values, "at least one value");
  if (attribute.kind == AttributeKind.SERVICE_ACCOUNT && values.count() > MAX_SERVICE_ACCOUNTS)
    reader.refuse(RefusalCode.TOO_MANY, values, "at most 16 service accounts");
  context.countValues(values, only === null ? values.count() : 1);
  if (only !== null) {
    addValue(part, only, context);
    return part;
  }
  let value = values.first();
  for (let left = values.count(); left > 0 && !reader.refused; left--) {
    addValue(part, value, context);
    value = value.next();
  }
  return part;
}

function addValue(part: Part, value: JsonValue, context: PolicyReader): void {
  const text = context.reader.nonEmptyTextOf(value);
  if (isPresent(text)) addPatterns(part, value, text, context);
}

/** How the value of each attribute is read: Istio's own ways, which differ in what `*` alone means. */
function addPatterns(part: Part, value: JsonValue, text: Bytes, context: PolicyReader): void {
  const arena = context.reader.arena;
  const patterns = part.patterns;
  switch (part.attribute.kind) {
    case AttributeKind.PRINCIPAL:
      addPrincipals(patterns, value, text, context);
      break;
    case AttributeKind.NAMESPACE:
      patterns.push(Pattern.create(PatternKind.GLOB, joined("*/ns/", text, "/*", context), arena));
      break;
    case AttributeKind.SERVICE_ACCOUNT:
      patterns.push(serviceAccountPattern(value, text, context));
      break;
    case AttributeKind.TRUST_DOMAIN:
      addTrustDomains(patterns, value, text, context);
      break;
    case AttributeKind.REQUEST_PRINCIPAL:
      patterns.push(requestPrincipalPattern(text, context));
      break;
    case AttributeKind.HOST:
      patterns.push(stringPattern(inLowerCase(text, arena), PatternKind.PRESENT, arena));
      break;
    case AttributeKind.METHOD:
      if (equalsText(text, "CONNECT")) context.set.namesConnect = true;
      patterns.push(stringPattern(text, PatternKind.PRESENT, arena));
      break;
    case AttributeKind.HEADER:
      patterns.push(stringPattern(text, PatternKind.PRESENT, arena));
      break;
    case AttributeKind.PATH:
      patterns.push(pathPattern(part, value, text, context));
      break;
    case AttributeKind.PORT:
      patterns.push(portPattern(value, text, context));
      break;
    case AttributeKind.SOURCE_ADDRESS:
    case AttributeKind.REMOTE_ADDRESS:
    case AttributeKind.DESTINATION_ADDRESS:
      patterns.push(networkPattern(value, text, context));
      break;
    default:
      patterns.push(stringPattern(text, PatternKind.NON_EMPTY, arena));
  }
}

/** `account` in the policy's own namespace, or `namespace/account`; no wildcards. */
function serviceAccountPattern(value: JsonValue, text: Bytes, context: PolicyReader): Pattern {
  const reader = context.reader;
  const slash = indexOfByte(text, SLASH);
  const isValid =
    lengthOf(text) <= MAX_SERVICE_ACCOUNT_BYTES &&
    indexOfByte(text, STAR) < 0 &&
    slash != 0 &&
    slash != <i32>lengthOf(text) - 1 &&
    slash == lastIndexOfByte(text, SLASH);
  if (!isValid)
    reader.refuse(RefusalCode.BAD_VALUE, value, "account or namespace/account, without wildcards");
  const namespace = context.policy.namespace;
  if (slash < 0 && lengthOf(namespace) == 0) reader.refuse(RefusalCode.BAD_VALUE, value, "namespace/account");
  const account = slash >= 0 ? text : joined("", namespace, "/", context);
  const whole = slash >= 0 ? text : concatenated(account, text, context);
  return Pattern.create(PatternKind.SERVICE_ACCOUNT, whole, reader.arena);
}

/** `issuer/subject`, parted at the last slash; the table of Istio's spellings. */
function requestPrincipalPattern(text: Bytes, context: PolicyReader): Pattern {
  const arena = context.reader.arena;
  const slash = lastIndexOfByte(text, SLASH);
  const anything = Pattern.create(PatternKind.NON_EMPTY, text, arena);
  if (slash < 0) {
    const whole = stringPattern(text, PatternKind.NON_EMPTY, arena);
    if (whole.kind == PatternKind.SUFFIX) return principalPair(anything, whole, context);
    const isExact = whole.kind == PatternKind.EXACT;
    return principalPair(whole, isExact ? exact(slice(text, 0, 0), context) : anything, context);
  }
  const issuer = slice(text, 0, <u32>slash);
  const subject = slice(text, <u32>slash + 1, lengthOf(text));
  if (slash > 0 && load<u8>(addressOf(issuer)) == STAR)
    return principalPair(
      stringPattern(issuer, PatternKind.NON_EMPTY, arena),
      exact(subject, context),
      context,
    );
  const end = stringPattern(subject, PatternKind.NON_EMPTY, arena);
  const isSuffix = end.kind == PatternKind.SUFFIX;
  return principalPair(exact(issuer, context), isSuffix ? exact(subject, context) : end, context);
}

function exact(text: Bytes, context: PolicyReader): Pattern {
  return Pattern.create(PatternKind.EXACT, text, context.reader.arena);
}

function principalPair(issuer: Pattern, subject: Pattern, context: PolicyReader): Pattern {
  const pair = Pattern.create(PatternKind.REQUEST_PRINCIPAL, issuer.text, context.reader.arena);
  pair.issuerKind = issuer.kind;
  pair.subject = subject;
  return pair;
}

/**
 * A byte outside the template set must never help a caller: where a match refuses (DENY, or the
 * negation in an ALLOW rule) the operators take any byte, where it admits only those of the set.
 */
function pathPattern(part: Part, value: JsonValue, text: Bytes, context: PolicyReader): Pattern {
  const reader = context.reader;
  if (!isTemplate(text)) {
    if (indexOfByte(text, OPEN_BRACE) >= 0 || indexOfByte(text, CLOSE_BRACE) >= 0)
      reader.refuse(RefusalCode.BAD_VALUE, value, "no braces but {*}, {**} and {name}");
    return stringPattern(text, PatternKind.NON_EMPTY, reader.arena);
  }
  if (!isValidTemplate(text))
    reader.refuse(
      RefusalCode.BAD_VALUE,
      value,
      "a template of whole segments, {**} the last, each name once",
    );
  const canonical = canonicalTemplate(text, reader.arena);
  if (part.negated && lengthOf(canonical) != 0 && hasNames(text, canonical))
    reader.refuse(RefusalCode.BAD_VALUE, value, "no names in notPaths");
  const pattern = Pattern.create(PatternKind.TEMPLATE, canonical, reader.arena);
  pattern.anyByte = (context.policy.action == Action.DENY) != part.negated;
  return pattern;
}

/** Names are the only thing that the canonical form changes. */
function hasNames(text: Bytes, canonical: Bytes): bool {
  return addressOf(text) != addressOf(canonical);
}

/** A port as a decimal string, as Istio writes it. */
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
  return Pattern.ofNumber(PatternKind.NUMBER, port, context.reader.arena);
}

function networkPattern(value: JsonValue, text: Bytes, context: PolicyReader): Pattern {
  const arena = context.reader.arena;
  const network = parseNetwork(text, arena);
  if (network === null) {
    context.reader.refuse(RefusalCode.BAD_VALUE, value, "an IP address or a network like 10.0.0.0/8");
    return Pattern.create(PatternKind.NEVER, text, arena);
  }
  const pattern = Pattern.create(PatternKind.NETWORK, network.address, arena);
  pattern.number = network.bits;
  return pattern;
}

/** `before` + `text` + `after` in the memory of the reader. */
export function joined(before: string, text: Bytes, after: string, context: PolicyReader): Bytes {
  const length = <u32>before.length + lengthOf(text) + <u32>after.length;
  const start = context.reader.arena.take(length);
  let at = start;
  for (let index = 0; index < before.length; index++) store<u8>(at++, before.charCodeAt(index));
  memory.copy(at, addressOf(text), lengthOf(text));
  at += lengthOf(text);
  for (let index = 0; index < after.length; index++) store<u8>(at++, after.charCodeAt(index));
  return bytesAt(start, length);
}

export function concatenated(first: Bytes, second: Bytes, context: PolicyReader): Bytes {
  const length = lengthOf(first) + lengthOf(second);
  const start = context.reader.arena.take(length);
  memory.copy(start, addressOf(first), lengthOf(first));
  memory.copy(start + lengthOf(first), addressOf(second), lengthOf(second));
  return bytesAt(start, length);
}
