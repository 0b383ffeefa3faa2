import { Bytes, indexOfWord } from "as-bytes";
import { Hash } from "as-crypto";

/**
 * The closed table of JWS algorithms (RFC 7518 §3.1, RFC 8037 §3.1). UNKNOWN is every other name, `none`
 * in any spelling too.
 */
export enum Algorithm {
  UNKNOWN,
  RS256,
  RS384,
  RS512,
  PS256,
  PS384,
  PS512,
  ES256,
  ES384,
  ES512,
  EdDSA,
  HS256,
  HS384,
  HS512,
}

/** How a signature is checked; the algorithm's hash comes in addition. */
export enum Scheme {
  NONE,
  /** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) */
  RSA_PKCS1,
  /** RSASSA-PSS (RFC 8017 §8.1) */
  RSA_PSS,
  /** ECDSA (FIPS 186-5 §6); each algorithm has a curve of its own */
  ECDSA,
  /** Ed25519 (RFC 8032 §5.1), which hashes by itself */
  EDDSA,
  /** HMAC (RFC 2104) */
  HMAC,
}

/** One row of the table. */
@unmanaged
class Row {
  scheme: Scheme;
  hash: Hash;
}

const NAMES = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA HS256 HS384 HS512";

const ROWS: usize = memory.data<u32>([
  Scheme.NONE,
  Hash.SHA256,
  Scheme.RSA_PKCS1,
  Hash.SHA256,
  Scheme.RSA_PKCS1,
  Hash.SHA384,
  Scheme.RSA_PKCS1,
  Hash.SHA512,
  Scheme.RSA_PSS,
  Hash.SHA256,
  Scheme.RSA_PSS,
  Hash.SHA384,
  Scheme.RSA_PSS,
  Hash.SHA512,
  Scheme.ECDSA,
  Hash.SHA256,
  Scheme.ECDSA,
  Hash.SHA384,
  Scheme.ECDSA,
  Hash.SHA512,
  Scheme.EDDSA,
  Hash.SHA512,
  Scheme.HMAC,
  Hash.SHA256,
  Scheme.HMAC,
  Hash.SHA384,
  Scheme.HMAC,
  Hash.SHA512,
]);

/** A set of algorithms, one bit each. */
export type AlgorithmSet = u32;

export const NO_ALGORITHMS: AlgorithmSet = 0;

/** What an RSA key can be used with. */
export const RSA_ALGORITHMS: AlgorithmSet =
  (1 << Algorithm.RS256) |
  (1 << Algorithm.RS384) |
  (1 << Algorithm.RS512) |
  (1 << Algorithm.PS256) |
  (1 << Algorithm.PS384) |
  (1 << Algorithm.PS512);

/** What a key on each curve can be used with. */
export const P256_ALGORITHMS: AlgorithmSet = 1 << Algorithm.ES256;
export const P384_ALGORITHMS: AlgorithmSet = 1 << Algorithm.ES384;
export const P521_ALGORITHMS: AlgorithmSet = 1 << Algorithm.ES512;
export const ED25519_ALGORITHMS: AlgorithmSet = 1 << Algorithm.EdDSA;

/** What a symmetric key can be used with; the key must be as long as the hash. */
export const HMAC_ALGORITHMS: AlgorithmSet =
  (1 << Algorithm.HS256) | (1 << Algorithm.HS384) | (1 << Algorithm.HS512);

/** What a rule allows that names none: every asymmetric algorithm of the table. */
export const ASYMMETRIC_ALGORITHMS: AlgorithmSet =
  RSA_ALGORITHMS | P256_ALGORITHMS | P384_ALGORITHMS | P521_ALGORITHMS | ED25519_ALGORITHMS;

/** Byte for byte: `rs256`, ` RS256` and `RS256\0` are unknown. */
export function algorithmNamed(name: Bytes): Algorithm {
  return indexOfWord(name, NAMES) + 1;
}

export function schemeOf(algorithm: Algorithm): Scheme {
  return rowOf(algorithm).scheme;
}

/** Not for UNKNOWN. */
export function hashOf(algorithm: Algorithm): Hash {
  return rowOf(algorithm).hash;
}

function rowOf(algorithm: Algorithm): Row {
  return changetype<Row>(ROWS + <usize>algorithm * offsetof<Row>());
}

export function setOf(algorithm: Algorithm): AlgorithmSet {
  return algorithm == Algorithm.UNKNOWN ? NO_ALGORITHMS : 1 << algorithm;
}

export function includes(algorithms: AlgorithmSet, algorithm: Algorithm): bool {
  return (algorithms & setOf(algorithm)) != 0;
}
