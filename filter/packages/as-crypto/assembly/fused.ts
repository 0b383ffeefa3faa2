/**
 * Whether f64x2.relaxed_madd rounds once here. The instruction may also round the product first (on
 * processors without FMA), and arithmetic that rests on it must then leave it alone
 * (https://github.com/WebAssembly/relaxed-simd/blob/main/proposals/relaxed-simd/Overview.md).
 */

/** x, −x² as it rounds, in both lanes; x = 2^27 + 1 has a square of 55 bits. */
const PROBE = memory.data<f64>([134217729.0, 134217729.0, -18014398777917440.0, -18014398777917440.0]);

/** False in builds without relaxed SIMD. */
export function hasFusedMultiplyAdd(): bool {
  if (ASC_FEATURE_RELAXED_SIMD) {
    const x = v128.load(PROBE);
    return v128.any_true(f64x2.relaxed_madd(x, x, v128.load(PROBE, 16)));
  }
  return false;
}
