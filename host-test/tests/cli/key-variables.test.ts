/** Documents whose keys are in the environment, in commands that decide without a proxy. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keySet, mintKey, mintToken } from "lictor";
import { afterAll, describe, expect, test } from "vitest";
import { lictor } from "./lictor.ts";

const home = mkdtempSync(join(tmpdir(), "lictor-keys-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const issuer = "https://idp.example.com";
const key = mintKey("secret", "HS256");
const CORP_JWKS = JSON.stringify(keySet(key));
const token = mintToken({ issuer, subject: "a", key, alg: "HS256" });
const request = { method: "GET", host: "a", path: "/", token };

mkdirSync(join(home, "policies"));
const file = join(home, "policies", "policy.json");
const document = {
  apiVersion: "lictor/v1",
  revision: "r1",
  jwtRules: [{ issuer, audiences: ["a"], algorithms: ["HS256"], jwksEnv: "CORP_JWKS" }],
  policies: [{ name: "p", rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }],
};
writeFileSync(file, JSON.stringify({ ...document, jwtRules: [{ ...document.jwtRules[0], audiences: [] }] }));
writeFileSync(
  join(home, "policies", "tests.json"),
  JSON.stringify([{ name: "row", request, expect: { decision: "allow", policy: "p" } }]),
);

const commands = {
  check: ["check", file],
  explain: ["explain", file, "--request", JSON.stringify(request)],
  test: ["test", join(home, "policies")],
};

describe("where the variable holds the keys", () => {
  test.each(Object.values(commands))("lictor %s takes them", (...parameters) => {
    const { status, stdout, stderr } = lictor(parameters, { CORP_JWKS });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).not.toContain("not_ready");
  });
});

describe.each([
  ["is not set", {}, "is not set"],
  ["is empty", { CORP_JWKS: "" }, "holds no usable JWK Set"],
  ["holds something else", { CORP_JWKS: "s3cret-value" }, "holds no usable JWK Set"],
])("where the variable %s", (_, environment, why) => {
  const message = new RegExp(`policy\\.json:1:\\d+: the variable \`CORP_JWKS\` ${why}; `);

  test("lictor check warns, and names the document all the same", () => {
    for (const format of ["pretty", "json", "sarif"]) {
      const { status, stdout, stderr } = lictor([...commands.check, "--format", format], environment);
      expect(status).toBe(0);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^lictor: warning: .*\n$/);
      expect(stdout + stderr).not.toContain("s3cret");
    }
    const hash = /sha256 ([0-9a-f]{64})/;
    const ready = lictor(commands.check, { CORP_JWKS }).stdout;
    expect(lictor(commands.check, environment).stdout).toBe(ready);
    expect(ready).toMatch(hash);
    expect(ready).toContain("revision r1,");
  });

  test.each([commands.explain, commands.test])("lictor %s refuses it with 2", (...parameters) => {
    const { status, stdout, stderr } = lictor(parameters, environment);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("s3cret");
  });
});

test("of two variables the one that is missing is named, where the rule names it", () => {
  const rules = ["CORP_JWKS", "OTHER_JWKS"].map((jwksEnv, index) => ({
    issuer: `${issuer}/${index}`,
    algorithms: ["HS256"],
    jwksEnv,
  }));
  const two = join(home, "two.json");
  writeFileSync(two, JSON.stringify({ ...document, jwtRules: rules }, undefined, 2));
  const { stderr } = lictor(["check", two], { CORP_JWKS });
  expect(stderr).toMatch(/^lictor: warning: .*two\.json:17:18: the variable `OTHER_JWKS` is not set; .*\n$/);
});

test("names of the language's own are variables like others", () => {
  const odd = join(home, "odd.json");
  const jwtRules = ["constructor", "__proto__"].map((jwksEnv, index) => ({ issuer: `a${index}`, jwksEnv }));
  writeFileSync(odd, JSON.stringify({ ...document, jwtRules }));
  const { status, stderr } = lictor(["check", odd]);
  expect(status).toBe(0);
  expect(stderr).toMatch(/`constructor` is not set[^]*`__proto__` is not set/);
});
