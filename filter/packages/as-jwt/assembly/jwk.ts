import {
  ABSENT,
  Arena,
  Bytes,
  JsonValue,
  base64UrlDecodedLength,
  decodeBase64Url,
  equalsText,
  lengthOf,
} from "as-bytes";
import { P256PublicKey, RsaPublicKey, p256PublicKey, rsaPublicKey } from "as-crypto";
import {
  AlgorithmSet,
  NO_ALGORITHMS,
  P256_ALGORITHMS,
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

/** A public key, bound to the algorithms that its type, curve and `alg` allow (RFC 8725 §3.1). */
@unmanaged
export class Key {
  /** ABSENT where the JWK has none. */
  id: Bytes;
  algorithms: AlgorithmSet;
  rsa: RsaPublicKey | null;
  p256: P256PublicKey | null;
  outcome: JwkOutcome;
}

/** Reads one JWK (RFC 7517 §4, RFC 7518 §6.2 and §6.3); keys and numbers live in `arena`. */
export function parseJwk(jwk: JsonValue, arena: Arena): Key {
  const key = changetype<Key>(arena.allocate(offsetof<Key>()));
  key.outcome = readKey(key, jwk, arena);
  return key;
}

function readKey(key: Key, jwk: JsonValue, arena: Arena): JwkOutcome {
  const type = stringMember(jwk, "kty");
  if (type == ABSENT) return JwkOutcome.INVALID;
  const id = jwk.memberNamed("kid");
  if (id !== null) {
    if (!id.isString()) return JwkOutcome.INVALID;
    key.id = id.string();
  }
  if (!isForVerification(jwk)) return JwkOutcome.NOT_FOR_US;
  if (equalsText(type, "RSA")) return readRsa(key, jwk, arena);
  if (equalsText(type, "EC")) return readEc(key, jwk, arena);
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
  if (!equalsText(curve, "P-256")) return JwkOutcome.NOT_FOR_US;
  key.algorithms = allowedAlgorithms(jwk, P256_ALGORITHMS);
  if (key.algorithms == NO_ALGORITHMS) return JwkOutcome.NOT_FOR_US;
  const x = binaryMember(jwk, "x", arena);
  const y = binaryMember(jwk, "y", arena);
  if (x == ABSENT || y == ABSENT || jwk.memberNamed("d") !== null) return JwkOutcome.INVALID;
  key.p256 = p256PublicKey(arena, x, y);
  return key.p256 === null ? JwkOutcome.INVALID : JwkOutcome.USABLE;
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
