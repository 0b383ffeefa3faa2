/**
 * Products and sums for `p256-pair-field.ts`, two at once, one in each lane. All results are normal.
 *
 * There is no kernel without fused multiply-add: `p256-element.ts` has limbs of i32 for that.
 */

/** Bytes of a pair. */
export const PAIR_BYTES: u32 = 6 << 4;

/** 1.5·2^100, which rounds sums to multiples of 2^48; 2^−48; 1.5·2^52, which rounds to integers; −2^48. */
const CARRY = memory.data<f64>([
  1901475900342344102245054808064.0, 1901475900342344102245054808064.0, 3.552713678800501e-15,
  3.552713678800501e-15, 6755399441055744.0, 6755399441055744.0, -281474976710656.0, -281474976710656.0,
]);

/** 2^−16; −2^16; 2^32; and 2^32 + 1. */
const FOLD = memory.data<f64>([
  0.0000152587890625, 0.0000152587890625, -65536.0, -65536.0, 4294967296.0, 4294967296.0, 4294967297.0,
  4294967297.0,
]);

/** The lower columns of a product. */
const columns = memory.data(PAIR_BYTES, 16);

/**
 * out = a·b, for sizes k1·k2 ≤ 3. `out` may be an operand.
 *
 * Rows are added to columns that slide: after row i, column i is whole. A product is below S·2^94 for
 * S = k1·k2·1.001². The sum of a column's products is kept as `h`, a multiple of 2^48 on top of 1.5·2^100
 * that stays below 2^99, and `l`, what each product lost by that, at most 2^47 each time. A column of n
 * products below one of m has n·2^47 + m·S·2^46 in all.
 *
 * 2^288 ≡ (2^32 + 1) − (2^32 + 1)·2^96 − 2^192 (modulo p times 2^32 + 1). A column t times 2^32 goes into its
 * own place in part, and in part, `up`, into the next; `low` is the rest of t·(2^32 + 1). In units of 2^47,
 * t6 … t11 are up to 11 + 7S, 7 + 5S, 4 + 3S, 2 + 2S, 1 + S, S/2, and the folded columns up to 23 + 13S:
 * below 2^53 for S ≤ 3.1.
 *
 * MEASURED: all rows written out, and a square's products taken once, take a quarter longer than these loops.
 */
export function multiply(out: usize, a: usize, b: usize): void {
  const split = v128.load(CARRY);
  const down48 = v128.load(CARRY, 16);
  let h0 = split;
  let h1 = split;
  let h2 = split;
  let h3 = split;
  let h4 = split;
  let l0 = f64x2.splat(0.0);
  let l1 = l0;
  let l2 = l0;
  let l3 = l0;
  let l4 = l0;
  let before = l0;
  for (let i: usize = 0; i < PAIR_BYTES; i += 16) {
    const x = v128.load(a + i);
    let y = v128.load(b);
    const h = f64x2.relaxed_madd(x, y, h0);
    l0 = f64x2.add(l0, f64x2.relaxed_madd(x, y, f64x2.sub(h0, h)));
    v128.store(columns + i, f64x2.relaxed_madd(before, down48, l0));
    before = f64x2.sub(h, split);
    y = v128.load(b, 16);
    h0 = f64x2.relaxed_madd(x, y, h1);
    l0 = f64x2.add(l1, f64x2.relaxed_madd(x, y, f64x2.sub(h1, h0)));
    y = v128.load(b, 32);
    h1 = f64x2.relaxed_madd(x, y, h2);
    l1 = f64x2.add(l2, f64x2.relaxed_madd(x, y, f64x2.sub(h2, h1)));
    y = v128.load(b, 48);
    h2 = f64x2.relaxed_madd(x, y, h3);
    l2 = f64x2.add(l3, f64x2.relaxed_madd(x, y, f64x2.sub(h3, h2)));
    y = v128.load(b, 64);
    h3 = f64x2.relaxed_madd(x, y, h4);
    l3 = f64x2.add(l4, f64x2.relaxed_madd(x, y, f64x2.sub(h4, h3)));
    y = v128.load(b, 80);
    h4 = f64x2.relaxed_madd(x, y, split);
    l4 = f64x2.relaxed_madd(x, y, f64x2.sub(split, h4));
  }

  const integers = v128.load(CARRY, 32);
  const down16 = v128.load(FOLD);
  const up16 = v128.load(FOLD, 16);
  const up32 = v128.load(FOLD, 32);
  const t11 = f64x2.mul(f64x2.sub(h4, split), down48);
  const up11 = rounded(t11, down16, integers);
  const low11 = f64x2.relaxed_madd(f64x2.relaxed_madd(up11, up16, t11), up32, t11);
  const t10 = f64x2.relaxed_madd(f64x2.sub(h3, split), down48, l4);
  const up10 = rounded(t10, down16, integers);
  const low10 = f64x2.relaxed_madd(f64x2.relaxed_madd(up10, up16, t10), up32, t10);
  const t9 = f64x2.sub(f64x2.relaxed_madd(f64x2.sub(h2, split), down48, l3), t11);
  const up9 = rounded(t9, down16, integers);
  const low9 = f64x2.relaxed_madd(f64x2.relaxed_madd(up9, up16, t9), up32, t9);
  const t8 = f64x2.sub(f64x2.relaxed_madd(f64x2.sub(h1, split), down48, l2), f64x2.add(t10, up11));
  const up8 = rounded(t8, down16, integers);
  const low8 = f64x2.relaxed_madd(f64x2.relaxed_madd(up8, up16, t8), up32, t8);
  const u11 = f64x2.add(low11, up10);
  const t7 = f64x2.sub(f64x2.relaxed_madd(f64x2.sub(h0, split), down48, l1), f64x2.add(t9, u11));
  const up7 = rounded(t7, down16, integers);
  const low7 = f64x2.relaxed_madd(f64x2.relaxed_madd(up7, up16, t7), up32, t7);
  const u10 = f64x2.add(low10, up9);
  const t6 = f64x2.sub(f64x2.relaxed_madd(before, down48, l0), f64x2.add(t8, f64x2.sub(u10, up11)));
  const up6 = rounded(t6, down16, integers);
  const u6 = f64x2.relaxed_madd(f64x2.relaxed_madd(up6, up16, t6), up32, t6);
  const u9 = f64x2.add(low9, up8);
  const u8 = f64x2.add(low8, up7);
  const u7 = f64x2.add(low7, up6);
  carry(
    out,
    f64x2.add(v128.load(columns), u6),
    f64x2.add(v128.load(columns, 16), u7),
    f64x2.add(v128.load(columns, 32), f64x2.sub(u8, u6)),
    f64x2.add(v128.load(columns, 48), f64x2.sub(u9, u7)),
    f64x2.add(v128.load(columns, 64), f64x2.sub(f64x2.sub(u10, u8), t6)),
    f64x2.add(v128.load(columns, 80), f64x2.sub(f64x2.sub(u11, u9), t7)),
  );
}

