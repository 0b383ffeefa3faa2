import {
  ABSENT,
  Bytes,
  JsonKind,
  JsonValue,
  List,
  Writer,
  addressOf,
  equal,
  isDigit,
  isLetter,
  isPresent,
  lengthOf,
} from "as-bytes";
import {
  ASYMMETRIC_ALGORITHMS,
  Algorithm,
  AlgorithmSet,
  Expectations,
  NO_ALGORITHMS,
  algorithmNamed,
  setOf,
} from "as-jwt";
import { Reader, RefusalCode } from "as-policy";
import { Document, JwtRule, MAX_DOCUMENT_MEMORY, TokenPlace } from "./document";
import { readDuration } from "./duration";
import { loadKeys } from "./load-keys";
import { loadOutputs } from "./load-outputs";
import { loadPlaces } from "./load-places";

/** Most rules of a document. */
export const MAX_JWT_RULES: u32 = 256;

const DEFAULT_CLOCK_SKEW_SECONDS: f64 = 60;

const RULE_MEMBERS =
  "name issuer audiences algorithms jwks jwksEnv jwksUri jwksCluster fromHeaders fromParams fromCookies forwardOriginalToken outputPayloadToHeader outputClaimToHeaders presence type clockSkew maxAge maxLifetime audienceMatching requireExpiry spaceDelimitedClaims timeout";
/** Read, and refused at any value but the default. */
const UNSUPPORTED_MEMBERS: StaticArray<string> = ["jwksUri", "jwksCluster", "timeout"];
const AUDIENCE_MATCHING = "EXACT ENVOY";
const PRESENCE = "OPTIONAL REQUIRED";

/** Reads `jwtRules` and the places that they look for tokens in. */
export function loadJwtRules(value: JsonValue | null, document: Document, reader: Reader): void {
  const arena = reader.arena;
  const held = arena.heldBytes();
  const isArray = value !== null && value.isArray();
  const count: u32 = isArray ? value!.count() : 0;
  document.jwtRules = List.create<JwtRule>(arena, count);
  document.places = List.create<TokenPlace>(arena, 0);
  if (value === null) return;
  if (!isArray) {
    reader.refuse(RefusalCode.WRONG_TYPE, value, "an array");
    return;
  }
  if (count > MAX_JWT_RULES) {
    reader.refuse(RefusalCode.TOO_MANY, value, "at most 256 rules");
    return;
  }
  let entry = value.first();
  for (let index: u32 = 0; index < count && !reader.refused; index++) {
    if (reader.object(entry, RULE_MEMBERS)) document.jwtRules.push(loadRule(entry, index, document, reader));
    // Keys take many times the room of their text, so the limit is asked on the way.
    if (arena.heldBytes() - held > MAX_DOCUMENT_MEMORY)
      reader.refuse(RefusalCode.TOO_LARGE, entry, "keys that take at most 32 MiB of memory");
    entry = entry.next();
  }
  if (!reader.refused) loadPlaces(value, document, reader);
}

function loadRule(value: JsonValue, index: u32, document: Document, reader: Reader): JwtRule {
  const arena = reader.arena;
  const rule = changetype<JwtRule>(arena.allocate(offsetof<JwtRule>()));
  rule.index = index;
  rule.name = ruleName(value, index, document, reader);
  for (let member = 0; member < UNSUPPORTED_MEMBERS.length; member++) {
    reader.onlyDefault(value, unchecked(UNSUPPORTED_MEMBERS[member]), JsonKind.STRING);
  }
  rule.algorithms = readAlgorithms(reader.nonEmptyArray(value, "algorithms"), reader);
  rule.expectations = readExpectations(value, reader);
  rule.forwardOriginalToken = reader.boolean(value, "forwardOriginalToken", false);
  rule.required = reader.choice(value, "presence", PRESENCE, "OPTIONAL or REQUIRED") == 1;
  rule.spaceDelimitedClaims = readTexts(reader.array(value, "spaceDelimitedClaims"), reader);
  loadOutputs(value, rule, document, reader);
  readKeys(value, rule, reader);
  return rule;
}

