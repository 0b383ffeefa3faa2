/**
 * Every recorded decision of a real Envoy on Istio's configuration, against Lictor on the imported
 * document. What differs is excused by a row of `policies/DIFFERENCES.md`, or fails.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { describeVectors } from "../support/vectors.ts";
import { DIFFERENCES } from "./differences.ts";
import { readIstioVerdicts } from "./istio-corpus.ts";
import { decideCase, loadCase, type DecidedBy } from "./istio-decide.ts";

/** Why cases of the corpus cannot be said in a document, and how many cannot. */
const NOT_IMPORTED: Record<string, number> = {
  "expected an attribute that the format names": 5,
  "expected an issuer: a rule for tokens of any issuer cannot be expressed": 1,
  "lictor refused not_supported at /jwtRules/0/jwksUri: expected this part to be absent or at its default": 1,
  "expected a trust domain with at most one `*`, in front or at the end": 5,
  "expected at least one element, or no such member": 1,
  "invalid input: expected object, received null": 1,
};

const CASES = 400;
const VERDICTS = 10_896;

describeVectors("istio-verdicts/verdicts.json", () => {
  const notImported: Record<string, number> = {};
  const excused = new Map<string, number>();
  const unexplained: string[] = [];
  let cases = 0;
  let verdicts = 0;

  beforeAll(async () => {
    const corpus = readIstioVerdicts();
    for (const each of corpus.cases) {
      cases += 1;
      const problem = await loadCase(each);
      if (problem !== undefined) {
        notImported[problem] = (notImported[problem] ?? 0) + 1;
        continue;
      }
      for (const verdict of decideCase(corpus, each)) {
        verdicts += 1;
        if ((verdict.envoy.status === 200) === (verdict.ours.decision === "allow")) continue;
        const row = DIFFERENCES.find((difference) => difference.excuses(verdict));
        if (row === undefined) unexplained.push(describeVerdict(verdict));
        else excused.set(row.name, (excused.get(row.name) ?? 0) + 1);
      }
    }
  }, 120_000);

  test("agree but for the documented differences", () => {
    expect(unexplained).toEqual([]);
  });

  test("are all there, but for cases that no document can say", () => {
    expect(cases).toBe(CASES);
    expect(notImported).toEqual(NOT_IMPORTED);
    expect(verdicts).toBe(VERDICTS);
  });

  test("need every row of the differences", () => {
    expect([...excused.keys()].sort()).toEqual(DIFFERENCES.map(({ name }) => name).sort());
  });
});

test("policies/DIFFERENCES.md has a row for every difference that the tests excuse, and no other", () => {
  const text = readFileSync(
    fileURLToPath(new URL("../../../policies/DIFFERENCES.md", import.meta.url)),
    "utf8",
  );
  const rows = [...text.matchAll(/^\| `([a-z-]+)` *\|/gm)].map(([, name]) => name);
  expect(rows).toEqual(DIFFERENCES.map(({ name }) => name));
});

function describeVerdict({ id, envoy, ours }: DecidedBy): string {
  return `${id}: Envoy ${envoy.status} ${envoy.details}, Lictor ${ours.decision} ${ours.reason ?? ""}`;
}
