import {
  ABSENT,
  Arena,
  Bytes,
  JsonValue,
  base64UrlDecodedLength,
  copyBytes,
  decodeBase64Url,
  equalsText,
  lengthOf,
} from "as-bytes";
import {
  Curve,
  EcPublicKey,
  Ed25519PublicKey,
  Hash,
  HmacKey,
  P256PublicKey,
  RsaPublicKey,
  ecPublicKey,
  ed25519PublicKey,
  hmacKey,
  p256PublicKey,
  rsaPublicKey,
} from "as-crypto";
import {
  Algorithm,
  AlgorithmSet,
  ED25519_ALGORITHMS,
  HMAC_ALGORITHMS,
  NO_ALGORITHMS,
  P256_ALGORITHMS,
  P384_ALGORITHMS,
  P521_ALGORITHMS,
  RSA_ALGORITHMS,
  algorithmNamed,
  setOf,
} from "./algorithms";

/** What became of one JWK. */
export enum JwkOutcome {
  USABLE,
  /** A well-formed key that is for something else: another use, operation, type, curve or algorithm. */
  NOT_FOR_US,
  /** A broken key of a kind that we would use, or one that gives its private part away. */
  INVALID,
}

/** A key, bound to the algorithms that its type, curve, length and `alg` allow (RFC 8725 §3.1). */
@unmanaged
export class Key {
  /** ABSENT where the JWK has none. */
  id: Bytes;
  algorithms: AlgorithmSet;
  rsa: RsaPublicKey | null;
  p256: P256PublicKey | null;
  /** On P-384 or P-521. */
  ec: EcPublicKey | null;
  ed25519: Ed25519PublicKey | null;
  hmac256: HmacKey | null;
  hmac384: HmacKey | null;
  hmac512: HmacKey | null;
  outcome: JwkOutcome;
}

/**
 * Reads one JWK (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2); keys and numbers live in `arena`. Symmetric
 * keys are taken only where `allowSecrets`, so that no published set ever verifies an HMAC.
 */
export function parseJwk(jwk: JsonValue, allowSecrets: bool, arena: Arena): Key {
  const key = changetype<Key>(arena.allocate(offsetof<Key>()));
  key.outcome = readKey(key, jwk, allowSecrets, arena);
  return key;
}

function readKey(key: Key, jwk: JsonValue, allowSecrets: bool, arena: Arena): JwkOutcome {
  const type = stringMember(jwk, "kty");
  if (type == ABSENT) return JwkOutcome.INVALID;
  const id = jwk.memberNamed("kid");
  if (id !== null) {
    if (!id.isString()) return JwkOutcome.INVALID;
    key.id = copyBytes(id.string(), arena);
  }
  if (!isForVerification(jwk)) return JwkOutcome.NOT_FOR_US;
  if (equalsText(type, "RSA")) return readRsa(key, jwk, arena);
  if (equalsText(type, "EC")) return readEc(key, jwk, arena);
  if (equalsText(type, "OKP")) return readOkp(key, jwk, arena);
  if (equalsText(type, "oct") && allowSecrets) return readOct(key, jwk, arena);
  return JwkOutcome.NOT_FOR_US;
}

/** `use` and `key_ops` bind where they stand (RFC 7517 §4.2, §4.3). */
function isForVerification(jwk: JsonValue): bool {
  const use = jwk.memberNamed("use");
  if (use !== null && !(use.isString() && equalsText(use.string(), "sig"))) return false;
  const operations = jwk.memberNamed("key_ops");
  if (operations === null) return true;
  if (!operations.isArray()) return false;
  let operation = operations.first();
  for (let left = operations.count(); left > 0; left--) {
    if (operation.isString() && equalsText(operation.string(), "verify")) return true;
    operation = operation.next();
  }
  return false;
}

/** The algorithms that `kind` allows, narrowed to the JWK's own `alg`. */
function allowedAlgorithms(jwk: JsonValue, kind: AlgorithmSet): AlgorithmSet {
  const algorithm = jwk.memberNamed("alg");
  if (algorithm === null) return kind;
  return algorithm.isString() ? kind & setOf(algorithmNamed(algorithm.string())) : NO_ALGORITHMS;
}

