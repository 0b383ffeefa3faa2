import { Arena, Bytes, JsonError, JsonValue, List, equal, isPresent, lengthOf, parseJson } from "as-bytes";
import { Algorithm, includes } from "./algorithms";
import { JwkOutcome, Key, parseJwk } from "./jwk";

/** Largest JWK Set, as a text or as an object. */
export const MAX_KEY_SET_BYTES: u32 = 262144;

/** Most keys of a set. */
export const MAX_KEYS: u32 = 256;

/** Keys tried for one token, however many of all its rules' sets would fit. */
export const MAX_KEYS_TRIED: u32 = 16;

const MAX_DEPTH: u32 = 32;
const MAX_MEMBERS: u32 = 512;

/** Why a text is no JWK Set that could serve. */
export enum KeySetError {
  NONE,
  NOT_A_KEY_SET,
  TOO_LARGE,
  TOO_MANY_KEYS,
  /** No key of the set can verify anything. */
  NO_USABLE_KEY,
}

/** The keys of one issuer (RFC 7517 §5), and how many of its JWKs were not taken and why. */
@unmanaged
export class KeySet {
  error: KeySetError;
  keys: List<Key>;
  notForUs: u32;
  invalid: u32;
}

export function parseKeySetText(text: Bytes, allowSecrets: bool, arena: Arena): KeySet {
  const set = changetype<KeySet>(arena.allocate(offsetof<KeySet>()));
  set.error = KeySetError.TOO_LARGE;
  if (lengthOf(text) > MAX_KEY_SET_BYTES) return set;
  const json = parseJson(text, arena, MAX_DEPTH, MAX_MEMBERS);
  set.error = KeySetError.NOT_A_KEY_SET;
  if (json.error != JsonError.NONE) return set;
  return parseKeySet(json.root, allowSecrets, arena);
}

export function parseKeySet(value: JsonValue, allowSecrets: bool, arena: Arena): KeySet {
  const set = changetype<KeySet>(arena.allocate(offsetof<KeySet>()));
  set.error = KeySetError.TOO_LARGE;
  if (value.textBytes() > MAX_KEY_SET_BYTES) return set;
  const jwks = value.memberNamed("keys");
  set.error = KeySetError.NOT_A_KEY_SET;
  if (jwks === null || !jwks.isArray()) return set;
  set.error = KeySetError.TOO_MANY_KEYS;
  if (jwks.count() > MAX_KEYS) return set;
  set.keys = List.create<Key>(arena, jwks.count());
  let jwk = jwks.first();
  for (let left = jwks.count(); left > 0; left--) {
    const key = parseJwk(jwk, allowSecrets, arena);
    if (key.outcome == JwkOutcome.USABLE) set.keys.push(key);
    else if (key.outcome == JwkOutcome.NOT_FOR_US) set.notForUs += 1;
    else set.invalid += 1;
    jwk = jwk.next();
  }
  set.error = set.keys.length == 0 ? KeySetError.NO_USABLE_KEY : KeySetError.NONE;
  return set;
}

/**
 * Whether `key` is a candidate for a token: its algorithms include the token's, and its `kid` is the
 * token's byte for byte where the token names one. A token without `kid` fits every such key.
 */
export function fits(key: Key, keyId: Bytes, algorithm: Algorithm): bool {
  if (!includes(key.algorithms, algorithm)) return false;
  return !isPresent(keyId) || (isPresent(key.id) && equal(key.id, keyId));
}
