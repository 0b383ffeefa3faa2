/** The rows of the examples try every rule and both answers of every part. */
import { join } from "node:path";
import {
  Coverage,
  documentSchema,
  percentOf,
  placeTrace,
  readRows,
  runSuite,
  ToolsModule,
  toolsModulePath,
} from "lictor";
import { describe, expect, test } from "vitest";
import { loadExamples, policiesFolder } from "../corpus/corpus.ts";

test.each(loadExamples())("the rows of policies/$name cover it", async ({ name }) => {
  const suite = {
    policy: join(policiesFolder, name, "policy.json"),
    rows: join(policiesFolder, name, "tests.json"),
  };
  const { rows, coverage } = await runSuite(suite, readRows(suite.rows), {
    coverage: true,
    ran: () => undefined,
  });
  expect(rows.filter(({ differences }) => differences.length > 0)).toEqual([]);
  expect(coverage!.gaps.map(({ what }) => what)).toEqual([]);
});

describe("coverage", () => {
  const document = {
    apiVersion: "lictor/v1",
    policies: [
      {
        name: "a",
        namespace: "shop",
        rules: [{ to: [{ operation: { methods: ["GET"] } }], when: [{ key: "request.query[q]", eq: "1" }] }],
      },
      { name: "b", action: "DENY", rules: [{ when: [{ key: "request.query[q]", eq: "2" }] }] },
    ],
  };
  const tools = ToolsModule.load(toolsModulePath());
  tools.loadPolicy(JSON.stringify(document));
  const coverageOf = (...requests: [method: string, path: string][]) => {
    const coverage = new Coverage();
    for (const [method, path] of requests) {
      const trace = tools.trace({ method, path, host: "shop" });
      coverage.add(placeTrace(trace, documentSchema.parse(document)));
    }
    return coverage;
  };

  test("names what was never tried, in document order", () => {
    const { gaps, counts } = coverageOf(["GET", "/?q=3"]);
    expect(gaps).toEqual([
      { policy: "shop/a", what: "rule 0 never applied" },
      { policy: "shop/a", what: "rule 0, to[0].operation.methods was never false" },
      { policy: "shop/a", what: "rule 0, when[0].request.query[q] was never true" },
      { policy: "b", what: "rule 0 never applied" },
      { policy: "b", what: "rule 0, when[0].request.query[q] was never true" },
    ]);
    expect(counts).toEqual({ covered: 3, total: 8 });
  });

  test("is whole where every answer was given", () => {
    const { gaps, counts } = coverageOf(["GET", "/?q=1"], ["PUT", "/?q=2"]);
    expect(gaps).toEqual([]);
    expect(percentOf(counts)).toBe(100);
  });

  test("counts a DENY rule that cannot be told as applied", () => {
    expect(coverageOf(["GET", "/"]).gaps.map(({ policy, what }) => `${policy}: ${what}`)).not.toContain(
      "b: rule 0 never applied",
    );
  });

  test("learns nothing from a request that is refused before the policies are asked", () => {
    expect(coverageOf(["GET", "/a//b"]).counts).toEqual({ covered: 0, total: 0 });
  });
});
