/** `lictor test` on policies and rows that are written for it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

const command = fileURLToPath(new URL("../../../cli/bin/lictor.js", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "lictor-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const policy = {
  apiVersion: "lictor/v1",
  policies: [
    { name: "read", namespace: "shop", rules: [{ to: [{ operation: { methods: ["GET"] } }] }] },
    {
      name: "closed",
      action: "DENY",
      rules: [{ to: [{ operation: { paths: ["/closed"] } }] }],
      response: { status: 404 },
    },
  ],
};
const row = (name: string, method: string, path: string, expected: object) => ({
  name,
  request: { method, host: "shop", path },
  expect: expected,
});
const reads = row("reading", "GET", "/a", { decision: "allow", policy: "shop/read" });
const writes = row("writing", "PUT", "/a", { decision: "deny", reason: "no_policy_allowed", status: 403 });
const closed = row("closed", "GET", "/closed", { decision: "deny", policy: "closed", status: 404 });
const wrong = row('<wrong> & "so"', "PUT", "/a", { decision: "allow", policy: "shop/read" });

function write(name: string, rows: unknown, document: unknown = policy): void {
  mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, name, "policy.json"), JSON.stringify(document));
  writeFileSync(join(home, name, "tests.json"), typeof rows === "string" ? rows : JSON.stringify(rows));
}

function lictorTest(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "test", ...parameters], {
    cwd: home,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

beforeEach(() => {
  rmSync(join(home, "policies"), { recursive: true, force: true });
  write("policies/good", [reads, writes, closed]);
});

describe("lictor test", () => {
  test.each([
    ["./policies by default", []],
    ["a folder", ["policies"]],
    ["the folder of a policy", ["policies/good"]],
    ["a policy", ["policies/good/policy.json"]],
    ["its rows", ["policies/good/tests.json"]],
    ["each policy once", ["policies", "policies/good/policy.json"]],
  ])("runs %s", (_, paths) => {
    expect(lictorTest(...paths)).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^3 passed in 1 policy file, \d\.\d s\n$/) as string,
      stderr: "",
    });
  });

  test("leaves out folders whose name begins with an underscore", () => {
    write("policies/_refused/a", [wrong]);
    expect(lictorTest().stdout).toContain("3 passed in 1 policy file");
  });

  test("shows what a failing row has otherwise, and where it is written", () => {
    write("policies/bad", [reads, wrong]);
    const { status, stdout } = lictorTest();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^policies\/bad\/tests\.json:1:\d+: failed <wrong> & "so"\n {4}PUT shop\/a\n/);
    expect(stdout).toContain(
      "  - decision: allow\n  + decision: deny\n  - policy: shop/read\n  + policy: none\n",
    );
    expect(stdout).toContain("    deny: no_policy_allowed\n");
    expect(stdout).toMatch(/1 failed, 4 passed in 2 policy files, \d\.\d s\n$/);
  });

  test.each([
    ["a member of a row", [{ ...reads, expects: {} }], "there is no member `expects` here"],
    [
      "a member of a request",
      [reads, { ...reads, request: { ...reads.request, verb: "GET" } }],
      "there is no member `verb` here",
    ],
    [
      "a member of a token",
      [{ ...reads, request: { ...reads.request, token: { isuer: "a" } } }],
      "there is no member `isuer` here",
    ],
    ["a decision", [{ ...reads, expect: { decision: "maybe" } }], 'expected one of "allow"|"deny"'],
    ["no list of rows", { rows: [] }, "expected array"],
    ["no JSON", "[", "the file is no JSON"],
  ])("refuses %s that it does not know with its place", (_, rows, message) => {
    write("policies/odd", rows);
    const { status, stdout, stderr } = lictorTest();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/policies\/odd\/tests\.json:1:\d+: /);
    expect(stderr).toContain(message);
  });

  test("names the column of an unknown member", () => {
    write("policies/odd", '[\n  {"name": "a",\n   "odd": 1}]');
    expect(lictorTest().stderr).toContain("policies/odd/tests.json:3:4: there is no member `odd` here");
  });

  test("refuses a policy that does not load with the filter's words", () => {
    write("policies/odd", [reads], { ...policy, mode: "enforce" });
    const { status, stderr } = lictorTest("policies/odd");
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /policies\/odd\/policy\.json:1:\d+: lictor refused bad_value at \/mode: expected /,
    );
  });

  test.each([
    ["a path that is not there", ["nowhere"]],
    ["a file that is no policy", ["policies/good/other.json"]],
    ["no percentage", ["--coverage-min", "all"]],
  ])("answers %s with 2", (_, parameters) => {
    expect(lictorTest(...parameters).status).toBe(2);
  });

  test("writes JUnit XML", () => {
    write("policies/bad", [reads, wrong]);
    expect(lictorTest("--junit", "out.xml").status).toBe(1);
    const xml = readFileSync(join(home, "out.xml"), "utf8");
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="lictor test" tests="5" failures="1" errors="0" skipped="0" time="\d+\.\d{6}">\n/,
    );
    expect(xml).toContain('<testsuite name="policies/bad/policy.json" tests="2" failures="1"');
    expect(xml).toMatch(
      /name="&lt;wrong&gt; &amp; &quot;so&quot;" time="[\d.]+">\n {6}<failure message="decision: /,
    );
    expect(xml.endsWith("</testsuites>\n")).toBe(true);
  });

  test("prints coverage, and fails where it is below what is asked for", () => {
    expect(lictorTest("--coverage")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("policies/good/policy.json: coverage 100 % (6 of 6)\n") as string,
    });
    write("policies/good", [reads, writes]);
    const gap =
      "    policy closed: rule 0 never applied\n    policy closed: rule 0, to[0].operation.paths was never true\n";
    expect(lictorTest("--coverage")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(gap) as string,
    });
    expect(lictorTest("--coverage-min", "66").status).toBe(0);
    expect(lictorTest("--coverage-min", "67")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("coverage 66.6 % (4 of 6)\ncoverage is below 67 %\n") as string,
    });
  });

  test("mints the tokens that rows order, of every algorithm that they name", () => {
    const issuer = "https://idp.example.com";
    const jwtRules = [{ issuer, jwksUri: "https://idp.example.com/keys", jwksCluster: "idp" }];
    const document = {
      ...policy,
      jwtRules,
      policies: [{ name: "p", rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }],
    };
    const rows = ["RS256", "ES256", "EdDSA"].map((alg) => ({
      name: alg,
      request: { ...reads.request, token: { issuer, subject: "a", alg } },
      expect: { decision: "allow", policy: "p" },
    }));
    const broken = {
      name: "broken",
      request: { ...reads.request, token: { issuer, subject: "a", broken: "tamperedSignature" } },
      expect: { decision: "deny", reason: "signature_invalid" },
    };
    write("policies/tokens", [...rows, broken], document);
    expect(lictorTest("policies/tokens")).toMatchObject({ status: 0, stderr: "" });
  });
});
