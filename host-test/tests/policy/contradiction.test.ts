/** Conditions that no value can meet do not load, and what does not load for it no value meets: the reference is asked. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, loadPolicies, type Attributes } from "./as-policy.ts";

interface Condition {
  key: string;
  [operator: string]: unknown;
}

const allowing = (when: Condition[]) => [{ name: "p", namespace: "ns", rules: [{ when }] }];
const refusalOf = (condition: Condition) => loadPolicies(allowing([condition]));
const isContradiction = (refusal: string | undefined) => refusal?.includes("refused conflict") ?? false;

const claim = (operators: object): Condition => ({ key: "request.auth.claims[c]", ...operators });
const header = (operators: object): Condition => ({ key: "request.headers[x]", ...operators });
const port = (operators: object): Condition => ({ key: "destination.port", ...operators });
const time = (operators: object): Condition => ({ key: "request.time", ...operators });
const method = (operators: object): Condition => ({ key: "request.method", ...operators });

describe("no value meets", () => {
  test.each<Condition>([
    claim({ gt: 5, lt: 3 }),
    claim({ gt: 5, lt: 5 }),
    claim({ gte: 5, lt: 5 }),
    claim({ eq: 5, gt: 5 }),
    claim({ eq: 5, lte: 4 }),
    claim({ eq: "5", gt: 3 }),
    claim({ eq: true, gte: 0 }),
    claim({ ne: "a", eq: 5 }),
    claim({ eq: 5, ne: 5 }),
    claim({ eq: 5, anyOf: [4, 6] }),
    claim({ eq: 5, noneOf: [4, 5] }),
    claim({ anyOf: [1, 9], gt: 2, lt: 8 }),
    claim({ anyOf: ["a", "b"], gt: 2 }),
    claim({ allOf: [3, 9], lt: 8 }),
    claim({ allOf: ["a", "b"], noneOf: ["b"] }),
    claim({ anyOf: ["a", true], noneOf: [true, "a", 1] }),
    claim({ values: ["5"], gt: 3 }),
    claim({ exists: false, eq: 5 }),
    claim({ exists: false, ne: 5 }),
    claim({ exists: false, noneOf: [5] }),
    claim({ exists: false, values: ["a"] }),
    claim({ exists: false, sameAs: "request.headers[x]" }),
    header({ eq: "a", ne: "a" }),
    header({ eq: "a", anyOf: ["b"] }),
    header({ eq: "a", allOf: ["a", "b"] }),
    method({ allOf: ["GET", "HEAD"] }),
    method({ anyOf: ["GET"], ne: "GET" }),
    port({ lt: 0 }),
    port({ lte: -0.5 }),
    port({ gt: 65535 }),
    port({ gte: 65535.5 }),
    port({ gt: 80, lt: 81 }),
    port({ gt: 65534, ne: 65535, eq: 65535 }),
    port({ values: ["80", "443"], gt: 1023 }),
    port({ values: ["80"], ne: 80 }),
    time({ lt: "1970-01-01T00:00:00Z" }),
    time({ gte: "2027-01-01T00:00:00Z", lt: "2026-01-01T00:00:00Z", gt: "08:00" }),
    time({ exists: false }),
    { key: "request.time.weekday", exists: false },
  ])("%j", (condition) => {
    expect(refusalOf(condition)).toBe(
      "lictor refused conflict at /0/rules/0/when/0: expected a condition that some value meets",
    );
  });
});

describe("no time of day meets", () => {
  test.each<Condition>([
    time({ gte: "22:00", lt: "06:00" }),
    time({ gt: "08:00", lte: "08:00" }),
    time({ lt: "00:00" }),
    time({ lt: "00:00", gte: "2027-01-01T00:00:00Z" }),
  ])("%j: the refusal says how a night is written", (condition) => {
    expect(refusalOf(condition)).toBe(
      "lictor refused conflict at /0/rules/0/when/0: expected a time of day that comes; a night is two rules",
    );
  });
});

describe("some value meets", () => {
  test.each<Condition>([
    claim({ gte: 5, lte: 5, eq: 5 }),
    claim({ gt: 5, lt: 5.000000000000001 }),
    claim({ lt: -1e15 }),
    claim({ anyOf: ["a", 5], gt: 3 }),
    claim({ anyOf: ["a"], allOf: ["b", "c"], noneOf: ["d"] }),
    claim({ anyOf: ["a", "b"], noneOf: ["b"] }),
    claim({ eq: "a b", allOf: ["a", "b"] }),
    claim({ eq: "a b", noneOf: ["a b"] }),
    claim({ exists: true, gt: 3 }),
    claim({ exists: false, notValues: ["a"] }),
    claim({ values: ["a"], notValues: ["a"] }),
    claim({ sameAs: "request.headers[x]", gt: 3 }),
    header({ allOf: ["a", "b"] }),
    method({ allOf: ["GET", "GET"] }),
    port({ lt: 1 }),
    port({ gt: 80.5, lt: 81.4 }),
    port({ gt: 65534 }),
    port({ gt: 80, lte: 81 }),
    time({ gt: "23:59:59" }),
    time({ lte: "00:00" }),
    time({ gt: "08:00:00", lt: "08:00:01" }),
    time({ gte: "22:00", lt: "2026-01-01T00:00:00Z" }),
  ])("%j", (condition) => {
    expect(refusalOf(condition)).toBeUndefined();
  });
});

const number = fc.constantFrom(0, 1, 1.5, 2, 3);
const literal = fc.oneof(number, fc.constantFrom<string | boolean>("a", "b", "a b", "1", "", true, false));
const list = (value: fc.Arbitrary<unknown>) => fc.array(value, { minLength: 1, maxLength: 3 });

/** Two or three operators of one key. */
function conditionOn(
  key: string,
  value: fc.Arbitrary<unknown>,
  limit?: fc.Arbitrary<unknown>,
): fc.Arbitrary<Condition> {
  const limits = limit === undefined ? {} : { lt: limit, lte: limit, gt: limit, gte: limit };
  const operators = {
    ...{ eq: value, ne: value, anyOf: list(value), allOf: list(value), noneOf: list(value) },
    ...{ values: list(fc.constantFrom("a", "b*", "*", "1")), exists: fc.boolean(), ...limits },
  };
  return fc
    .subarray(Object.keys(operators) as (keyof typeof operators)[], { minLength: 2, maxLength: 3 })
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, operators[name]!]))))
    .map((chosen) => ({ key, ...chosen }));
}

