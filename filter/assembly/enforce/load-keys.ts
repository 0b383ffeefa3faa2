import { JsonValue } from "as-bytes";
import { KeySet, KeySetError, parseKeySet, parseKeySetText } from "as-jwt";
import { Reader, RefusalCode } from "as-policy";

/** A rule's inline `jwks`: a JWK Set as an object, or its text as Istio has it. Every key must be sound. */
export function loadKeys(jwks: JsonValue, reader: Reader): KeySet {
  const set = jwks.isString()
    ? parseKeySetText(jwks.string(), reader.arena)
    : parseKeySet(jwks, reader.arena);
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
  if (set.invalid != 0) {
    reader.refuse(RefusalCode.BAD_KEY, jwks, "only well-formed public keys of a sufficient size");
  }
  return set;
}
