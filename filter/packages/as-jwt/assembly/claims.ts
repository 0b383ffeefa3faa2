import {
  ABSENT,
  Bytes,
  JsonValue,
  List,
  addressOf,
  equal,
  equalIgnoreCase,
  isPresent,
  lengthOf,
  lowerCase,
  part,
  startsWithText,
} from "as-bytes";
import { UnverifiedToken } from "./jws";
import { JwtReason } from "./reason";

const APPLICATION = "application/";

/** What a rule asks of a token's claims and header. */
@unmanaged
export class Expectations {
  issuer: Bytes;
  /** Any one of them must be in `aud`; an empty list asks for none. */
  audiences: List<Bytes>;
  /** `typ`, compared as a media type; ABSENT: any. */
  type: Bytes;
  clockSkewSeconds: f64;
  /** Age since `iat` at most; 0: any. */
  maxAgeSeconds: f64;
  /** From `iat` to `exp` at most; 0: any. */
  maxLifetimeSeconds: f64;
  requireExpiry: bool;
  /** Compare audiences as Envoy does: without `http://` or `https://` and one slash at the end, on both sides. */
  looseAudiences: bool;
}

/** The registered claims (RFC 7519 §4.1) against `expected`, at `now` in seconds since the epoch. */
export function checkClaims(token: UnverifiedToken, expected: Expectations, now: f64): JwtReason {
  const claims = token.claims;
  if (!isPresent(token.claimedIssuer) || !equal(token.claimedIssuer, expected.issuer))
    return JwtReason.ISSUER_MISMATCH;
  if (isPresent(expected.type) && !sameMediaType(token.type, expected.type)) return JwtReason.TYPE_MISMATCH;
  if (!isText(claims.memberNamed("sub")) || !isText(claims.memberNamed("jti"))) return JwtReason.MALFORMED;
  const time = checkTimes(claims, expected, now);
  return time == JwtReason.NONE ? checkAudience(claims, expected) : time;
}

/** Absent, or a string (RFC 7519 §4.1.2 and §4.1.7). */
function isText(claim: JsonValue | null): bool {
  return claim === null || claim.isString();
}

/** `typ` may leave out `application/` and is case-insensitive (RFC 7515 §4.1.9). */
function sameMediaType(actual: Bytes, expected: Bytes): bool {
  return isPresent(actual) && equalIgnoreCase(afterApplication(actual), afterApplication(expected));
}

function afterApplication(type: Bytes): Bytes {
  const length = <u32>APPLICATION.length;
  if (lengthOf(type) < length) return type;
  const start = addressOf(type);
  for (let index: u32 = 0; index < length; index++) {
    if (lowerCase(load<u8>(start + index)) != <u32>APPLICATION.charCodeAt(index)) return type;
  }
  return part(type, length, lengthOf(type));
}

function checkTimes(claims: JsonValue, expected: Expectations, now: f64): JwtReason {
  const skew = expected.clockSkewSeconds;
  const expiry = claims.memberNamed("exp");
  const notBefore = claims.memberNamed("nbf");
  const issuedAt = claims.memberNamed("iat");
  if (!isTime(expiry) || !isTime(notBefore) || !isTime(issuedAt)) return JwtReason.MALFORMED;
  if (expiry === null && expected.requireExpiry) return JwtReason.EXPIRY_MISSING;
  if (expiry !== null && now > expiry.number() + skew) return JwtReason.EXPIRED;
  if (notBefore !== null && now < notBefore.number() - skew) return JwtReason.NOT_YET_VALID;
  if (issuedAt !== null && now < issuedAt.number() - skew) return JwtReason.NOT_YET_VALID;
  if (expected.maxAgeSeconds > 0) {
    if (issuedAt === null || now > issuedAt.number() + expected.maxAgeSeconds + skew)
      return JwtReason.TOO_OLD;
  }
  if (expected.maxLifetimeSeconds > 0) {
    if (issuedAt === null || expiry === null) return JwtReason.TOO_OLD;
    if (expiry.number() - issuedAt.number() > expected.maxLifetimeSeconds) return JwtReason.TOO_OLD;
  }
  return JwtReason.NONE;
}

/** Absent, or a number within binary64's range (RFC 7519 §2, NumericDate). */
function isTime(claim: JsonValue | null): bool {
  return claim === null || (claim.isNumber() && isFinite<f64>(claim.number()));
}

/** `aud` is one string or a list of strings (RFC 7519 §4.1.3), each compared byte for byte. */
function checkAudience(claims: JsonValue, expected: Expectations): JwtReason {
  const accepted = expected.audiences;
  const audience = claims.memberNamed("aud");
  if (audience === null) return accepted.length == 0 ? JwtReason.NONE : JwtReason.AUDIENCE_MISMATCH;
  if (audience.isString()) {
    return accepted.length == 0 || isAccepted(audience.string(), expected)
      ? JwtReason.NONE
      : JwtReason.AUDIENCE_MISMATCH;
  }
  if (!audience.isArray()) return JwtReason.MALFORMED;
  let found = accepted.length == 0;
  let entry = audience.first();
  for (let left = audience.count(); left > 0; left--) {
    if (!entry.isString()) return JwtReason.MALFORMED;
    if (isAccepted(entry.string(), expected)) found = true;
    entry = entry.next();
  }
  return found ? JwtReason.NONE : JwtReason.AUDIENCE_MISMATCH;
}

function isAccepted(audience: Bytes, expected: Expectations): bool {
  const accepted = expected.audiences;
  for (let index: u32 = 0; index < accepted.length; index++) {
    const candidate = accepted.at(index);
    if (equal(audience, candidate)) return true;
    if (expected.looseAudiences && equal(withoutScheme(audience), withoutScheme(candidate))) return true;
  }
  return false;
}

/** What Envoy compares of an audience. */
function withoutScheme(audience: Bytes): Bytes {
  let start: u32 = 0;
  if (startsWithText(audience, "https://")) start = 8;
  else if (startsWithText(audience, "http://")) start = 7;
  let end = lengthOf(audience);
  if (end > start && load<u8>(addressOf(audience) + end - 1) == 0x2f) end -= 1;
  return part(audience, start, end);
}

/** The first second at which the times of checked claims hold: later than all of `nbf` and `iat`, less the skew. */
export function validFrom(claims: JsonValue, expected: Expectations): f64 {
  const start = Math.max(timeOf(claims, "nbf", -Infinity), timeOf(claims, "iat", -Infinity));
  return start - expected.clockSkewSeconds;
}

/** The last second at which they do. */
export function validUntil(claims: JsonValue, expected: Expectations): f64 {
  const issuedAt = timeOf(claims, "iat", Infinity);
  const aged = expected.maxAgeSeconds > 0 ? issuedAt + expected.maxAgeSeconds : Infinity;
  return Math.min(timeOf(claims, "exp", Infinity), aged) + expected.clockSkewSeconds;
}

function timeOf(claims: JsonValue, name: string, otherwise: f64): f64 {
  const claim = claims.memberNamed(name);
  return claim === null ? otherwise : claim.number();
}

/** A string claim of the top level, or ABSENT. */
export function stringClaim(claims: JsonValue, name: string): Bytes {
  const claim = claims.memberNamed(name);
  return claim !== null && claim.isString() ? claim.string() : ABSENT;
}
