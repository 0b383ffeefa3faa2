import { Arena, Bytes, JsonValue } from "as-bytes";
import { sha256, verifyP256Sha256, verifyRsaPkcs1Sha256 } from "as-crypto";
import { Algorithm, AlgorithmSet, includes } from "./algorithms";
import { Expectations, checkClaims, stringClaim } from "./claims";
import { Key } from "./jwk";
import { UnverifiedToken } from "./jws";
import { KeySet, MAX_KEYS_TRIED, fits } from "./key-set";
import { JwtReason } from "./reason";

/** A token whose signature and claims hold; nothing but `verify` makes one. */
@unmanaged
export class VerifiedToken {
  claims: JsonValue;
  issuer: Bytes;
  /** `sub`, or ABSENT. */
  subject: Bytes;
}

/**
 * The signature first, then the claims, so that a forged token never tells whether it would have
 * been in time. Null with `token.reason` set where anything does not hold; `now` in seconds.
 */
export function verify(
  token: UnverifiedToken,
  allowed: AlgorithmSet,
  keys: KeySet,
  expected: Expectations,
  now: f64,
  arena: Arena,
): VerifiedToken | null {
  let reason = token.reason;
  if (reason == JwtReason.NONE) reason = checkSignature(token, allowed, keys, arena);
  if (reason == JwtReason.NONE) reason = checkClaims(token, expected, now);
  if (reason != JwtReason.NONE) {
    token.reason = reason;
    return null;
  }
  const verified = changetype<VerifiedToken>(arena.allocate(offsetof<VerifiedToken>()));
  verified.claims = token.claims;
  verified.issuer = token.claimedIssuer;
  verified.subject = stringClaim(token.claims, "sub");
  return verified;
}

function checkSignature(
  token: UnverifiedToken,
  allowed: AlgorithmSet,
  keys: KeySet,
  arena: Arena,
): JwtReason {
  if (!includes(allowed, token.algorithm)) return JwtReason.ALGORITHM_REFUSED;
  const digest = arena.take(32);
  let tried: u32 = 0;
  for (let index: u32 = 0; index < keys.keys.length && tried < MAX_KEYS_TRIED; index++) {
    const key = keys.keys.at(index);
    if (!fits(key, token.keyId, token.algorithm)) continue;
    if (tried == 0) sha256(token.signingInput, digest);
    tried += 1;
    if (holds(key, token, digest)) return JwtReason.NONE;
  }
  return tried == 0 ? JwtReason.KEY_UNKNOWN : JwtReason.SIGNATURE_INVALID;
}

function holds(key: Key, token: UnverifiedToken, digest: usize): bool {
  switch (token.algorithm) {
    case Algorithm.RS256: {
      const rsa = key.rsa;
      return rsa !== null && verifyRsaPkcs1Sha256(rsa, digest, token.signature);
    }
    case Algorithm.ES256: {
      const p256 = key.p256;
      return p256 !== null && verifyP256Sha256(p256, digest, token.signature);
    }
    default:
      return false;
  }
}
