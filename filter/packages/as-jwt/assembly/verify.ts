import { Arena, Bytes, JsonValue, isPresent } from "as-bytes";
import {
  Hash,
  MAX_DIGEST_BYTES,
  computeDigest,
  digestBytes,
  verifyEcdsa,
  verifyEd25519,
  verifyHmac,
  verifyP256Sha256,
  verifyRsaPkcs1,
  verifyRsaPss,
} from "as-crypto";
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
  /** The client that the token was issued to: `azp` (OpenID Connect Core §2), else `client_id` (RFC 9068 §2.2), or ABSENT. */
  client: Bytes;

  /** Sets the claims, and those of them that stand here by name. */
  setClaims(claims: JsonValue): void {
    this.claims = claims;
    this.issuer = stringClaim(claims, "iss");
    this.subject = stringClaim(claims, "sub");
    const authorizedParty = stringClaim(claims, "azp");
    this.client = isPresent(authorizedParty) ? authorizedParty : stringClaim(claims, "client_id");
  }
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
  verified.setClaims(token.claims);
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
    if (fitting == 0 && needsDigest(token))
      computeDigest(hashOf(token.algorithm), token.signingInput, digest);
    fitting += 1;
    token.keysTried += 1;
    if (holds(key, token, digest)) return JwtReason.NONE;
  }
  return fitting == 0 ? JwtReason.KEY_UNKNOWN : JwtReason.SIGNATURE_INVALID;
}

/** The key fits the algorithm; a key of another type holds nothing all the same. */
function holds(key: Key, token: UnverifiedToken, digest: usize): bool {
  const hash = hashOf(token.algorithm);
  const rsa = key.rsa;
  const ed25519 = key.ed25519;
  switch (schemeOf(token.algorithm)) {
    case Scheme.RSA_PKCS1:
      return rsa !== null && verifyRsaPkcs1(rsa, hash, digest, token.signature);
    case Scheme.RSA_PSS:
      return rsa !== null && verifyRsaPss(rsa, hash, digest, token.signature);
    case Scheme.ECDSA:
      return holdsEcdsa(key, hash, digest, token.signature);
    case Scheme.EDDSA:
      return ed25519 !== null && verifyEd25519(ed25519, token.signingInput, token.signature);
    case Scheme.HMAC: {
      const hmac = hash == Hash.SHA256 ? key.hmac256 : hash == Hash.SHA384 ? key.hmac384 : key.hmac512;
      return hmac !== null && verifyHmac(hmac, token.signingInput, token.signature);
    }
    default:
      return false;
  }
}

function holdsEcdsa(key: Key, hash: Hash, digest: usize, signature: Bytes): bool {
  const p256 = key.p256;
  if (p256 !== null) return verifyP256Sha256(p256, digest, signature);
  const ec = key.ec;
  return ec !== null && verifyEcdsa(ec, digest, digestBytes(hash), signature);
}

/** EdDSA and HMAC hash what is signed by themselves. */
function needsDigest(token: UnverifiedToken): bool {
  const scheme = schemeOf(token.algorithm);
  return scheme != Scheme.EDDSA && scheme != Scheme.HMAC;
}
