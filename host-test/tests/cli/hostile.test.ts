/** What others wrote never moves a terminal, hides, or looks like a line of our own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decisionLine, junitReport, printable } from "lictor";
import { afterAll, describe, expect, test } from "vitest";
import { lictor } from "./lictor.ts";

const home = mkdtempSync(join(tmpdir(), "lictor-hostile-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const HOSTILE = "a\nforged: allow\r\t\u001b[2J\u007f\u009b\u2028\u2029\u202e\u2066\u200b\u{e0041}";
const SHOWN =
  "a\\u000aforged: allow\\u000d\\u0009\\u001b[2J\\u007f\\u009b\\u2028\\u2029\\u202e\\u2066\\u200b\\udb40\\udc41";

test.each([
  [HOSTILE, SHOWN],
  ["half \ud83d, half \udc00", "half \\ud83d, half \\udc00"],
  ["Zoë 日本 😀 \\u001b", "Zoë 日本 😀 \\u001b"],
  [SHOWN, SHOWN],
])("%j is printed as one line", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

function write(folder: string, name: string, content: unknown): string {
  mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return join(home, folder, name);
}

const request = { method: "GET", host: "a", path: "/" };
const key = `request.headers[x-a]`;
const jwtRules = [{ issuer: "i", jwks: { keys: [] } }];
const named = {
  apiVersion: "lictor/v1",
  jwtRules,
  policies: [
    { name: HOSTILE, rules: [{ when: [{ key, values: [HOSTILE] }] }] },
    { name: `${HOSTILE} audit`, action: "AUDIT" },
  ],
};
const policy = write(HOSTILE, "policy.json", named);
const rows = [
  {
    name: HOSTILE,
    request: { ...request, headers: [["x-a", "b"]], token: { issuer: "i", subject: HOSTILE } },
    expect: { decision: "allow", policy: HOSTILE, reason: HOSTILE },
  },
];
write(HOSTILE, "tests.json", rows);
const sent = JSON.stringify({ ...rows[0]!.request, headers: [["x-a", HOSTILE.replaceAll(/[^ -~]/gu, "")]] });
const unknown = write("unknown", "policy.json", { apiVersion: "lictor/v1", [HOSTILE]: 1 });
write("strange", "tests.json", [{ name: "a", request, expect: { decision: "deny" }, [HOSTILE]: 1 }]);
write("strange", "policy.json", { apiVersion: "lictor/v1" });
const quoted = JSON.stringify(HOSTILE);
const head = `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${quoted}, namespace: a}\n`;
const fields = write(HOSTILE, "fields.yaml", `${head}spec: {${quoted}: 1, rules: [{${quoted}: 2}]}\n`);
const labels = write(
  HOSTILE,
  "labels.yaml",
  `${head}spec: {selector: {matchLabels: {${quoted}: ${quoted}}}}\n`,
);
const kinds = write(HOSTILE, "kinds.yaml", `apiVersion: v1\nkind: ${quoted}\n---\na: [\n`);

test.each([
  ["check", policy],
  ["check", unknown],
  ["check", `${HOSTILE}.json`],
  ["explain", policy, "--request", sent],
  ["explain", policy, "--request", sent, "--all"],
  ["explain", policy, "--request", JSON.stringify({ ...request, [HOSTILE]: 1 })],
  ["explain", policy, "--request", `@${HOSTILE}`],
  ["test", join(home, HOSTILE)],
  ["test", join(home, HOSTILE), "--coverage"],
  ["test", join(home, "strange")],
  ["test", HOSTILE],
  ["test", join(home, HOSTILE), "--junit", join(home, HOSTILE, HOSTILE, "x")],
  ["import", "istio", fields],
  ["import", "istio", labels],
  ["import", "istio", labels, "--labels", "a=b"],
  ["import", "istio", kinds],
  ["run", "--policy", unknown, "--upstream", "a:1"],
  ["run", "--policy", HOSTILE, "--upstream", "a:1"],
  ["run", "--upstream", HOSTILE],
  ["token", "--alg", HOSTILE],
  [`--${HOSTILE}`],
])("lictor %j prints it", (...parameters) => {
  const { stdout, stderr } = lictor(parameters);
  const lines = (stdout + stderr).split("\n");
  expect(lines.filter((line) => printable(line) !== line)).toEqual([]);
  expect(lines.filter((line) => line.startsWith("forged"))).toEqual([]);
  expect(stdout + stderr).toContain("\\u000aforged: allow");
});

test("a decision's line is one", () => {
  const record = {
    v: 1,
    time: "2026-11-29T00:00:00Z",
    id: "1",
    decision: "deny" as const,
    reason: "policy_denied",
    policy: HOSTILE,
    rule: 0,
    tokens: [{ rule: "jwt0", iss: "i", sub: HOSTILE }],
    method: HOSTILE,
    host: HOSTILE,
    path: HOSTILE,
    hash: "",
  };
  const line = decisionLine(record);
  expect(printable(line)).toBe(line);
  expect(line.split(SHOWN)).toHaveLength(6);
});

describe("for programs it stays what it is", () => {
  test("JSON of lictor explain", () => {
    const { stdout } = lictor(["explain", policy, "--request", sent, "--json"]);
    expect(printable(stdout.trimEnd())).toBe(stdout.trimEnd());
    const { record, trace } = JSON.parse(stdout);
    expect(record.tokens[0].sub).toBe(HOSTILE);
    expect(trace.policies[0].name).toBe(HOSTILE);
  });

  test("JSON and SARIF of lictor check", () => {
    const json = JSON.parse(lictor(["check", "--format", "json", policy]).stdout);
    expect(json.files[0].file).toBe(policy);
    const sarif = JSON.parse(lictor(["check", "--format", "sarif", unknown]).stdout);
    expect(sarif.runs[0].results[0].message.text).toContain("unknown_member");
  });

  test("the document of lictor import", () => {
    const file = write("import", "a.yaml", `${head}spec: {rules: [{}]}\n`);
    expect(JSON.parse(lictor(["import", "istio", file]).stdout).policies[0].name).toBe(HOSTILE);
  });

  test("JUnit, but for what XML has no place for", () => {
    const report = junitReport([{ suite: { policy: "a\u202e", rows: "b" }, rows: [] }]);
    expect(report).toContain('name="a\u202e"');
  });
});
