import { Arena, Bytes, lengthOf, part } from "as-bytes";
import { AttributeKind } from "../attributes/attribute";
import { readAttribute } from "../attributes/read-attribute";
import { RequestAttributes } from "../attributes/request";
import { compareValues } from "../attributes/same";
import { Truth } from "../attributes/truth";
import { AttributeValue, Form, Scalar, ScalarType } from "../attributes/value";
import {
  networkKey,
  networkSizeFits,
  numberKey,
  pairKey,
  unusualIdentity,
  identityKey,
} from "../compiled/keys";
import { HASH_START, extendHash, extendHashBackwards } from "../compiled/literal-table";
import { AttributeIndex, Comparison, PolicyTables, TriedPattern } from "../compiled/tables";
import { Truths } from "../compiled/truths";
import { PatternKind } from "../patterns/pattern";

/** Notes every atom of an attribute that is true of the request. Time is linear in the value, whatever the number of rules. */
export function matchAttribute(
  tables: PolicyTables,
  index: AttributeIndex,
  request: RequestAttributes,
  truths: Truths,
  arena: Arena,
): void {
  const value = readAttribute(index.attribute, request, arena);
  if (value.form == Form.ABSENT) return;
  truths.note(index.present);
  if (value.form != Form.OTHER) truths.note(index.knownElements);
  const whole = value.whole;
  if (whole !== null) matchWhole(tables, index, whole, truths, arena);
  for (let at: u32 = 0; at < value.elements.length; at++)
    matchElement(tables, index, value.elements.at(at), truths, arena);
  matchTexts(tables, index, value, truths, arena);
  tryPatterns(index.tried, value, truths);
}

export function compareAttributes(
  comparison: Comparison,
  request: RequestAttributes,
  truths: Truths,
  arena: Arena,
): void {
  const left = readAttribute(comparison.left, request, arena);
  const truth = compareValues(left, readAttribute(comparison.right, request, arena));
  if (truth != Truth.UNKNOWN) truths.note(comparison.known);
  if (truth == Truth.TRUE) truths.note(comparison.same);
}

function matchWhole(
  tables: PolicyTables,
  index: AttributeIndex,
  whole: Scalar,
  truths: Truths,
  arena: Arena,
): void {
  switch (whole.type) {
    case ScalarType.TEXT:
      truths.note(index.knownText);
      lookUp(tables, index, PatternKind.TEXT, whole.text, truths);
      break;
    case ScalarType.NUMBER:
      truths.note(index.knownNumber);
      lookUp(tables, index, PatternKind.NUMBER, numberKey(whole.number, arena), truths);
      break;
    default:
      truths.note(index.knownBoolean);
      lookUp(tables, index, PatternKind.BOOLEAN, numberKey(whole.number, arena), truths);
  }
}

function matchElement(
  tables: PolicyTables,
  index: AttributeIndex,
  element: Scalar,
  truths: Truths,
  arena: Arena,
): void {
  switch (element.type) {
    case ScalarType.TEXT:
      lookUp(tables, index, PatternKind.ELEMENT_TEXT, element.text, truths);
      break;
    case ScalarType.NUMBER:
      lookUp(tables, index, PatternKind.ELEMENT_NUMBER, numberKey(element.number, arena), truths);
      break;
    default:
      lookUp(tables, index, PatternKind.ELEMENT_BOOLEAN, numberKey(element.number, arena), truths);
  }
}

