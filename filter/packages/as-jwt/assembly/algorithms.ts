import { Bytes, equalsText } from "as-bytes";

/** The closed table of JWS algorithms (RFC 7518 §3.1). UNKNOWN is every other name, `none` in any spelling too. */
export enum Algorithm {
  UNKNOWN = 0,
  RS256 = 1,
  ES256 = 2,
}

/** A set of algorithms, one bit each. */
export type AlgorithmSet = u32;

export const NO_ALGORITHMS: AlgorithmSet = 0;

/** What a rule allows that names none: every asymmetric algorithm of the table. */
export const ASYMMETRIC_ALGORITHMS: AlgorithmSet = (1 << Algorithm.RS256) | (1 << Algorithm.ES256);

/** What an RSA key can be used with. */
export const RSA_ALGORITHMS: AlgorithmSet = 1 << Algorithm.RS256;

/** What a key on P-256 can be used with. */
export const P256_ALGORITHMS: AlgorithmSet = 1 << Algorithm.ES256;

/** Byte for byte: `rs256`, ` RS256` and `RS256\0` are unknown. */
export function algorithmNamed(name: Bytes): Algorithm {
  if (equalsText(name, "RS256")) return Algorithm.RS256;
  if (equalsText(name, "ES256")) return Algorithm.ES256;
  return Algorithm.UNKNOWN;
}

export function setOf(algorithm: Algorithm): AlgorithmSet {
  return algorithm == Algorithm.UNKNOWN ? NO_ALGORITHMS : 1 << algorithm;
}

export function includes(algorithms: AlgorithmSet, algorithm: Algorithm): bool {
  return (algorithms & setOf(algorithm)) != 0;
}
