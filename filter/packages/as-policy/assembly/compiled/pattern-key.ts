import { Arena, Bytes, addressOf, bytesAt, indexOfByte, lengthOf, part } from "as-bytes";
import { AttributeKind } from "../attributes/attribute";
import { Pattern, PatternKind } from "../patterns/pattern";
import { hasTail } from "../patterns/template";
import { networkKey, networkSize, numberKey, pairKey } from "./keys";

/** How an atom is found when a value is looked at. */
export enum Search {
  /** In the table of literals. */
  LITERAL,
  /** There too, where the identity is of Istio's form; else its pattern is tried. */
  LITERAL_IF_USUAL,
  /** Its pattern is tried. */
  TRY,
  /** In the trie of templates. */
  TEMPLATE,
}

/** What tells a pattern from the others of its kind on its attribute, and how it is found. */
@unmanaged
export class PatternKey {
  text: Bytes;
  search: Search;
}

/** Around the namespace in a NAMESPACE's pattern, see `parseValues`: the bytes of the star, `/ns/` and of `/`, the star. */
const NAMESPACE_HEAD: u32 = 5;
const NAMESPACE_TAIL: u32 = 2;
const STAR: u8 = 0x2a;
const SLASH: u8 = 0x2f;

export function keyOfPattern(kind: AttributeKind, pattern: Pattern, key: PatternKey, arena: Arena): void {
  key.text = pattern.text;
  key.search = Search.LITERAL;
  switch (pattern.kind) {
    case PatternKind.GLOB:
      namespaceKey(pattern.text, key);
      break;
    case PatternKind.SERVICE_ACCOUNT:
      key.search = Search.LITERAL_IF_USUAL;
      break;
    case PatternKind.TRUST_DOMAIN:
      key.search = Search.TRY;
      break;
    case PatternKind.TEMPLATE:
      key.search = hasTail(pattern.text) ? Search.TRY : Search.TEMPLATE;
      key.text = marked(pattern.text, pattern.anyByte ? 1 : 0, arena);
      break;
    case PatternKind.REQUEST_PRINCIPAL:
      principalKey(pattern, key, arena);
      break;
    case PatternKind.NETWORK:
      key.text = networkKey(pattern.text, networkSize(pattern.text, <u32>pattern.number), arena);
      break;
    case PatternKind.NUMBER:
    case PatternKind.BOOLEAN:
    case PatternKind.ELEMENT_NUMBER:
    case PatternKind.ELEMENT_BOOLEAN:
      key.text = numberKey(pattern.number, arena);
      break;
    case PatternKind.LESS:
    case PatternKind.LESS_OR_EQUAL:
    case PatternKind.GREATER:
    case PatternKind.GREATER_OR_EQUAL:
      key.text = numberKey(pattern.number, arena);
      key.search = Search.TRY;
      break;
    default:
      break;
  }
}

/** A namespace without wildcards and slashes is compared as it is. */
function namespaceKey(glob: Bytes, key: PatternKey): void {
  const namespace = part(glob, NAMESPACE_HEAD, lengthOf(glob) - NAMESPACE_TAIL);
  const isPlain = indexOfByte(namespace, STAR) < 0 && indexOfByte(namespace, SLASH) < 0;
  key.search = isPlain ? Search.LITERAL_IF_USUAL : Search.TRY;
  key.text = namespace;
}

function principalKey(pattern: Pattern, key: PatternKey, arena: Arena): void {
  const subject = pattern.subject;
  if (subject === null) return;
  key.text = pairKey(pattern.text, subject.text, arena);
  if (pattern.issuerKind == PatternKind.EXACT && subject.kind == PatternKind.EXACT) return;
  key.search = Search.TRY;
  key.text = marked(key.text, ((<u32>pattern.issuerKind) << 4) | (<u32>subject.kind), arena);
}

/** The text with one more byte. */
function marked(text: Bytes, mark: u32, arena: Arena): Bytes {
  const length = lengthOf(text);
  const copy = arena.take(length + 1);
  memory.copy(copy, addressOf(text), length);
  store<u8>(copy + length, mark);
  return bytesAt(copy, length + 1);
}
