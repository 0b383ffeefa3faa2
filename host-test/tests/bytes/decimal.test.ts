import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { doubleOf } from "./bytes.ts";

/** The number halfway between `mantissa` and the next multiple of 2^-1074, in all of its digits, and `more` behind. */
function halfway(mantissa: bigint, more = ""): string {
  return `${(2n * mantissa + 1n) * 5n ** 1075n}${more}e-${1075 + more.length}`;
}

describe("decimal numbers", () => {
  test("are the nearest binary64, as JSON.parse has it, for random doubles", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = JSON.stringify(value);
        return Object.is(doubleOf(text), JSON.parse(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("are the nearest binary64 for random digits and exponents", () => {
    const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?(e[+-]?[0-9]{1,3})?$/);
    fc.assert(
      fc.property(digits, (text) => Object.is(doubleOf(text), Number(text))),
      { numRuns: 3000 },
    );
  });

  test.each([
    "9007199254740993",
    "9007199254740992.9999999999999999999999",
    "2.2250738585072011e-308",
    "2.2250738585072014e-308",
    "4.9406564584124654e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "1e400",
    "-1e400",
    "1e-400",
    "1e99999999999999999999",
    "0e99999999999999999999",
    "-0",
    "-0.0e5",
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
    `0.${"0".repeat(400)}1`,
    `${"1".repeat(900)}e-900`,
    `9007199254740993${"0".repeat(800)}e-800`,
    `9007199254740993.${"0".repeat(800)}1`,
  ])("%s is rounded to nearest, ties to even", (text) => {
    expect(Object.is(doubleOf(text), Number(text))).toBe(true);
  });

  test("decimal.MAX_DIGITS: decide up to the last of the 768 that a number halfway between two can have, and behind", () => {
    const odd = halfway(2n ** 53n - 1n);
    const even = halfway(2n ** 53n - 2n);
    const above = halfway(2n ** 53n - 2n, `${"0".repeat(20)}1`);
    expect(odd.indexOf("e")).toBe(768);
    for (const text of [odd, even, above]) expect(doubleOf(text)).toBe(Number(text));
    expect(doubleOf(above)).toBeGreaterThan(doubleOf(even));
  });
});