/** x·factor as an integer. */
@inline
function rounded(x: v128, factor: v128, integers: v128): v128 {
  return f64x2.sub(f64x2.relaxed_madd(x, factor, integers), integers);
}

/** out = the columns, each below 2^53, carried all at once: carries are up to 2^5. */
@inline
function carry(out: usize, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128): void {
  const down48 = v128.load(CARRY, 16);
  const integers = v128.load(CARRY, 32);
  const up48 = v128.load(CARRY, 48);
  const carry0 = rounded(c0, down48, integers);
  const carry1 = rounded(c1, down48, integers);
  const carry2 = rounded(c2, down48, integers);
  const carry3 = rounded(c3, down48, integers);
  const carry4 = rounded(c4, down48, integers);
  const carry5 = rounded(c5, down48, integers);
  const around = f64x2.mul(carry5, v128.load(FOLD, 48));
  v128.store(out, f64x2.add(f64x2.relaxed_madd(carry0, up48, c0), around));
  v128.store(out, f64x2.add(f64x2.relaxed_madd(carry1, up48, c1), carry0), 16);
  v128.store(out, f64x2.add(f64x2.relaxed_madd(carry2, up48, c2), f64x2.sub(carry1, around)), 32);
  v128.store(out, f64x2.add(f64x2.relaxed_madd(carry3, up48, c3), carry2), 48);
  v128.store(out, f64x2.add(f64x2.relaxed_madd(carry4, up48, c4), f64x2.sub(carry3, carry5)), 64);
  v128.store(out, f64x2.add(f64x2.relaxed_madd(carry5, up48, c5), carry4), 80);
}

/** out = a + factor·b, for sizes up to 2 and |factor| ≤ 8. `out` may be an operand. */
export function addMultiple(out: usize, a: usize, b: usize, factor: f64): void {
  const times = f64x2.splat(factor);
  carry(
    out,
    f64x2.relaxed_madd(v128.load(b), times, v128.load(a)),
    f64x2.relaxed_madd(v128.load(b, 16), times, v128.load(a, 16)),
    f64x2.relaxed_madd(v128.load(b, 32), times, v128.load(a, 32)),
    f64x2.relaxed_madd(v128.load(b, 48), times, v128.load(a, 48)),
    f64x2.relaxed_madd(v128.load(b, 64), times, v128.load(a, 64)),
    f64x2.relaxed_madd(v128.load(b, 80), times, v128.load(a, 80)),
  );
}
