/** The arithmetic under the curves for tests: its bounds are the package's own business, and its main risk. */
import { Arena } from "as-bytes";
import { invertLeft, setPair, toCoordinate } from "as-crypto/assembly/pair-convert";
import {
  Field,
  P384_FIELD,
  P521_FIELD,
  multiply as multiplyPair,
  normalize,
} from "as-crypto/assembly/pair-field";
import {
  addMultiple,
  canonical,
  copySigned,
  elementFromOctets,
  invert,
  multiply,
  square,
  subtract,
} from "as-crypto/assembly/p256-field";
import {
  addMultiple as addMultipleOfP256Pair,
  invert as invertP256Pair,
  multiply as multiplyP256Pair,
  setFromCoordinates as setP256Pair,
  toCoordinate as p256ToCoordinate,
  toElements as p256ToElements,
} from "as-crypto/assembly/p256-pair-field";
import { addTerm, clearTerms, sumTerms } from "as-crypto/assembly/p256-sum";
import {
  invertLeft as edwardsInvertLeft,
  isBelowPrime as edwardsIsBelowPrime,
  isZeroElement as edwardsIsZero,
  multiply as edwardsMultiply,
  normalize as edwardsNormalize,
  setFromOctets as edwardsSetFromOctets,
  setPair as edwardsSetPair,
  sumAndNormalDifference as edwardsSumAndNormalDifference,
  toCoordinate as edwardsToCoordinate,
  toOctets as edwardsToOctets,
} from "as-crypto/assembly/edwards-field";
import {
  P256_ORDER,
  invertScalar as invert256,
  multiplyScalars as multiply256,
} from "as-crypto/assembly/scalars";

export { addMultiple, canonical, copySigned, elementFromOctets, invert, multiply, square, subtract };
export { addTerm, clearTerms, p256ToCoordinate, p256ToElements, setP256Pair as p256PairSet };
export {
  edwardsInvertLeft,
  edwardsIsBelowPrime,
  edwardsIsZero,
  edwardsMultiply,
  edwardsNormalize,
  edwardsSetFromOctets,
  edwardsSetPair,
  edwardsSumAndNormalDifference,
  edwardsToCoordinate,
  edwardsToOctets,
};

export function invertScalar(out: usize, a: usize): void {
  invert256(out, a, P256_ORDER);
}

export function multiplyScalars(out: usize, a: usize, b: usize): void {
  multiply256(out, a, b, P256_ORDER);
}

/** P-384, P-521. */
function fieldOf(index: u32): Field {
  return index == 0 ? P384_FIELD : P521_FIELD;
}

export function pairMultiply(out: usize, a: usize, b: usize, field: u32): void {
  multiplyPair(out, a, b, fieldOf(field));
}

export function pairNormalize(out: usize, a: usize, field: u32): void {
  normalize(out, a, fieldOf(field));
}

export function pairInvertLeft(out: usize, a: usize, field: u32): void {
  invertLeft(out, a, fieldOf(field));
}

export function pairToCoordinate(address: usize, a: usize, field: u32): void {
  toCoordinate(address, a, fieldOf(field));
}

export function pairSet(
  out: usize,
  left: usize,
  right: usize,
  negateLeft: bool,
  negateRight: bool,
  field: u32,
): void {
  setPair(out, left, right, negateLeft, negateRight, fieldOf(field));
}

// Pairs of P-256 are for builds with relaxed SIMD alone.

export function p256PairMultiply(out: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) multiplyP256Pair(out, a, b);
}

export function p256PairAddMultiple(out: usize, a: usize, b: usize, factor: f64): void {
  if (ASC_FEATURE_RELAXED_SIMD) addMultipleOfP256Pair(out, a, b, factor);
}

export function p256PairInvert(out: usize, a: usize): bool {
  return ASC_FEATURE_RELAXED_SIMD ? invertP256Pair(out, a) : false;
}

export function sumPairsOfTerms(out: usize): bool {
  return ASC_FEATURE_RELAXED_SIMD ? sumTerms<f64>(out) : false;
}

const arena = Arena.create();

export function take(size: u32): usize {
  return arena.allocate(size);
}
