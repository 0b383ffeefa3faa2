import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINT_RULES, documentSchema, lint } from "lictor";
import { loadExamples, policiesFolder } from "../corpus/corpus.ts";
import { decide, loadPolicy } from "../corpus/enforce.ts";
import { lintCases, to, two } from "./lint-cases.ts";
import { jwtRuleOf, policyOf } from "./rows.ts";

/** `level id pointer` of every finding but the notes that the skeleton of the rows earns, which verifies tokens. */
function findingsIn(document: object): string[] {
  return lint(documentSchema.parse({ ...jwtRuleOf({}), ...document }))
    .filter(({ rule, pointer }) => !(rule.id === "loose-token-rule" && pointer === "/jwtRules/0"))
    .map(({ rule, level, pointer }) => `${level} ${rule.id} ${pointer}`);
}

test.each(lintCases)("%s", (_, document, findings) => {
  expect(findingsIn(document)).toEqual(findings);
});

test("every rule is found by a row, says what to do, and has a name of its own", () => {
  const found = new Set(
    lintCases.flatMap(([, , findings]) => findings.map((finding) => finding.split(" ")[1])),
  );
  expect([...found].sort()).toEqual(LINT_RULES.map(({ id }) => id).sort());
  for (const { id, title, help } of LINT_RULES) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(help).toMatch(/^[A-Z].*\.$/);
  }
});

test("every finding points to something in the document", () => {
  for (const [, document] of lintCases) {
    for (const { pointer } of lint(documentSchema.parse(document))) {
      const tokens = pointer.split("/").slice(1);
      const value = tokens.reduce<unknown>(
        (at, token) => (at as Record<string, unknown> | undefined)?.[token],
        document,
      );
      expect(value, pointer).toBeDefined();
    }
  }
});

test("no example has a finding that fails a check", () => {
  for (const { name } of loadExamples()) {
    const document: unknown = JSON.parse(readFileSync(join(policiesFolder, name, "policy.json"), "utf8"));
    const faults = lint(documentSchema.parse(document)).filter(({ level }) => level !== "note");
    expect(faults.map(({ message }) => `${name}: ${message}`)).toEqual([]);
  }
});

test("more than 2,000 rules of one action are not compared, and a note says so", () => {
  const rules = Array.from({ length: 20_000 }, (_, index) => to({ paths: [`/${index}`] }));
  expect(findingsIn(policyOf({ rules }))).toEqual(["note shadowed-rule "]);
  expect(findingsIn(policyOf({ rules: rules.slice(0, 2000) }))).toEqual([]);
});

describe("a rule that is called needless", () => {
  const some = (values: string[]) =>
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
  const operation = fc
    .record(
      {
        methods: some(["GET", "PUT", "P*", "*"]),
        notMethods: some(["PUT", "P*"]),
        paths: some(["/a", "/a/b", "/a*", "/a/*", "*b", "/a/{*}", "/{**}", "*"]),
        notPaths: some(["/a", "/a*", "*b"]),
        hosts: some(["a.com", "A.com", "*.com", "a*"]),
      },
      { requiredKeys: [] },
    )
    .filter((fields) => Object.keys(fields).length > 0);
  const source = fc
    .record(
      { namespaces: some(["a", "*", "b"]), notPrincipals: some(["d/ns/a/sa/s", "d/*", "*"]) },
      { requiredKeys: [] },
    )
    .filter((fields) => Object.keys(fields).length > 0);
  const rule = fc.record(
    {
      to: fc.array(fc.record({ operation }), { minLength: 1, maxLength: 2 }),
      from: fc.array(fc.record({ source }), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const request = fc.record({
    method: fc.constantFrom("GET", "PUT", "POST"),
    path: fc.constantFrom("/a", "/a/b", "/a/b/c", "/ab", "/b", "/a/"),
    host: fc.constantFrom("a.com", "b.com", "a.com:1", "x.org"),
    peer: fc.constantFrom(null, "spiffe://d/ns/a/sa/s", "spiffe://d/ns/b/sa/s"),
  });

  test("matches nothing that the other rules do not match", () => {
    let needless = 0;
    fc.assert(
      fc.property(
        rule,
        rule,
        fc.array(request, { minLength: 20, maxLength: 20 }),
        (first, second, requests) => {
          const findings = lint(documentSchema.parse(two(first, second)));
          const shadowed = findings.find((finding) => finding.rule.id === "shadowed-rule");
          if (shadowed === undefined) return;
          needless += 1;
          const isFirst = shadowed.pointer.endsWith("/0");
          const decisions = (rules: object[]) => {
            expect(loadPolicy(JSON.stringify(policyOf({ rules })))).toBeUndefined();
            return requests.map((asked) => decide(asked).decision);
          };
          expect(decisions([first, second])).toEqual(decisions([isFirst ? second : first]));
        },
      ),
      { numRuns: 2000 },
    );
    expect(needless).toBeGreaterThan(50);
  });
});