/** What `values` look at, each attribute in its own way. */
function matchTexts(
  tables: PolicyTables,
  index: AttributeIndex,
  value: AttributeValue,
  truths: Truths,
  arena: Arena,
): void {
  const texts = value.texts;
  switch (index.attribute.kind) {
    case AttributeKind.SOURCE_ADDRESS:
    case AttributeKind.REMOTE_ADDRESS:
    case AttributeKind.DESTINATION_ADDRESS:
      if (texts.length != 0) matchNetworks(tables, index, texts.at(0), truths, arena);
      return;
    case AttributeKind.REQUEST_PRINCIPAL:
      if (texts.length == 2)
        lookUp(
          tables,
          index,
          PatternKind.REQUEST_PRINCIPAL,
          pairKey(texts.at(0), texts.at(1), arena),
          truths,
        );
      return;
    case AttributeKind.NAMESPACE:
    case AttributeKind.SERVICE_ACCOUNT:
      if (unusualIdentity(texts.at(0))) tryPatterns(index.triedIfUnusual, value, truths);
      else
        lookUp(
          tables,
          index,
          identityKind(index),
          identityKey(index.attribute.kind, texts.at(0), arena),
          truths,
        );
      return;
    case AttributeKind.PATH:
      if (has(index, PatternKind.TEMPLATE))
        tables.templates.match(texts.at(0), tables.literals, truths, arena);
      break;
    default:
      break;
  }
  for (let at: u32 = 0; at < texts.length; at++) matchText(tables, index, texts.at(at), truths);
}

function identityKind(index: AttributeIndex): PatternKind {
  return index.attribute.kind == AttributeKind.NAMESPACE ? PatternKind.GLOB : PatternKind.SERVICE_ACCOUNT;
}

/** Exact, by each length of prefix and by each length of suffix that a rule has, the text read once each way. */
function matchText(tables: PolicyTables, index: AttributeIndex, text: Bytes, truths: Truths): void {
  const length = lengthOf(text);
  if (length != 0) truths.note(index.nonEmpty);
  let hash = HASH_START;
  let hashed: u32 = 0;
  const prefixes = index.prefixes;
  for (let at: u32 = 0; at < prefixes.length && prefixes.at(at) <= length; at++) {
    hash = extendHash(hash, text, hashed, prefixes.at(at));
    hashed = prefixes.at(at);
    find(tables, index, PatternKind.PREFIX, part(text, 0, hashed), hash, truths);
  }
  if (has(index, PatternKind.EXACT))
    find(tables, index, PatternKind.EXACT, text, extendHash(hash, text, hashed, length), truths);
  hash = HASH_START;
  hashed = 0;
  const suffixes = index.suffixes;
  for (let at: u32 = 0; at < suffixes.length && suffixes.at(at) <= length; at++) {
    hash = extendHashBackwards(hash, text, hashed, suffixes.at(at));
    hashed = suffixes.at(at);
    find(tables, index, PatternKind.SUFFIX, part(text, length - hashed, length), hash, truths);
  }
}

function matchNetworks(
  tables: PolicyTables,
  index: AttributeIndex,
  address: Bytes,
  truths: Truths,
  arena: Arena,
): void {
  for (let at: u32 = 0; at < index.networks.length; at++) {
    const size = index.networks.at(at);
    if (networkSizeFits(size, address))
      lookUp(tables, index, PatternKind.NETWORK, networkKey(address, size, arena), truths);
  }
}

function tryPatterns(first: TriedPattern | null, value: AttributeValue, truths: Truths): void {
  let tried = first;
  while (tried !== null) {
    if (tried.pattern.holdsWhereTried(value)) truths.note(tried.atom);
    tried = tried.next;
  }
}

function has(index: AttributeIndex, kind: PatternKind): bool {
  return ((index.kinds >> kind) & 1) != 0;
}

function lookUp(
  tables: PolicyTables,
  index: AttributeIndex,
  kind: PatternKind,
  text: Bytes,
  truths: Truths,
): void {
  if (has(index, kind))
    find(tables, index, kind, text, extendHash(HASH_START, text, 0, lengthOf(text)), truths);
}

function find(
  tables: PolicyTables,
  index: AttributeIndex,
  kind: PatternKind,
  text: Bytes,
  hash: u32,
  truths: Truths,
): void {
  const literal = tables.literals.find(index.attribute.id, kind, text, hash);
  if (literal !== null) truths.note(literal.value);
}
