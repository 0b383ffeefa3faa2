import {
  Arena,
  Bytes,
  JsonKind,
  JsonValue,
  Writer,
  addressOf,
  equal,
  equalsText,
  isPresent,
  lengthOf,
  part,
} from "as-bytes";
import { Attribute } from "./attribute";
import { TokenAttributes } from "./request";
import { AttributeValue, Form, Scalar, ScalarType, scalarOf } from "./value";

const SPACE: u32 = 0x20;
const SLASH: u32 = 0x2f;

/** Issuer and subject, as a whole `issuer/subject`; a token without one of them is no principal. */
export function readRequestPrincipal(token: TokenAttributes | null, arena: Arena): AttributeValue {
  if (token === null || !isPresent(token.issuer) || !isPresent(token.subject))
    return AttributeValue.absent(arena);
  const writer = Writer.create(arena, lengthOf(token.issuer) + 1 + lengthOf(token.subject));
  writer.bytes(token.issuer);
  writer.byte(SLASH);
  writer.bytes(token.subject);
  const whole = Scalar.create(ScalarType.TEXT, writer.written(), 0, arena);
  const value = AttributeValue.create(Form.SCALAR, 2, arena);
  value.whole = whole;
  value.elements.push(whole);
  value.texts.push(token.issuer);
  value.texts.push(token.subject);
  return value;
}

export function readClaim(attribute: Attribute, token: TokenAttributes | null, arena: Arena): AttributeValue {
  const names = attribute.names;
  if (token === null || names === null) return AttributeValue.absent(arena);
  let claim: JsonValue | null = token.claims;
  for (let index: u32 = 0; index < names.length; index++) {
    if (claim === null) return AttributeValue.absent(arena);
    claim = claim.member(names.at(index));
  }
  if (claim === null || claim.kind == JsonKind.NULL) return AttributeValue.absent(arena);
  if (claim.isArray()) return readList(claim, arena);
  const scalar = scalarOf(claim, arena);
  if (scalar === null) return AttributeValue.create(Form.OTHER, 0, arena);
  if (scalar.type == ScalarType.TEXT && names.length == 1 && isSpaceDelimited(names.at(0), token))
    return readWords(scalar, arena);
  return AttributeValue.ofScalar(scalar, arena);
}

/** Texts are seen whatever else the list holds, as in Istio; one with other than scalars cannot be compared. */
function readList(list: JsonValue, arena: Arena): AttributeValue {
  const value = AttributeValue.create(Form.LIST, list.count(), arena);
  let element = list.first();
  for (let left = list.count(); left > 0; left--) {
    const scalar = scalarOf(element, arena);
    if (scalar === null) {
      value.form = Form.OTHER;
    } else {
      value.elements.push(scalar);
      if (scalar.type == ScalarType.TEXT) value.texts.push(scalar.text);
    }
    element = element.next();
  }
  return value;
}

/** Words between single spaces, empty ones skipped; for `values` an empty text is one empty word, as Envoy has it. */
function readWords(whole: Scalar, arena: Arena): AttributeValue {
  const text = whole.text;
  const length = lengthOf(text);
  const value = AttributeValue.create(Form.SCALAR, (length >> 1) + 1, arena);
  value.whole = whole;
  if (length == 0) value.texts.push(text);
  let start: u32 = 0;
  while (start < length) {
    let end = start;
    while (end < length && load<u8>(addressOf(text) + end) != SPACE) end += 1;
    if (end > start) value.add(part(text, start, end), arena);
    start = end + 1;
  }
  return value;
}

function isSpaceDelimited(claim: Bytes, token: TokenAttributes): bool {
  if (equalsText(claim, "scope") || equalsText(claim, "permission")) return true;
  const names = token.spaceDelimitedClaims;
  if (names === null) return false;
  for (let index: u32 = 0; index < names.length; index++) {
    if (equal(claim, names.at(index))) return true;
  }
  return false;
}
