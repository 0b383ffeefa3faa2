import { Bytes, equalsText } from "as-bytes";
import { Hash } from "as-crypto";

/** The closed table of JWS algorithms (RFC 7518 §3.1). UNKNOWN is every other name, `none` in any spelling too. */
export enum Algorithm {
  UNKNOWN,
  RS256,
  RS384,
  RS512,
  PS256,
  PS384,
  PS512,
  ES256,
}

/** How a signature is checked; the algorithm's hash comes in addition. */
export enum Scheme {
  NONE,
  /** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) */
  RSA_PKCS1,
  /** RSASSA-PSS (RFC 8017 §8.1) */
  RSA_PSS,
  /** ECDSA on P-256 (FIPS 186-5 §6) */
  ECDSA_P256,
}

const NAMES: StaticArray<string> = ["", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256"];

const SCHEMES: StaticArray<Scheme> = [
  Scheme.NONE,
  Scheme.RSA_PKCS1,
  Scheme.RSA_PKCS1,
  Scheme.RSA_PKCS1,
  Scheme.RSA_PSS,
  Scheme.RSA_PSS,
  Scheme.RSA_PSS,
  Scheme.ECDSA_P256,
];

const HASHES: StaticArray<Hash> = [
  Hash.SHA256,
  Hash.SHA256,
  Hash.SHA384,
  Hash.SHA512,
  Hash.SHA256,
  Hash.SHA384,
  Hash.SHA512,
  Hash.SHA256,
];

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

/** What a key on P-256 can be used with. */
export const P256_ALGORITHMS: AlgorithmSet = 1 << Algorithm.ES256;

/** What a rule allows that names none: every asymmetric algorithm of the table. */
export const ASYMMETRIC_ALGORITHMS: AlgorithmSet = RSA_ALGORITHMS | P256_ALGORITHMS;

/** Byte for byte: `rs256`, ` RS256` and `RS256\0` are unknown. */
export function algorithmNamed(name: Bytes): Algorithm {
  for (let index = 1; index < NAMES.length; index++) {
    if (equalsText(name, unchecked(NAMES[index]))) return index;
  }
  return Algorithm.UNKNOWN;
}

export function schemeOf(algorithm: Algorithm): Scheme {
  return unchecked(SCHEMES[algorithm]);
}

/** Not for UNKNOWN. */
export function hashOf(algorithm: Algorithm): Hash {
  return unchecked(HASHES[algorithm]);
}

export function setOf(algorithm: Algorithm): AlgorithmSet {
  return algorithm == Algorithm.UNKNOWN ? NO_ALGORITHMS : 1 << algorithm;
}

export function includes(algorithms: AlgorithmSet, algorithm: Algorithm): bool {
  return (algorithms & setOf(algorithm)) != 0;
}
