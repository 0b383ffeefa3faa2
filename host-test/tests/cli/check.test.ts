import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { LINT_RULES } from "lictor";

const command = fileURLToPath(new URL("../../../cli/bin/lictor.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lictor-check-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const documents = {
  "fine.json": { apiVersion: "lictor/v1", revision: "r1" },
  "noted.json": { apiVersion: "lictor/v1", policies: [{ name: "a" }] },
  "warned.json": {
    apiVersion: "lictor/v1",
    policies: [
      { name: "a", rules: [{}] },
      { name: "b", action: "AUDIT" },
    ],
  },
  "refused with space.json": { apiVersion: "lictor/v1", mode: "enforce" },
};
for (const [name, document] of Object.entries(documents)) {
  writeFileSync(join(folder, name), JSON.stringify(document, undefined, 2));
}

function check(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "check", ...parameters], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

describe("lictor check exits", () => {
  test.each([
    [0, ["fine.json"]],
    [0, ["noted.json"]],
    [1, ["warned.json", "fine.json"]],
    [2, ["warned.json", "refused with space.json"]],
    [2, ["--format", "xml", "fine.json"]],
  ])("with %i for %j", (status, parameters) => {
    expect(check(...parameters).status).toBe(status);
    if (!parameters.includes("xml")) expect(check("--format", "sarif", ...parameters).status).toBe(status);
  });
});

test("pretty: each finding is a line that links to its place, with what to do below", () => {
  const { stdout } = check("warned.json");
  expect(stdout.split("\n").slice(1)).toEqual([
    "warned.json:10:5: warning empty-rules: an AUDIT policy without rules records nothing",
    expect.stringMatching(/^ {4}Write /),
    "",
  ]);
});

test("pretty: a refusal is an error that links to its place", () => {
  expect(check("refused with space.json")).toMatchObject({
    stdout: "",
    stderr:
      'lictor: error: refused with space.json:3:11: lictor refused bad_value at /mode: expected ENFORCE or OBSERVE, got "enforce"\n',
  });
});

test("pretty: what is wrong far down is named with its code, where it begins and what was expected", () => {
  const name = JSON.stringify("\u0001".repeat(64));
  const inner = Array.from({ length: 28 }).reduce<string>((below) => `{${name}:${below}}`, '{"x":1,"x":2}');
  writeFileSync(join(folder, "deep.json"), `{"jwtRules":[{"jwks":\n${inner}}]}`);
  const { status, stderr } = check("deep.json");
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^lictor: error: deep\.json:2:\d+: lictor refused duplicate_member at \/jwtRules\/0\/jwks\/.*\/…\/x: expected .+\n$/,
  );
});

test("pretty: a refused name beyond ASCII is shown and found where it stands", () => {
  const text = '{"apiVersion": "lictor/v1", "policies": [{"name": "a",\n"é\\\\": 1}]}';
  writeFileSync(join(folder, "names.json"), text);
  expect(check("names.json").stderr).toContain(
    "names.json:2:1: lictor refused unknown_member at /policies/0/é\\\\: expected ",
  );
});

test("json: files with what was found in each", () => {
  const { stdout } = check("--format", "json", "warned.json", "refused with space.json");
  expect(JSON.parse(stdout)).toEqual({
    files: [
      {
        file: "warned.json",
        loads: true,
        revision: "",
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        findings: [
          {
            rule: "empty-rules",
            level: "warning",
            pointer: "/policies/1",
            region: { start: { line: 10, column: 5 }, end: { line: 13, column: 6 } },
            message: expect.any(String),
            help: expect.any(String),
          },
        ],
      },
      {
        file: "refused with space.json",
        loads: false,
        refusal: expect.stringContaining("lictor refused bad_value at /mode"),
        region: { start: { line: 3, column: 11 }, end: { line: 3, column: 20 } },
      },
    ],
  });
});

describe("sarif", () => {
  interface Sarif {
    version: string;
    runs: {
      tool: { driver: { rules: { id: string }[] } };
      results: {
        ruleId: string;
        level: string;
        message: { text: string };
        locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
        partialFingerprints: Record<string, string>;
      }[];
    }[];
  }
  const sarif = (...files: string[]) => JSON.parse(check("--format", "sarif", ...files).stdout) as Sarif;

  test("describes every rule, and names them from results", () => {
    const [run] = sarif("warned.json", "refused with space.json").runs;
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual([
      "refused",
      ...LINT_RULES.map(({ id }) => id),
    ]);
    expect(run?.results.map(({ ruleId, level }) => `${level} ${ruleId}`)).toEqual([
      "warning empty-rules",
      "error refused",
    ]);
  });

  test("places results by relative URI and region", () => {
    const [run] = sarif(join(folder, "refused with space.json")).runs;
    expect(run?.results[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "refused%20with%20space.json" },
          region: { startLine: 3, startColumn: 11, endLine: 3, endColumn: 20 },
        },
      },
    ]);
  });

  test("gives a finding the same fingerprint where only lines have moved, and each its own", () => {
    const prints = (document: object) => {
      writeFileSync(join(folder, "moved.json"), JSON.stringify(document, undefined, 2));
      return sarif("moved.json").runs[0]?.results.map(
        (result) => result.partialFingerprints["primaryLocationLineHash"],
      );
    };
    const audits = [
      { name: "b", action: "AUDIT" },
      { name: "c", action: "AUDIT" },
    ];
    const before = prints({ apiVersion: "lictor/v1", policies: audits });
    expect(prints({ apiVersion: "lictor/v1", revision: "r2", policies: audits })).toEqual(before);
    expect(new Set(before).size).toBe(2);
  });
});
