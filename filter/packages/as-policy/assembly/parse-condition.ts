import {
  ABSENT,
  Bytes,
  JsonValue,
  List,
  addressOf,
  equalsText,
  inLowerCase,
  indexOfByte,
  isPresent,
  lengthOf,
  literalBytes,
  part as slice,
} from "as-bytes";
import { Attribute } from "./attribute";
import { NO_HEADER, isFieldName } from "./header-table";
import { PolicyReader } from "./parse-policies";
import { valuesPart } from "./parse-values";
import { Conjunction, Part } from "./policy";
import { RefusalCode } from "./refusal";

const CONDITION_MEMBERS: StaticArray<string> = [
  "key",
  "values",
  "notValues",
  "allOf",
  "anyOf",
  "noneOf",
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "exists",
  "sameAs",
];
const FIRST_UNSUPPORTED_OPERATOR = 3;

/** Keys without an argument. */
const PLAIN_KEYS: StaticArray<string> = [
  "source.principal",
  "source.namespace",
  "request.auth.principal",
  "request.auth.audiences",
  "request.auth.presenter",
  "destination.port",
  "connection.sni",
];
const PLAIN_ATTRIBUTES: StaticArray<Attribute> = [
  Attribute.PRINCIPAL,
  Attribute.NAMESPACE,
  Attribute.REQUEST_PRINCIPAL,
  Attribute.AUDIENCE,
  Attribute.PRESENTER,
  Attribute.PORT,
  Attribute.SERVER_NAME,
];

/** Keys of the format that are not enforced yet. */
const UNSUPPORTED_KEYS: StaticArray<string> = [
  "source.ip",
  "remote.ip",
  "destination.ip",
  "source.serviceAccount",
  "source.trustDomain",
];

const OPEN: u8 = 0x5b;
const CLOSE: u8 = 0x5d;
const COLON: u8 = 0x3a;

/** What a key names. */
@unmanaged
class Key {
  attribute: Attribute;
  header: u32;
  claim: List<Bytes> | null;
  isScope: bool;
}

/** Reads `{key, values, notValues}` into one part or two. */
export function parseCondition(value: JsonValue, parts: Conjunction, context: PolicyReader): void {
  const reader = context.reader;
  if (!reader.object(value, CONDITION_MEMBERS)) return;
  const name = reader.required(value, "key");
  if (name === null) return;
  const text = reader.nonEmptyTextOf(name);
  if (!isPresent(text)) return;
  for (let index = FIRST_UNSUPPORTED_OPERATOR; index < CONDITION_MEMBERS.length; index++) {
    const operator = value.memberNamed(unchecked(CONDITION_MEMBERS[index]));
    if (operator !== null) reader.refuse(RefusalCode.NOT_SUPPORTED, operator, "values or notValues");
  }
  const key = parseKey(name, text, context);
  const values = value.memberNamed("values");
  const notValues = value.memberNamed("notValues");
  if (values === null && notValues === null)
    reader.refuse(RefusalCode.MISSING_MEMBER, value, "values or notValues");
  if (values !== null && !reader.refused) parts.push(conditionPart(values, key, text, false, context));
  if (notValues !== null && !reader.refused) parts.push(conditionPart(notValues, key, text, true, context));
}

function conditionPart(values: JsonValue, key: Key, text: Bytes, negated: bool, context: PolicyReader): Part {
  const part = valuesPart(values, key.attribute, negated, context);
  part.header = key.header;
  part.claim = key.claim;
  part.isScope = key.isScope;
  part.key = text;
  return part;
}

