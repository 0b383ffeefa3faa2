import { Arena, Bytes, JsonValue } from "as-bytes";
import { KeySet, KeySetError, buildKeyTables, dropKeyTables, parseKeySet, parseKeySetText } from "as-jwt";
import { Reader, RefusalCode } from "as-policy";
import { Document, JwtRule } from "./document";

/** Tables of multiples that one document's elliptic-curve keys get; further keys verify without, more slowly. */
export const MAX_KEY_TABLES: u32 = 16;

/** A rule's inline `jwks`: a JWK Set as an object, or its text as Istio has it. A key that cannot be used is counted, the others serve. */
export function loadKeys(jwks: JsonValue, reader: Reader): KeySet {
  const set = jwks.isString()
    ? parseKeySetText(jwks.string(), false, reader.arena)
    : parseKeySet(jwks, false, reader.arena);
  switch (set.error) {
    case KeySetError.NONE:
      break;
    case KeySetError.TOO_LARGE:
      reader.refuse(RefusalCode.TOO_LARGE, jwks, "a key set of at most 256 KiB");
      break;
    case KeySetError.TOO_MANY_KEYS:
      reader.refuse(RefusalCode.TOO_MANY, jwks, "at most 256 keys");
      break;
    case KeySetError.NO_USABLE_KEY:
      reader.refuse(RefusalCode.BAD_KEY, jwks, "at least one key that can verify signatures");
      break;
    default:
      reader.refuse(RefusalCode.BAD_KEY, jwks, "a JWK Set");
  }
  return set;
}

/** The keys of a rule from the text of its variable, the only place of symmetric keys; whether any can serve. */
export function loadSecretKeys(rule: JwtRule, text: Bytes, arena: Arena): bool {
  const set = parseKeySetText(text, true, arena);
  if (set.error != KeySetError.NONE) return false;
  rule.keys = set;
  return true;
}

/** Broken keys in the sets of a document: of a kind that would serve, and none of them does. */
export function unusableKeys(document: Document): u32 {
  let count: u32 = 0;
  for (let index: u32 = 0; index < document.jwtRules.length; index++) {
    const keys = document.jwtRules.at(index).keys;
    if (keys !== null) count += keys.invalid;
  }
  return count;
}

/** Lets go of the tables that `prepareKeys` made, before their memory goes. */
export function forgetKeyTables(document: Document): void {
  for (let index: u32 = 0; index < document.jwtRules.length; index++) {
    const keys = document.jwtRules.at(index).keys;
    if (keys !== null) dropKeyTables(keys);
  }
}

/** Makes the keys of a document fast, in the order of its rules. */
export function prepareKeys(document: Document, arena: Arena): void {
  let left = MAX_KEY_TABLES;
  for (let index: u32 = 0; index < document.jwtRules.length; index++) {
    const keys = document.jwtRules.at(index).keys;
    if (keys !== null) left -= buildKeyTables(keys, left, arena);
  }
}
