/**
 * k1·P1 + k2·P2 on P-256, as a sum of affine points that tables give.
 *
 * They wait as *terms*, their addresses with a sign each: first those of P1, then as many of P2. Limbs of i32
 * add them up one after the other; limbs of f64 have those of P1 in one lane and those of P2 in the other
 * (`p256-element.ts`). In what follows, an *index* is that of a term, or of a pair of them.
 */
import {
  MAX_ELEMENT_BYTES,
  addMultiple,
  elementBytes,
  invert,
  multiply,
  square,
  subtract,
} from "./p256-element";
import { JACOBIAN_BYTES, Y, Z, addPoints, doublePoint, isInfinity } from "./p256-curve";
import { copyElement, copySigned } from "./p256-field";
import { setFromCoordinates, toElements } from "./p256-pair-field";
import { addAffine, affineBytes, pointY, pointZ, setAffine } from "./p256-point";

/** The most terms of one point: for each of 37 windows, and the top one. */
const MAX_TERMS: u32 = 38;

/** Address and sign (1 where negated) of each term. */
const terms = memory.data((2 * MAX_TERMS) << 3, 16);
let count: u32 = 0;

/** The affine points to be added: of either kind, in this many bytes at most. */
const points = memory.data(2 * MAX_TERMS * MAX_ELEMENT_BYTES, 16);

/** x2 − x1 of each two points, and their products up to each. */
const differences = memory.data(MAX_TERMS * MAX_ELEMENT_BYTES, 16);
const products = memory.data(MAX_TERMS * MAX_ELEMENT_BYTES, 16);

const sum = memory.data(3 * MAX_ELEMENT_BYTES, 16);
const point = memory.data(2 * MAX_ELEMENT_BYTES, 16);
const inverse = memory.data(MAX_ELEMENT_BYTES, 16);
const slope = memory.data(MAX_ELEMENT_BYTES, 16);
const t0 = memory.data(MAX_ELEMENT_BYTES, 16);
const t1 = memory.data(MAX_ELEMENT_BYTES, 16);

export function clearTerms(): void {
  count = 0;
}

/** Adds the entry of a table, negated on demand, to the terms. It must stay where it is. */
export function addTerm(entry: usize, negative: bool): void {
  const term = terms + (count << 3);
  store<u32>(term, <u32>entry);
  store<u32>(term, negative ? 1 : 0, 4);
  count += 1;
}

/** How many indices there are. */
@inline
function indices<Limb>(): u32 {
  return isFloat<Limb>() ? count >> 1 : count;
}

/** out = the affine point of an index, or the pair of points. */
function loadTerms<Limb>(out: usize, index: u32): void {
  const term = terms + (index << 3);
  const entry = load<u32>(term);
  const negative = load<u32>(term, 4) != 0;
  if (isFloat<Limb>()) {
    const other = term + ((count >> 1) << 3);
    const right = load<u32>(other);
    setFromCoordinates(out, entry, right, false, false);
    setFromCoordinates(pointY<f64>(out), entry + Y, right + Y, negative, load<u32>(other, 4) != 0);
  } else {
    copyElement(out, entry);
    copySigned(pointY<i32>(out), entry + Y, negative);
  }
}

/**
 * The Jacobian out = Σ terms, an even number for each point: first two and two by the affine formulas
 * (https://hyperelliptic.org/EFD/g1p/auto-shortw.html), with one inversion for all (Montgomery's trick),
 * 5M + 1S instead of the 8M + 3S of a Jacobian sum, then their sums one after the other. False where two of the
 * former have the same x, or the latter are incomplete as in `addAffine`.
 *
 * MEASURED: pairing the sums a second time saves what its inversion costs, so it is not done.
 */
export function sumTerms<Limb>(out: usize): bool {
  const half = indices<Limb>() >> 1;
  if (!addHalves<Limb>(half)) return false;
  setAffine<Limb>(sum, points);
  for (let i: u32 = 1; i < half; i++) addAffine<Limb>(sum, points + i * affineBytes<Limb>());
  return finishSum<Limb>(out);
}

/** Points 0 … `half` − 1 = the sums of term i and term i + `half`; false where two have the same x. */
function addHalves<Limb>(half: u32): bool {
  const bytes = elementBytes<Limb>();
  const halfBytes = half * affineBytes<Limb>();
  for (let i: u32 = 0; i < half; i++) {
    const first = points + i * affineBytes<Limb>();
    const second = first + halfBytes;
    const difference = differences + i * bytes;
    loadTerms<Limb>(first, i);
    loadTerms<Limb>(second, i + half);
    subtract<Limb>(difference, second, first);
    if (i == 0) memory.copy(products, difference, bytes);
    else multiply<Limb>(products + i * bytes, products + (i - 1) * bytes, difference);
  }
  if (!invert<Limb>(inverse, products + (half - 1) * bytes)) return false;
  for (let i = half; i > 0; i--) {
    const first = points + (i - 1) * affineBytes<Limb>();
    addToFirst<Limb>(first, first + halfBytes, i - 1);
  }
  return true;
}

/**
 * first = first + second, the points with difference `i`, by the slope (y2 − y1) / (x2 − x1). `inverse`, of the
 * product up to that difference, becomes that of the product before.
 */
function addToFirst<Limb>(first: usize, second: usize, i: u32): void {
  const bytes = elementBytes<Limb>();
  const y = pointY<Limb>(first);
  if (i == 0) {
    memory.copy(slope, inverse, bytes);
  } else {
    multiply<Limb>(slope, inverse, products + (i - 1) * bytes);
    multiply<Limb>(inverse, inverse, differences + i * bytes);
  }
  addMultiple<Limb>(t0, pointY<Limb>(second), y, -1);
  multiply<Limb>(slope, slope, t0);
  square<Limb>(t0, slope);
  addMultiple<Limb>(t0, t0, first, -1);
  addMultiple<Limb>(t0, t0, second, -1); // x3 = slope² − x1 − x2
  subtract<Limb>(t1, first, t0);
  multiply<Limb>(t1, t1, slope);
  addMultiple<Limb>(y, t1, y, -1); // y3 = slope·(x1 − x3) − y1
  memory.copy(first, t0, bytes);
}

/**
 * The same where a point's first term is to be doubled `bits` times for each of its others, the last ones first.
 *
 * MEASURED: pairs take as long, because doublings wait for each other, so it is done with limbs of i32 alone.
 */
export function sumTermsByDoubling(out: usize, bits: u32): bool {
  const half = count >> 1;
  loadTerms<i32>(point, 0);
  setAffine<i32>(sum, point);
  addTermAt(half);
  for (let index = half - 1; index > 0; index--) {
    doublePoint(sum, bits);
    addTermAt(index);
    addTermAt(index + half);
  }
  return finishSum<i32>(out);
}

function addTermAt(index: u32): void {
  loadTerms<i32>(point, index);
  addAffine<i32>(sum, point);
}

const left = memory.data(JACOBIAN_BYTES, 16);
const right = memory.data(JACOBIAN_BYTES, 16);

/** out = `sum`, or the sum of its pair; false where Z ≡ 0 in one of them, which may be wrong. */
function finishSum<Limb>(out: usize): bool {
  if (isFloat<Limb>()) {
    toElements(left, right, sum);
    toElements(left + Y, right + Y, pointY<f64>(sum));
    toElements(left + Z, right + Z, pointZ<f64>(sum));
    if (isInfinity(left) || isInfinity(right)) return false;
    addPoints(out, left, right);
    return true;
  }
  memory.copy(out, sum, JACOBIAN_BYTES);
  return !isInfinity(sum);
}
