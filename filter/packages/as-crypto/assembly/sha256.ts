/**
 * The compression function of SHA-256 (FIPS 180-4 §6.2).
 *
 * The message schedule is computed four words at a time in vector registers while the scalar units
 * do the rounds of the words before, so that the schedule is nearly free. Words go through a ring of
 * sixteen, with the round constant already added.
 */

/** Bytes of a block. */
export const SHA256_BLOCK_BYTES: u32 = 64;

/** FIPS 180-4 §4.2.2. */
const ROUND_CONSTANTS = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** FIPS 180-4 §5.3.3. */
export const SHA256_INITIAL_STATE = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** W + K of the sixteen words in hand. */
const ring = memory.data(64, 16);

/** Takes the blocks from `block` up to `end` into the eight words of `state` (§6.2.2). */
export function compressSha256(state: usize, block: usize, end: usize): void {
  let w0: v128, w1: v128, w2: v128, w3: v128;
  for (; block < end; block += SHA256_BLOCK_BYTES) {
    w0 = bigEndianWords(v128.load(block));
    w1 = bigEndianWords(v128.load(block, 16));
    w2 = bigEndianWords(v128.load(block, 32));
    w3 = bigEndianWords(v128.load(block, 48));
    v128.store(ring, i32x4.add(w0, v128.load(ROUND_CONSTANTS)));
    v128.store(ring, i32x4.add(w1, v128.load(ROUND_CONSTANTS, 16)), 16);
    v128.store(ring, i32x4.add(w2, v128.load(ROUND_CONSTANTS, 32)), 32);
    v128.store(ring, i32x4.add(w3, v128.load(ROUND_CONSTANTS, 48)), 48);

    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    let f = load<u32>(state, 20);
    let g = load<u32>(state, 24);
    let h = load<u32>(state, 28);

    // A round renames instead of moving: what the standard calls h is the variable that becomes a. Eight
    // rounds use one half of the ring; the words after next fill it again, and the halves change places.
    let half = ring;
    for (let k = ROUND_CONSTANTS + 64; k < ROUND_CONSTANTS + 320; k += 32) {
      h += sum1(e) + choose(e, f, g) + load<u32>(half);
      d += h;
      h += sum0(a) + majority(a, b, c);
      g += sum1(d) + choose(d, e, f) + load<u32>(half, 4);
      c += g;
      g += sum0(h) + majority(h, a, b);
      f += sum1(c) + choose(c, d, e) + load<u32>(half, 8);
      b += f;
      f += sum0(g) + majority(g, h, a);
      e += sum1(b) + choose(b, c, d) + load<u32>(half, 12);
      a += e;
      e += sum0(f) + majority(f, g, h);
      d += sum1(a) + choose(a, b, c) + load<u32>(half, 16);
      h += d;
      d += sum0(e) + majority(e, f, g);
      c += sum1(h) + choose(h, a, b) + load<u32>(half, 20);
      g += c;
      c += sum0(d) + majority(d, e, f);
      b += sum1(g) + choose(g, h, a) + load<u32>(half, 24);
      f += b;
      b += sum0(c) + majority(c, d, e);
      a += sum1(f) + choose(f, g, h) + load<u32>(half, 28);
      e += a;
      a += sum0(b) + majority(b, c, d);
      if (k < ROUND_CONSTANTS + 256) {
        const next0 = nextWords(w0, w1, w2, w3);
        const next1 = nextWords(w1, w2, w3, next0);
        w0 = w2;
        w1 = w3;
        w2 = next0;
        w3 = next1;
        v128.store(half, i32x4.add(w2, v128.load(k)));
        v128.store(half, i32x4.add(w3, v128.load(k, 16)), 16);
      }
      half = ring + (ring + 32 - half);
    }

    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
    store<u32>(state, load<u32>(state, 16) + e, 16);
    store<u32>(state, load<u32>(state, 20) + f, 20);
    store<u32>(state, load<u32>(state, 24) + g, 24);
    store<u32>(state, load<u32>(state, 28) + h, 28);
  }
}

function bigEndianWords(bytes: v128): v128 {
  return i8x16.shuffle(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/**
 * The four schedule words after the sixteen in `w0` … `w3` (§6.2.2 step 1). The last two depend on
 * the first two through σ1, so σ1 is taken in two steps, its unused lanes being zero.
 */
function nextWords(w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const zero = i32x4.splat(0);
  const back15 = v128.shuffle<u32>(w0, w1, 1, 2, 3, 4);
  const back7 = v128.shuffle<u32>(w2, w3, 1, 2, 3, 4);
  let words = i32x4.add(i32x4.add(w0, back7), smallSigma0(back15));
  words = i32x4.add(words, smallSigma1(v128.shuffle<u32>(w3, zero, 2, 3, 4, 5)));
  return i32x4.add(words, smallSigma1(v128.shuffle<u32>(zero, words, 0, 1, 4, 5)));
}

function smallSigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotateRight(x, 7), rotateRight(x, 18)), i32x4.shr_u(x, 3));
}

function smallSigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotateRight(x, 17), rotateRight(x, 19)), i32x4.shr_u(x, 10));
}


@inline
function rotateRight(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits));
}


@inline
function sum0(a: u32): u32 {
  return rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
}


@inline
function sum1(e: u32): u32 {
  return rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
}


@inline
function choose(e: u32, f: u32, g: u32): u32 {
  return g ^ (e & (f ^ g));
}


@inline
function majority(a: u32, b: u32, c: u32): u32 {
  return b ^ ((a ^ b) & (b ^ c));
}
