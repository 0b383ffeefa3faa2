import {
  ABSENT,
  Arena,
  Bytes,
  JsonError,
  JsonKind,
  JsonText,
  JsonValue,
  List,
  addressOf,
  canonicalForm,
  equalsText,
  isDigit,
  isLetter,
  lengthOf,
  parseJson,
} from "as-bytes";
import { sha256 } from "as-crypto";
import {
  HeaderTable,
  PolicySurroundings,
  PolicyTables,
  Reader,
  RefusalCode,
  compilePolicies,
  parsePolicies,
} from "as-policy";
import { Document, MAX_DOCUMENT_MEMORY } from "./document";
import { loadJwtRules } from "./load-jwt-rules";
import { Loading } from "./loading";
import { readIdentity } from "./read-identity";
import { readLimits } from "./read-limits";
import { internWellKnown } from "./well-known";

/** Largest document. */
export const MAX_DOCUMENT_BYTES: u32 = 8388608;

/** Deepest nesting of a document. */
const MAX_DEPTH: u32 = 32;

/** Most members of one object of a document. */
const MAX_MEMBERS: u32 = 512;

const MAX_REVISION_BYTES: u32 = 64;
const MIN_SEAL_BYTES: u32 = 16;
const MAX_SEAL_BYTES: u32 = 512;

const DOCUMENT_MEMBERS =
  "apiVersion revision seal mode identity jwtRules policies defaultAction limits requests validation containment audit";
const REQUESTS_MEMBERS = "ambiguousPaths overrides";
const MODES = "ENFORCE OBSERVE";
const DEFAULT_ACTIONS = "DENY ALLOW";
const REFUSE_OR_KEEP = "REFUSE KEEP";

/**
 * Compiles a document into `arena`, a pure function of its bytes. What is needed on the way, the answer
 * too, goes into `working`, which with `text` can go when the answer has been read.
 */
export function loadDocument(text: Bytes, arena: Arena, working: Arena): Loading {
  const held = arena.heldBytes() + working.heldBytes();
  const loading = Loading.create(Document.create(arena), working);
  const reader = Reader.create(arena, loading.refusal);
  if (lengthOf(text) > MAX_DOCUMENT_BYTES) {
    reader.refuse(RefusalCode.TOO_LARGE, null, "at most 8 MiB");
    return loading;
  }
  if (!startsAsObject(text)) {
    reader.refuse(RefusalCode.NOT_JSON, null, "a JSON object, sent as google.protobuf.StringValue");
    return loading;
  }
  const json = parseJson(text, working, MAX_DEPTH, MAX_MEMBERS);
  loading.root = json.root;
  if (json.error != JsonError.NONE) {
    refuseText(json, reader);
    return loading;
  }
  if (!reader.object(json.root, DOCUMENT_MEMBERS)) return loading;
  readMembers(json.root, loading.document, reader, working);
  if (arena.heldBytes() + working.heldBytes() - held > MAX_DOCUMENT_MEMORY)
    reader.refuse(RefusalCode.TOO_LARGE, null, "a document that takes at most 32 MiB of memory");
  if (!reader.refused) loading.document.hash = hashOf(json.root, lengthOf(text), arena);
  return loading;
}

function startsAsObject(text: Bytes): bool {
  const address = addressOf(text);
  let at: u32 = 0;
  while (at < lengthOf(text) && load<u8>(address + at) <= 0x20) at += 1;
  return at < lengthOf(text) && load<u8>(address + at) == 0x7b;
}

function refuseText(json: JsonText, reader: Reader): void {
  switch (json.error) {
    case JsonError.NOT_UTF8:
      reader.refuse(RefusalCode.NOT_UTF8, null, "well-formed UTF-8");
      break;
    case JsonError.DUPLICATE_MEMBER:
      reader.refuse(RefusalCode.DUPLICATE_MEMBER, json.at, "no member twice in one object");
      break;
    case JsonError.TOO_DEEP:
      reader.refuse(RefusalCode.TOO_DEEP, json.at, "at most 32 levels");
      break;
    case JsonError.TOO_MANY_MEMBERS:
      reader.refuse(RefusalCode.TOO_MANY, json.at, "at most 512 members in one object");
      break;
    default:
      reader.refuse(RefusalCode.NOT_JSON, json.at, "one JSON text");
  }
}