const text = fc.constantFrom("a", "b", "a b", "");
const conditions = fc.oneof(
  conditionOn("request.auth.claims[c]", literal, number),
  conditionOn("request.auth.claims[scope]", literal, number),
  conditionOn("request.headers[x]", text),
);

/** Requests with every value of a few for the claims and for the header. */
const scalars = [0, 0.5, 1, 1.2, 1.5, 2, 2.5, 3, 4, "a", "b", "a b", "b a", "1", "", true, false];
const claims = [
  undefined,
  null,
  {},
  [],
  ...scalars,
  ...scalars.flatMap((one) => scalars.map((two) => [one, two])),
];
const requests: Attributes[] = [
  ...claims.map((value) => ({
    headers: [],
    now: 0,
    tokens: { one: { iss: "i", sub: "s", c: value, scope: value } },
  })),
  ...[[], ["a"], ["b"], ["a b"], [""], ["a", "b"], ["a", "a b"]].map((lines) => ({
    headers: lines.map((line): [string, string] => ["x", line]),
    now: 0,
    tokens: {},
  })),
];

test("a condition that is refused for it holds of no value: each operator as a condition of its own", () => {
  const seen = { contradictions: 0, others: 0 };
  fc.assert(
    fc.property(conditions, ({ key, ...operators }) => {
      const refused = isContradiction(refusalOf({ key, ...operators }));
      seen[refused ? "contradictions" : "others"] += 1;
      if (!refused) return;
      const apart = Object.entries(operators).map(([name, operand]) => ({ key, [name]: operand }));
      if (loadPolicies(allowing(apart)) !== undefined) return;
      expect(requests.filter((request) => decide(request).reference.allows)).toEqual([]);
    }),
    { numRuns: 400 },
  );
  expect(seen.contradictions).toBeGreaterThan(50);
  expect(seen.others).toBeGreaterThan(50);
});
