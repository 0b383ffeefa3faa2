import {
  ABSENT,
  Arena,
  Bytes,
  JsonValue,
  List,
  addressOf,
  equal,
  equalsText,
  inLowerCase,
  indexOfByte,
  indexOfWord,
  isFieldName,
  isPresent,
  lengthOf,
  literalBytes,
  part as slice,
  startsWithText,
  wordAt,
} from "as-bytes";
import { Attribute, AttributeKind, FIRST_TOKEN } from "../attributes/attribute";
import { NO_HEADER } from "../attributes/header-table";
import { MAX_ATTRIBUTES, PolicyReader } from "./parse-policies";
import { isTemplateName } from "../patterns/template";
import { PathCursor, nameInKey, segmentNamed } from "./path-names";
import { RefusalCode } from "./refusal";

/** Keys without an argument. */
const PLAIN_KEYS =
  "source.principal source.namespace source.serviceAccount source.trustDomain source.ip remote.ip destination.ip destination.port connection.sni request.method request.host request.path request.time request.time.weekday";
const PLAIN_KINDS: StaticArray<AttributeKind> = [
  AttributeKind.PRINCIPAL,
  AttributeKind.NAMESPACE,
  AttributeKind.SERVICE_ACCOUNT,
  AttributeKind.TRUST_DOMAIN,
  AttributeKind.SOURCE_ADDRESS,
  AttributeKind.REMOTE_ADDRESS,
  AttributeKind.DESTINATION_ADDRESS,
  AttributeKind.PORT,
  AttributeKind.SERVER_NAME,
  AttributeKind.METHOD,
  AttributeKind.HOST,
  AttributeKind.PATH,
  AttributeKind.TIME,
  AttributeKind.WEEKDAY,
];

const TOKEN_KEY = "request.auth";
const TOKEN_KEY_BYTES: u32 = 12;
const OPEN: u8 = 0x5b;
const CLOSE: u8 = 0x5d;
const COLON: u8 = 0x3a;
const DOT: u8 = 0x2e;

/** Most query parameters that the rules of a document ask about: each is looked for on its own. */
const MAX_QUERY_ATTRIBUTES: u32 = 16;

/** What the key of a condition names. `bound` holds the path whose names it may use. */
export function parseKey(at: JsonValue, bound: PathCursor | null, context: PolicyReader): Attribute {
  const reader = context.reader;
  const text = reader.nonEmptyTextOf(at);
  const plain = indexOfWord(text, PLAIN_KEYS);
  if (plain >= 0) {
    const kind = unchecked(PLAIN_KINDS[plain]);
    if (kind == AttributeKind.SOURCE_ADDRESS) requirePeerAddress(at, context);
    return plainAttribute(kind, context);
  }
  if (startsWithText(text, "request.path{")) return pathName(at, text, bound, context);
  if (startsWithText(text, TOKEN_KEY)) return tokenKey(at, text, context);
  const header = argument(text, "request.headers");
  if (isPresent(header)) return headerKey(at, text, header, context);
  const parameter = argument(text, "request.query");
  if (isPresent(parameter)) return queryKey(at, text, parameter, context);
  return refuseKey(at, context);
}

/** The attribute of a field or a key without argument, and what it makes of the document. */
export function plainAttribute(kind: AttributeKind, context: PolicyReader): Attribute {
  if (kind == AttributeKind.METHOD || kind == AttributeKind.PATH) context.set.namesMethodsOrPaths = true;
  return intern(newAttribute(kind, keyOf(kind, context.reader.arena), context), context);
}

function keyOf(kind: AttributeKind, arena: Arena): Bytes {
  for (let index = 0; index < PLAIN_KINDS.length; index++) {
    if (unchecked(PLAIN_KINDS[index]) == kind) return wordAt(PLAIN_KEYS, index, arena);
  }
  return literalBytes(kind == AttributeKind.TIME_OF_DAY ? "request.time" : "request.auth.principal", arena);
}

function newAttribute(kind: AttributeKind, key: Bytes, context: PolicyReader): Attribute {
  const attribute = changetype<Attribute>(context.reader.arena.allocate(offsetof<Attribute>()));
  attribute.kind = kind;
  attribute.token = FIRST_TOKEN;
  attribute.key = key;
  return attribute;
}

function intern(attribute: Attribute, context: PolicyReader): Attribute {
  const known = context.set.attributes.intern(attribute);
  if (known === attribute && attribute.id == MAX_ATTRIBUTES)
    context.reader.refuse(RefusalCode.TOO_MANY, null, "at most 1000 different attributes in all rules");
  return known;
}

function refuseKey(at: JsonValue, context: PolicyReader): Attribute {
  context.reader.refuse(RefusalCode.BAD_VALUE, at, "a key that the format names");
  return newAttribute(AttributeKind.METHOD, ABSENT, context);
}

/** Istio's `source.ip` is the peer of this very connection, which a filter only sees where it is told. */
export function requirePeerAddress(at: JsonValue, context: PolicyReader): void {
  if (!context.surroundings.hasPeerAddress)
    context.reader.refuse(RefusalCode.CONFLICT, at, "identity.peerAddress FILTER_STATE beside it");
}