function readMembers(root: JsonValue, document: Document, reader: Reader, working: Arena): void {
  const arena = reader.arena;
  const version = reader.required(root, "apiVersion");
  if (version !== null && !(version.isString() && equalsText(version.string(), "lictor/v1"))) {
    reader.refuse(RefusalCode.BAD_VALUE, version, "lictor/v1");
  }
  document.revision = readRevision(root, reader);
  document.seal = readSeal(root, reader);
  document.observe = reader.choice(root, "mode", MODES, "ENFORCE or OBSERVE") == 1;
  document.headers = HeaderTable.create(arena);
  internWellKnown(document.headers, arena);
  readIdentity(root, document, reader);
  readRequests(root, document, reader);
  document.limits = readLimits(root.memberNamed("limits"), reader);
  loadJwtRules(root.memberNamed("jwtRules"), document, reader);
  if (reader.refused) return;
  document.policies = readPolicies(root.memberNamed("policies"), document, reader, working);
  document.allowByDefault = reader.choice(root, "defaultAction", DEFAULT_ACTIONS, "DENY or ALLOW") == 1;
  reader.onlyDefault(root, "validation", JsonKind.ARRAY);
  reader.onlyDefault(root, "containment", JsonKind.OBJECT);
  reader.onlyDefault(root, "audit", JsonKind.OBJECT);
}

/** Parsed in working memory and compiled from there. */
function readPolicies(
  policies: JsonValue | null,
  document: Document,
  reader: Reader,
  working: Arena,
): PolicyTables {
  const surroundings = changetype<PolicySurroundings>(working.allocate(offsetof<PolicySurroundings>()));
  surroundings.headers = document.headers;
  surroundings.trustDomains = document.trustDomains;
  surroundings.hasPeerAddress = document.readsPeerAddress;
  surroundings.tokenNames = List.create<Bytes>(working, document.jwtRules.length);
  for (let index: u32 = 0; index < document.jwtRules.length; index++)
    surroundings.tokenNames.push(document.jwtRules.at(index).name);
  const set = parsePolicies(policies, surroundings, Reader.create(working, reader.refusal));
  if (reader.refused) return changetype<PolicyTables>(0);
  return compilePolicies(set, reader.arena, working);
}

function readRevision(root: JsonValue, reader: Reader): Bytes {
  const revision = reader.text(root, "revision");
  let valid = lengthOf(revision) <= MAX_REVISION_BYTES;
  for (let index: u32 = 0; index < lengthOf(revision); index++) {
    const byte: u32 = load<u8>(addressOf(revision) + index);
    const isWord = isLetter(byte) || isDigit(byte);
    if (!isWord && byte != 0x2e && byte != 0x5f && byte != 0x2d) valid = false;
  }
  if (!valid) {
    reader.refuse(RefusalCode.BAD_VALUE, root.memberNamed("revision"), "at most 64 letters, digits and ._-");
  }
  return revision;
}

/** The seal is written into filter state and compared there, so only visible ASCII. An empty one is none. */
function readSeal(root: JsonValue, reader: Reader): Bytes {
  const seal = reader.text(root, "seal");
  const length = lengthOf(seal);
  if (length == 0) return ABSENT;
  let valid = length >= MIN_SEAL_BYTES && length <= MAX_SEAL_BYTES;
  for (let index: u32 = 0; index < length; index++) {
    if (<u32>load<u8>(addressOf(seal) + index) - 0x21 > 0x5d) valid = false;
  }
  if (!valid) {
    const member = root.memberNamed("seal");
    reader.refuseSecret(RefusalCode.BAD_VALUE, member, "a seal of 16 to 512 visible ASCII characters");
  }
  return seal;
}

function readRequests(root: JsonValue, document: Document, reader: Reader): void {
  const requests = root.memberNamed("requests");
  if (requests === null || !reader.object(requests, REQUESTS_MEMBERS)) return;
  document.keepAmbiguousPaths =
    reader.choice(requests, "ambiguousPaths", REFUSE_OR_KEEP, "REFUSE or KEEP") == 1;
  document.keepOverrides = reader.choice(requests, "overrides", REFUSE_OR_KEEP, "REFUSE or KEEP") == 1;
}

/** SHA-256 of the document's canonical form without its seal; the address of 32 bytes. */
function hashOf(root: JsonValue, textLength: u32, arena: Arena): usize {
  const digest = arena.take(32);
  const working = Arena.create();
  sha256(canonicalForm(root, textLength, sealName(root), working), digest);
  working.release();
  return digest;
}

/** The name entry of the member `seal`, or null. */
function sealName(root: JsonValue): JsonValue | null {
  let name = root.first();
  for (let left = root.count(); left > 0; left--) {
    if (equalsText(name.string(), "seal")) return name;
    name = name.next().next();
  }
  return null;
}
