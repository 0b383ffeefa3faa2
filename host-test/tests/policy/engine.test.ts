/** The compiled form against the reference evaluator, and the theorems of the decision. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policies, policy, request, type Policy } from "./arbitrary.ts";
import { compiledBytes, decide, loadPolicies, type Attributes } from "./as-policy.ts";

const REQUESTS = 12;
const requests = fc.array(request, { minLength: REQUESTS, maxLength: REQUESTS });

function load(loaded: readonly Policy[]): void {
  expect(loadPolicies(loaded)).toBeUndefined();
}

function allowed(loaded: readonly Policy[], sent: Attributes, allowByDefault = false): boolean {
  load(loaded);
  return decide(sent, allowByDefault).compiled.allowed;
}

test("the compiled form answers as the reference evaluator does", () => {
  const seen = { allowed: 0, denies: 0, allows: 0, audits: 0, total: 0 };
  fc.assert(
    fc.property(policies, requests, fc.boolean(), (loaded, sent, allowByDefault) => {
      load(loaded);
      for (const each of sent) {
        const { compiled, reference } = decide(each, allowByDefault);
        expect(compiled).toEqual(reference);
        seen.total += 1;
        for (const answer of ["allowed", "denies", "allows", "audits"] as const) {
          if (compiled[answer]) seen[answer] += 1;
        }
      }
    }),
    { numRuns: 1500 },
  );
  // Random rules that never matched would prove nothing.
  for (const answer of ["allowed", "denies", "allows", "audits"] as const) {
    expect(seen[answer] / seen.total).toBeGreaterThan(0.05);
  }
});

describe("theorems of the decision", () => {
  test("deny_wins: where a DENY rule applies, no ALLOW rule helps", () => {
    fc.assert(
      fc.property(policies, requests, (loaded, sent) => {
        load(loaded);
        for (const each of sent) {
          const { compiled } = decide(each, true);
          if (compiled.denies) expect(compiled.allowed).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("default_denies: where no ALLOW rule applies, the request is denied", () => {
    fc.assert(
      fc.property(policies, requests, (loaded, sent) => {
        load(loaded);
        for (const each of sent) {
          const { compiled } = decide(each);
          if (!compiled.allows) expect(compiled.allowed).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("adding_a_deny_never_allows", () => {
    fc.assert(
      fc.property(policies, policy, request, fc.boolean(), (loaded, added, sent, byDefault) => {
        const before = allowed(loaded, sent, byDefault);
        const after = allowed([...loaded, { ...added, action: "DENY" }], sent, byDefault);
        expect(after && !before).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("order_is_irrelevant: policies and rules in another order answer the same", () => {
    const shuffled = fc.tuple(policies, fc.infiniteStream(fc.nat())).map(([loaded, numbers]) => {
      const reorder = <T>(list: readonly T[]) =>
        list
          .map((value) => ({ value, key: numbers.next().value as number }))
          .sort((left, right) => left.key - right.key)
          .map(({ value }) => value);
      return { loaded, other: reorder(loaded).map((each) => ({ ...each, rules: reorder(each.rules) })) };
    });
    fc.assert(
      fc.property(shuffled, request, ({ loaded, other }, sent) => {
        expect(allowed(other, sent)).toBe(allowed(loaded, sent));
      }),
      { numRuns: 500 },
    );
  });

  test("an_error_never_allows: a condition that cannot be evaluated never allows, and denies", () => {
    const unevaluable = fc.constantFrom<object>(
      { key: "request.auth.claims[missing]", eq: "a" },
      { key: "request.auth.claims[missing]", ne: "a" },
      { key: "request.auth.claims[missing]", noneOf: ["a"] },
      { key: "request.auth.claims[missing]", lt: 5 },
      { key: "request.auth.claims[missing]", sameAs: "request.method" },
      { key: "request.query[missing]", ne: "a" },
    );
    fc.assert(
      fc.property(unevaluable, request, fc.boolean(), (condition, sent, byDefault) => {
        const one = (action: "ALLOW" | "DENY") => [
          { name: "p", namespace: "a", action, dryRun: false, rules: [{ when: [condition] }] },
        ];
        load(one("ALLOW"));
        expect(decide(sent).compiled.allows).toBe(false);
        expect(allowed(one("DENY"), sent, byDefault)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

test("ten thousand rules take at most 200 bytes each", () => {
  const rules = Array.from({ length: 10_000 }, (_, index) => ({
    name: `p${index}`,
    namespace: "a",
    action: "ALLOW",
    rules: [
      {
        to: [{ operation: { methods: ["GET"], paths: [`/service-${index}/*`] } }],
        when: [{ key: "request.auth.claims[groups]", values: ["orders-readers"] }],
      },
    ],
  }));
  expect(loadPolicies(rules)).toBeUndefined();
  expect(compiledBytes() / rules.length).toBeLessThanOrEqual(200);
});