function readRsa(key: Key, jwk: JsonValue, arena: Arena): JwkOutcome {
  key.algorithms = allowedAlgorithms(jwk, RSA_ALGORITHMS);
  if (key.algorithms == NO_ALGORITHMS) return JwkOutcome.NOT_FOR_US;
  const modulus = binaryMember(jwk, "n", arena);
  const exponent = binaryMember(jwk, "e", arena);
  if (modulus == ABSENT || exponent == ABSENT || jwk.memberNamed("d") !== null) return JwkOutcome.INVALID;
  key.rsa = rsaPublicKey(arena, modulus, exponent);
  return key.rsa === null ? JwkOutcome.INVALID : JwkOutcome.USABLE;
}

function readEc(key: Key, jwk: JsonValue, arena: Arena): JwkOutcome {
  const curve = stringMember(jwk, "crv");
  if (curve == ABSENT) return JwkOutcome.INVALID;
  const kind = algorithmsOnCurve(curve);
  key.algorithms = allowedAlgorithms(jwk, kind);
  if (key.algorithms == NO_ALGORITHMS) return JwkOutcome.NOT_FOR_US;
  const x = binaryMember(jwk, "x", arena);
  const y = binaryMember(jwk, "y", arena);
  if (x == ABSENT || y == ABSENT || jwk.memberNamed("d") !== null) return JwkOutcome.INVALID;
  if (kind == P256_ALGORITHMS) {
    key.p256 = p256PublicKey(arena, x, y);
    return key.p256 === null ? JwkOutcome.INVALID : JwkOutcome.USABLE;
  }
  key.ec = ecPublicKey(arena, kind == P384_ALGORITHMS ? Curve.P384 : Curve.P521, x, y);
  return key.ec === null ? JwkOutcome.INVALID : JwkOutcome.USABLE;
}

function algorithmsOnCurve(curve: Bytes): AlgorithmSet {
  if (equalsText(curve, "P-256")) return P256_ALGORITHMS;
  if (equalsText(curve, "P-384")) return P384_ALGORITHMS;
  return equalsText(curve, "P-521") ? P521_ALGORITHMS : NO_ALGORITHMS;
}

function readOkp(key: Key, jwk: JsonValue, arena: Arena): JwkOutcome {
  const curve = stringMember(jwk, "crv");
  if (curve == ABSENT) return JwkOutcome.INVALID;
  if (!equalsText(curve, "Ed25519")) return JwkOutcome.NOT_FOR_US;
  key.algorithms = allowedAlgorithms(jwk, ED25519_ALGORITHMS);
  if (key.algorithms == NO_ALGORITHMS) return JwkOutcome.NOT_FOR_US;
  const x = binaryMember(jwk, "x", arena);
  if (x == ABSENT || jwk.memberNamed("d") !== null) return JwkOutcome.INVALID;
  key.ed25519 = ed25519PublicKey(arena, x);
  return key.ed25519 === null ? JwkOutcome.INVALID : JwkOutcome.USABLE;
}

/** A secret serves the hashes that it is long enough for (RFC 7518 §3.2). */
function readOct(key: Key, jwk: JsonValue, arena: Arena): JwkOutcome {
  let algorithms = allowedAlgorithms(jwk, HMAC_ALGORITHMS);
  if (algorithms == NO_ALGORITHMS) return JwkOutcome.NOT_FOR_US;
  const secret = binaryMember(jwk, "k", arena);
  if (secret == ABSENT) return JwkOutcome.INVALID;
  key.hmac256 = hmacKey(arena, Hash.SHA256, secret);
  key.hmac384 = hmacKey(arena, Hash.SHA384, secret);
  key.hmac512 = hmacKey(arena, Hash.SHA512, secret);
  if (key.hmac256 === null) algorithms &= ~setOf(Algorithm.HS256);
  if (key.hmac384 === null) algorithms &= ~setOf(Algorithm.HS384);
  if (key.hmac512 === null) algorithms &= ~setOf(Algorithm.HS512);
  key.algorithms = algorithms;
  return algorithms == NO_ALGORITHMS ? JwkOutcome.INVALID : JwkOutcome.USABLE;
}

function stringMember(jwk: JsonValue, name: string): Bytes {
  const value = jwk.memberNamed(name);
  return value !== null && value.isString() ? value.string() : ABSENT;
}

/** A base64url member decoded; ABSENT where missing, empty or ill-formed. */
function binaryMember(jwk: JsonValue, name: string, arena: Arena): Bytes {
  const text = stringMember(jwk, name);
  if (lengthOf(text) == 0) return ABSENT;
  return decodeBase64Url(text, arena.take(base64UrlDecodedLength(lengthOf(text))));
}
