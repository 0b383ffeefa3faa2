/**
 * The compression function of SHA-512 and SHA-384 (FIPS 180-4 §6.4), in the way of `sha256.ts`: two
 * schedule words at a time in vector registers, beside the scalar rounds of the words before.
 */

/** Bytes of a block. */
export const SHA512_BLOCK_BYTES: u32 = 128;

/** FIPS 180-4 §4.2.3. */
const ROUND_CONSTANTS = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
  0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
  0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
  0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
  0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
  0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
  0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
  0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
  0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
  0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
  0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
  0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
  0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

/** FIPS 180-4 §5.3.5. */
export const SHA512_INITIAL_STATE = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1,
  0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** FIPS 180-4 §5.3.4. */
export const SHA384_INITIAL_STATE = memory.data<u64>([
  0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939, 0x67332667ffc00b31,
  0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
]);

/** W + K of the sixteen words in hand. */
const ring = memory.data(128, 16);

/** Takes the blocks from `block` up to `end` into the eight words of `state` (§6.4.2). */
export function compressSha512(state: usize, block: usize, end: usize): void {
  let w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, w6: v128, w7: v128;
  let next0: v128, next1: v128, next2: v128, next3: v128;
  for (; block < end; block += SHA512_BLOCK_BYTES) {
    w0 = bigEndianWords(v128.load(block));
    w1 = bigEndianWords(v128.load(block, 16));
    w2 = bigEndianWords(v128.load(block, 32));
    w3 = bigEndianWords(v128.load(block, 48));
    w4 = bigEndianWords(v128.load(block, 64));
    w5 = bigEndianWords(v128.load(block, 80));
    w6 = bigEndianWords(v128.load(block, 96));
    w7 = bigEndianWords(v128.load(block, 112));
    v128.store(ring, i64x2.add(w0, v128.load(ROUND_CONSTANTS)));
    v128.store(ring, i64x2.add(w1, v128.load(ROUND_CONSTANTS, 16)), 16);
    v128.store(ring, i64x2.add(w2, v128.load(ROUND_CONSTANTS, 32)), 32);
    v128.store(ring, i64x2.add(w3, v128.load(ROUND_CONSTANTS, 48)), 48);
    v128.store(ring, i64x2.add(w4, v128.load(ROUND_CONSTANTS, 64)), 64);
    v128.store(ring, i64x2.add(w5, v128.load(ROUND_CONSTANTS, 80)), 80);
    v128.store(ring, i64x2.add(w6, v128.load(ROUND_CONSTANTS, 96)), 96);
    v128.store(ring, i64x2.add(w7, v128.load(ROUND_CONSTANTS, 112)), 112);

    let a = load<u64>(state);
    let b = load<u64>(state, 8);
    let c = load<u64>(state, 16);
    let d = load<u64>(state, 24);
    let e = load<u64>(state, 32);
    let f = load<u64>(state, 40);
    let g = load<u64>(state, 48);
    let h = load<u64>(state, 56);

    // A round renames instead of moving: what the standard calls h is the variable that becomes a. Eight
    // rounds use one half of the ring; the words after next fill it again, and the halves change places.
    let half = ring;
    for (let k = ROUND_CONSTANTS + 128; k < ROUND_CONSTANTS + 768; k += 64) {
      h += sum1(e) + choose(e, f, g) + load<u64>(half);
      d += h;
      h += sum0(a) + majority(a, b, c);
      g += sum1(d) + choose(d, e, f) + load<u64>(half, 8);
      c += g;
      g += sum0(h) + majority(h, a, b);
      f += sum1(c) + choose(c, d, e) + load<u64>(half, 16);
      b += f;
      f += sum0(g) + majority(g, h, a);
      e += sum1(b) + choose(b, c, d) + load<u64>(half, 24);
      a += e;
      e += sum0(f) + majority(f, g, h);
      d += sum1(a) + choose(a, b, c) + load<u64>(half, 32);
      h += d;
      d += sum0(e) + majority(e, f, g);
      c += sum1(h) + choose(h, a, b) + load<u64>(half, 40);
      g += c;
      c += sum0(d) + majority(d, e, f);
      b += sum1(g) + choose(g, h, a) + load<u64>(half, 48);
      f += b;
      b += sum0(c) + majority(c, d, e);
      a += sum1(f) + choose(f, g, h) + load<u64>(half, 56);
      e += a;
      a += sum0(b) + majority(b, c, d);
      if (k < ROUND_CONSTANTS + 640) {
        next0 = nextWords(w0, w1, w4, w5, w7);
        next1 = nextWords(w1, w2, w5, w6, next0);
        next2 = nextWords(w2, w3, w6, w7, next1);
        next3 = nextWords(w3, w4, w7, next0, next2);
        w0 = w4;
        w1 = w5;
        w2 = w6;
        w3 = w7;
        w4 = next0;
        w5 = next1;
        w6 = next2;
        w7 = next3;
        v128.store(half, i64x2.add(w4, v128.load(k)));
        v128.store(half, i64x2.add(w5, v128.load(k, 16)), 16);
        v128.store(half, i64x2.add(w6, v128.load(k, 32)), 32);
        v128.store(half, i64x2.add(w7, v128.load(k, 48)), 48);
      }
      half = ring + (ring + 64 - half);
    }

    store<u64>(state, load<u64>(state) + a);
    store<u64>(state, load<u64>(state, 8) + b, 8);
    store<u64>(state, load<u64>(state, 16) + c, 16);
    store<u64>(state, load<u64>(state, 24) + d, 24);
    store<u64>(state, load<u64>(state, 32) + e, 32);
    store<u64>(state, load<u64>(state, 40) + f, 40);
    store<u64>(state, load<u64>(state, 48) + g, 48);
    store<u64>(state, load<u64>(state, 56) + h, 56);
  }
}

function bigEndianWords(bytes: v128): v128 {
  return i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/**
 * The two schedule words after those of eight registers (§6.4.2 step 1): `w0` and `w1` hold the words from
 * t − 16 on, `w4` and `w5` those from t − 8 on, `w7` those at t − 2.
 */
@inline
function nextWords(w0: v128, w1: v128, w4: v128, w5: v128, w7: v128): v128 {
  const back15 = v128.shuffle<u64>(w0, w1, 1, 2);
  const back7 = v128.shuffle<u64>(w4, w5, 1, 2);
  return i64x2.add(i64x2.add(w0, back7), i64x2.add(smallSigma0(back15), smallSigma1(w7)));
}


@inline
function smallSigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotateRight(x, 1), rotateRight(x, 8)), i64x2.shr_u(x, 7));
}


@inline
function smallSigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotateRight(x, 19), rotateRight(x, 61)), i64x2.shr_u(x, 6));
}


@inline
function rotateRight(x: v128, bits: i32): v128 {
  return v128.or(i64x2.shr_u(x, bits), i64x2.shl(x, 64 - bits));
}


@inline
function sum0(a: u64): u64 {
  return rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39);
}


@inline
function sum1(e: u64): u64 {
  return rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41);
}


@inline
function choose(e: u64, f: u64, g: u64): u64 {
  return g ^ (e & (f ^ g));
}


@inline
function majority(a: u64, b: u64, c: u64): u64 {
  return b ^ ((a ^ b) & (b ^ c));
}
