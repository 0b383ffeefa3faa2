import { Arena, Bytes, JsonValue } from "as-bytes";
import { MAX_DIGEST_BYTES, computeDigest, verifyP256Sha256, verifyRsaPkcs1, verifyRsaPss } from "as-crypto";
import { AlgorithmSet, Scheme, hashOf, includes, schemeOf } from "./algorithms";
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
  const digest = arena.take(MAX_DIGEST_BYTES);
  let fitting: u32 = 0;
  for (let index: u32 = 0; index < keys.keys.length && token.keysTried < MAX_KEYS_TRIED; index++) {
    const key = keys.keys.at(index);
    if (!fits(key, token.keyId, token.algorithm)) continue;
    if (fitting == 0) computeDigest(hashOf(token.algorithm), token.signingInput, digest);
    fitting += 1;
    token.keysTried += 1;
    if (holds(key, token, digest)) return JwtReason.NONE;
  }
  return fitting == 0 ? JwtReason.KEY_UNKNOWN : JwtReason.SIGNATURE_INVALID;
}

/** The key fits the algorithm; a key of another type holds nothing all the same. */
function holds(key: Key, token: UnverifiedToken, digest: usize): bool {
  const rsa = key.rsa;
  const p256 = key.p256;
  switch (schemeOf(token.algorithm)) {
    case Scheme.RSA_PKCS1:
      return rsa !== null && verifyRsaPkcs1(rsa, hashOf(token.algorithm), digest, token.signature);
    case Scheme.RSA_PSS:
      return rsa !== null && verifyRsaPss(rsa, hashOf(token.algorithm), digest, token.signature);
    case Scheme.ECDSA_P256:
      return p256 !== null && verifyP256Sha256(p256, digest, token.signature);
    default:
      return false;
  }
}