function parseKey(name: JsonValue, text: Bytes, context: PolicyReader): Key {
  const reader = context.reader;
  const key = changetype<Key>(reader.arena.allocate(offsetof<Key>()));
  for (let index = 0; index < PLAIN_KEYS.length; index++) {
    if (!equalsText(text, unchecked(PLAIN_KEYS[index]))) continue;
    key.attribute = unchecked(PLAIN_ATTRIBUTES[index]);
    if (key.attribute == Attribute.AUDIENCE) key.claim = claimNamed("aud", context);
    if (key.attribute == Attribute.PRESENTER) key.claim = claimNamed("azp", context);
    return key;
  }
  const header = argument(text, "request.headers");
  if (isPresent(header)) {
    key.attribute = Attribute.HEADER;
    key.header = headerNumber(name, header, context);
    return key;
  }
  const claim = argument(text, "request.auth.claims");
  if (isPresent(claim)) {
    key.attribute = Attribute.CLAIM;
    const path = claimPath(name, claim, context);
    key.claim = path;
    key.isScope = path.length == 1 && (equalsText(path.at(0), "scope") || equalsText(path.at(0), "scp"));
    return key;
  }
  for (let index = 0; index < UNSUPPORTED_KEYS.length; index++) {
    if (equalsText(text, unchecked(UNSUPPORTED_KEYS[index]))) {
      reader.refuse(RefusalCode.NOT_SUPPORTED, name, "a key that is enforced");
    }
  }
  reader.refuse(RefusalCode.BAD_VALUE, name, "a key that the format names");
  return key;
}

/** What stands between the brackets of `name[…]`, or ABSENT where `text` is not of that form. */
function argument(text: Bytes, name: string): Bytes {
  const start = <u32>name.length;
  const length = lengthOf(text);
  if (length < start + 2 || !equalsText(slice(text, 0, start), name)) return ABSENT;
  const address = addressOf(text);
  if (load<u8>(address + start) != OPEN || load<u8>(address + length - 1) != CLOSE) return ABSENT;
  return slice(text, start + 1, length - 1);
}

/** Field names are case-insensitive (RFC 9110 §5.1); Envoy calls `host` `:authority`, and has pseudo-headers. */
function headerNumber(at: JsonValue, name: Bytes, context: PolicyReader): u32 {
  const reader = context.reader;
  const isPseudo = lengthOf(name) != 0 && load<u8>(addressOf(name)) == COLON;
  if (!isFieldName(isPseudo ? slice(name, 1, lengthOf(name)) : name)) {
    reader.refuse(RefusalCode.BAD_VALUE, at, "a header name in brackets");
  }
  let wanted = inLowerCase(name, reader.arena);
  if (equalsText(wanted, "host")) wanted = literalBytes(":authority", reader.arena);
  if (equalsText(wanted, ":method") || equalsText(wanted, ":path")) context.set.namesMethodsOrPaths = true;
  const header = context.headers.intern(wanted);
  if (header == NO_HEADER)
    reader.refuse(RefusalCode.TOO_MANY, at, "at most 100 header names in one document");
  return header;
}

/** `a][b` as two names, one below the other; where the brackets do not pair, all of it as one name, as Istio has it. */
function claimPath(at: JsonValue, inner: Bytes, context: PolicyReader): List<Bytes> {
  const reader = context.reader;
  const length = lengthOf(inner);
  const path = List.create<Bytes>(reader.arena, (length >> 1) + 1);
  let start: u32 = 0;
  let paired = true;
  while (paired && start <= length) {
    const close = indexOfByte(inner, CLOSE, start);
    const end: u32 = close < 0 ? length : <u32>close;
    const opening = indexOfByte(inner, OPEN, start);
    if (opening >= 0 && <u32>opening < end) paired = false;
    path.push(slice(inner, start, end));
    if (close < 0) break;
    if (end + 1 >= length || load<u8>(addressOf(inner) + end + 1) != OPEN) paired = false;
    start = end + 2;
  }
  if (!paired) {
    path.clear();
    path.push(inner);
  }
  for (let index: u32 = 0; index < path.length; index++) {
    if (lengthOf(path.at(index)) == 0)
      reader.refuse(RefusalCode.BAD_VALUE, at, "names of claims in brackets");
  }
  return path;
}

function claimNamed(name: string, context: PolicyReader): List<Bytes> {
  const path = List.create<Bytes>(context.reader.arena, 1);
  path.push(literalBytes(name, context.reader.arena));
  return path;
}