/** What stands between the brackets of `name[…]`, or ABSENT where `text` is not of that form. */
function argument(text: Bytes, name: string): Bytes {
  const start = <u32>name.length;
  const length = lengthOf(text);
  if (length < start + 2 || !startsWithText(text, name)) return ABSENT;
  const address = addressOf(text);
  if (load<u8>(address + start) != OPEN || load<u8>(address + length - 1) != CLOSE) return ABSENT;
  return slice(text, start + 1, length - 1);
}

function pathName(at: JsonValue, text: Bytes, bound: PathCursor | null, context: PolicyReader): Attribute {
  let path: JsonValue | null = null;
  if (bound !== null) path = bound.path;
  let segment: i32 = -1;
  const name = nameInKey(text);
  if (path !== null && path.isString() && isTemplateName(name)) segment = segmentNamed(path.string(), name);
  if (segment < 0)
    context.reader.refuse(RefusalCode.BAD_VALUE, at, "a name that every path of the rule binds");
  const attribute = newAttribute(AttributeKind.PATH_SEGMENT, text, context);
  attribute.number = <u32>max(segment, 0);
  return intern(attribute, context);
}

/** Field names are case-insensitive (RFC 9110 §5.1); Envoy calls `host` `:authority`, and has pseudo-headers. */
function headerKey(at: JsonValue, text: Bytes, name: Bytes, context: PolicyReader): Attribute {
  const reader = context.reader;
  const isPseudo = lengthOf(name) != 0 && load<u8>(addressOf(name)) == COLON;
  if (!isFieldName(isPseudo ? slice(name, 1, lengthOf(name)) : name))
    reader.refuse(RefusalCode.BAD_VALUE, at, "a header name in brackets");
  let wanted = inLowerCase(name, reader.arena);
  if (equalsText(wanted, "host")) wanted = literalBytes(":authority", reader.arena);
  if (equalsText(wanted, ":method") || equalsText(wanted, ":path")) context.set.namesMethodsOrPaths = true;
  const attribute = newAttribute(AttributeKind.HEADER, text, context);
  attribute.number = context.surroundings.headers.intern(wanted);
  if (attribute.number == NO_HEADER)
    reader.refuse(RefusalCode.TOO_MANY, at, "at most 100 header names in one document");
  return intern(attribute, context);
}

function queryKey(at: JsonValue, text: Bytes, name: Bytes, context: PolicyReader): Attribute {
  const reader = context.reader;
  if (lengthOf(name) == 0)
    reader.refuse(RefusalCode.BAD_VALUE, at, "the name of a query parameter in brackets");
  // A header that restates the path restates its query too.
  context.set.namesMethodsOrPaths = true;
  const attribute = newAttribute(AttributeKind.QUERY, text, context);
  attribute.names = singleName(name, context);
  const known = intern(attribute, context);
  if (known === attribute) {
    context.set.queryAttributes += 1;
    if (context.set.queryAttributes > MAX_QUERY_ATTRIBUTES)
      reader.refuse(RefusalCode.TOO_MANY, at, "at most 16 query parameters in one document");
  }
  return known;
}

/** `request.auth.…`, or `request.auth[name].…` for the token that the rule of that name accepted. */
function tokenKey(at: JsonValue, text: Bytes, context: PolicyReader): Attribute {
  const length = lengthOf(text);
  let start = TOKEN_KEY_BYTES;
  let token = FIRST_TOKEN;
  if (length > start && load<u8>(addressOf(text) + start) == OPEN) {
    const close = indexOfByte(text, CLOSE, start);
    if (close < 0) return refuseKey(at, context);
    token = tokenNamed(slice(text, start + 1, <u32>close), context);
    if (token < 0) {
      context.reader.refuse(RefusalCode.BAD_VALUE, at, "the name of a JWT rule in brackets");
      return newAttribute(AttributeKind.CLAIM, text, context);
    }
    start = <u32>close + 1;
  }
  if (start >= length || load<u8>(addressOf(text) + start) != DOT) return refuseKey(at, context);
  return tokenAttribute(at, text, slice(text, start + 1, length), token, context);
}

function tokenAttribute(
  at: JsonValue,
  text: Bytes,
  rest: Bytes,
  token: i32,
  context: PolicyReader,
): Attribute {
  const isPrincipal = equalsText(rest, "principal");
  const attribute = newAttribute(
    isPrincipal ? AttributeKind.REQUEST_PRINCIPAL : AttributeKind.CLAIM,
    text,
    context,
  );
  attribute.token = token;
  const claim = argument(rest, "claims");
  if (isPresent(claim)) attribute.names = claimPath(at, claim, context);
  else if (equalsText(rest, "audiences")) attribute.names = claimNamed("aud", context);
  else if (equalsText(rest, "presenter")) attribute.names = claimNamed("azp", context);
  else if (!isPrincipal) return refuseKey(at, context);
  return intern(attribute, context);
}

function tokenNamed(name: Bytes, context: PolicyReader): i32 {
  const names = context.surroundings.tokenNames;
  for (let index: u32 = 0; index < names.length; index++) {
    if (equal(names.at(index), name)) return <i32>index;
  }
  return -1;
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
  return singleName(literalBytes(name, context.reader.arena), context);
}

function singleName(name: Bytes, context: PolicyReader): List<Bytes> {
  const names = List.create<Bytes>(context.reader.arena, 1);
  names.push(name);
  return names;
}