/** Keys inline, or the name of the variable that holds them: one of the two. */
function readKeys(value: JsonValue, rule: JwtRule, reader: Reader): void {
  const variable = reader.text(value, "jwksEnv");
  if (lengthOf(variable) == 0) {
    const jwks = reader.required(value, "jwks");
    if (jwks !== null && !reader.refused) rule.keys = loadKeys(jwks, reader);
    return;
  }
  rule.keysVariable = variable;
  if (value.memberNamed("jwks") !== null)
    reader.refuse(RefusalCode.CONFLICT, value, "either jwks or jwksEnv");
  if (!isVariableName(variable)) {
    reader.refuse(RefusalCode.BAD_VALUE, value.memberNamed("jwksEnv"), "the name of a variable");
  }
}

/** Letters, digits and `_` (POSIX.1-2017 §8.1), not a digit first. */
function isVariableName(name: Bytes): bool {
  for (let index: u32 = 0; index < lengthOf(name); index++) {
    const byte: u32 = load<u8>(addressOf(name) + index);
    if (!isLetter(byte) && byte != 0x5f && (!isDigit(byte) || index == 0)) return false;
  }
  return true;
}

/** `name`, or `jwt` and the index; no two rules share one. */
function ruleName(value: JsonValue, index: u32, document: Document, reader: Reader): Bytes {
  let name = reader.text(value, "name");
  if (lengthOf(name) == 0) {
    const writer = Writer.create(reader.arena, 16);
    writer.text("jwt");
    writer.decimal(index);
    name = writer.written();
  }
  for (let other: u32 = 0; other < document.jwtRules.length; other++) {
    if (equal(document.jwtRules.at(other).name, name)) {
      reader.refuse(RefusalCode.CONFLICT, value, "a name that no other rule has");
    }
  }
  return name;
}

function readAlgorithms(names: JsonValue | null, reader: Reader): AlgorithmSet {
  if (names === null) return ASYMMETRIC_ALGORITHMS;
  let algorithms = NO_ALGORITHMS;
  let name = names.first();
  for (let left = names.count(); left > 0; left--) {
    const algorithm = algorithmNamed(reader.textOf(name));
    if (algorithm == Algorithm.UNKNOWN)
      reader.refuse(RefusalCode.UNKNOWN_ALGORITHM, name, "RS, PS, ES or HS with 256, 384 or 512, or EdDSA");
    algorithms |= setOf(algorithm);
    name = name.next();
  }
  return algorithms;
}

function readExpectations(value: JsonValue, reader: Reader): Expectations {
  const expected = changetype<Expectations>(reader.arena.allocate(offsetof<Expectations>()));
  const issuer = reader.required(value, "issuer");
  if (issuer !== null) expected.issuer = reader.nonEmptyTextOf(issuer);
  expected.audiences = readTexts(reader.array(value, "audiences"), reader);
  const type = reader.text(value, "type");
  expected.type = lengthOf(type) == 0 ? ABSENT : type;
  expected.clockSkewSeconds = readDuration(value, "clockSkew", DEFAULT_CLOCK_SKEW_SECONDS, reader);
  expected.maxAgeSeconds = readDuration(value, "maxAge", 0, reader);
  expected.maxLifetimeSeconds = readDuration(value, "maxLifetime", 0, reader);
  expected.looseAudiences =
    reader.choice(value, "audienceMatching", AUDIENCE_MATCHING, "EXACT or ENVOY") == 1;
  expected.requireExpiry = reader.boolean(value, "requireExpiry", true);
  return expected;
}

function readTexts(array: JsonValue | null, reader: Reader): List<Bytes> {
  const count: u32 = array === null ? 0 : array.count();
  const texts = List.create<Bytes>(reader.arena, count);
  if (array === null) return texts;
  let entry = array.first();
  for (let left = count; left > 0; left--) {
    const text = reader.nonEmptyTextOf(entry);
    if (isPresent(text)) texts.push(text);
    entry = entry.next();
  }
  return texts;
}
