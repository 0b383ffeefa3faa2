import {
  ABSENT,
  Arena,
  Bytes,
  JsonError,
  JsonValue,
  addressOf,
  base64UrlDecodedLength,
  bytesAt,
  decodeBase64Url,
  indexOfByte,
  isPresent,
  lengthOf,
  parseJson,
  part,
} from "as-bytes";
import { Algorithm, algorithmNamed } from "./algorithms";
import { JwtReason } from "./reason";

const MAX_DEPTH: u32 = 32;
const MAX_MEMBERS: u32 = 512;

const DOT: u8 = 0x2e;

/**
 * A token that is well formed and nothing more: no member of it may be believed. `reason` is NONE
 * where it could be read; only `verify` makes a `VerifiedToken` of it.
 */
@unmanaged
export class UnverifiedToken {
  reason: JwtReason;
  algorithm: Algorithm;
  /** `kid`, or ABSENT. */
  keyId: Bytes;
  /** `typ`, or ABSENT. */
  type: Bytes;
  /** Header and payload as sent, with the dot between them: what is signed. */
  signingInput: Bytes;
  signature: Bytes;
  claims: JsonValue;
  /** `iss` as the token says it, to pick the rule by; ABSENT where there is none. */
  claimedIssuer: Bytes;
  /** Keys that its signature was checked with, over all rules. */
  keysTried: u32;
}

/** Reads a JWS in compact serialization (RFC 7515 §7.1) whose payload is a claims set (RFC 7519 §7.2, steps 1 to 10). */
export function parseToken(text: Bytes, maxBytes: u32, arena: Arena): UnverifiedToken {
  const token = changetype<UnverifiedToken>(arena.allocate(offsetof<UnverifiedToken>()));
  token.reason = read(token, text, maxBytes, arena);
  return token;
}

function read(token: UnverifiedToken, text: Bytes, maxBytes: u32, arena: Arena): JwtReason {
  if (lengthOf(text) > maxBytes) return JwtReason.TOO_LARGE;
  const firstDot = indexOfByte(text, DOT);
  if (firstDot < 0) return JwtReason.MALFORMED;
  const secondDot = indexOfByte(text, DOT, <u32>firstDot + 1);
  if (secondDot < 0 || indexOfByte(text, DOT, <u32>secondDot + 1) >= 0) return JwtReason.MALFORMED;

  const header = decodeObject(part(text, 0, firstDot), arena);
  if (header === null || !readHeader(token, header)) return JwtReason.MALFORMED;
  const claims = decodeObject(part(text, firstDot + 1, secondDot), arena);
  if (claims === null) return JwtReason.MALFORMED;
  token.claims = claims;
  token.signature = decode(part(text, secondDot + 1, lengthOf(text)), arena);
  if (!isPresent(token.signature)) return JwtReason.MALFORMED;
  token.signingInput = bytesAt(addressOf(text), <u32>secondDot);

  const issuer = claims.memberNamed("iss");
  if (issuer !== null) {
    if (!issuer.isString()) return JwtReason.MALFORMED;
    token.claimedIssuer = issuer.string();
  }
  return JwtReason.NONE;
}

/** `crit` and `b64` change what is signed or how, and we understand neither (RFC 7515 §4.1.11, RFC 7797). */
function readHeader(token: UnverifiedToken, header: JsonValue): bool {
  if (header.memberNamed("crit") !== null || header.memberNamed("b64") !== null) return false;
  const algorithm = header.memberNamed("alg");
  if (algorithm === null || !algorithm.isString()) return false;
  token.algorithm = algorithmNamed(algorithm.string());
  const keyId = header.memberNamed("kid");
  if (keyId !== null) {
    if (!keyId.isString()) return false;
    token.keyId = keyId.string();
  }
  const type = header.memberNamed("typ");
  if (type !== null) {
    if (!type.isString()) return false;
    token.type = type.string();
  }
  return true;
}

function decodeObject(text: Bytes, arena: Arena): JsonValue | null {
  const bytes = decode(text, arena);
  if (!isPresent(bytes)) return null;
  const json = parseJson(bytes, arena, MAX_DEPTH, MAX_MEMBERS);
  return json.error == JsonError.NONE && json.root.isObject() ? json.root : null;
}

/** ABSENT for an ill-formed part and for an empty one: no part of a signed token is empty. */
function decode(text: Bytes, arena: Arena): Bytes {
  if (lengthOf(text) == 0) return ABSENT;
  return decodeBase64Url(text, arena.take(base64UrlDecodedLength(lengthOf(text)) + 1));
}
