/** Files that are no UTF-8: no command reads something else into them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lictor } from "./lictor.ts";

const home = mkdtempSync(join(tmpdir(), "lictor-utf8-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** With the byte FF for `?`. */
function write(name: string, text: string): string {
  const file = join(home, name);
  writeFileSync(file, Buffer.from(text.replace("?", "\u00ff"), "latin1"));
  return file;
}

const policy = write("policy.json", '{"apiVersion":"lictor/v1",\n "revision":"a?b"}');
const rows = write("tests.json", "[]");
const request = { method: "GET", host: "a", path: "/" };
const minted = { ...request, token: { issuer: "a" } };
const refusal = "policy.json:2:15: lictor refused not_utf8 at /: expected well-formed UTF-8\n";

test.each([
  ["check", policy],
  ["explain", policy, "--request", JSON.stringify(request)],
  ["explain", policy, "--request", JSON.stringify(minted)],
  ["test", rows],
  ["run", "--policy", policy, "--upstream", "127.0.0.1:1"],
])("lictor %s %s refuses a policy in the filter's words", (...parameters) => {
  const { status, stdout, stderr } = lictor(parameters);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr.endsWith(refusal)).toBe(true);
});

test("lictor check says so in JSON as well", () => {
  const { status, stdout } = lictor(["check", "--format", "json", policy]);
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    files: [
      {
        loads: false,
        refusal: expect.stringContaining("not_utf8"),
        region: { start: { line: 2, column: 15 } },
      },
    ],
  });
});

const folder = join(home, "rows");
mkdirSync(folder);
writeFileSync(join(folder, "policy.json"), '{"apiVersion":"lictor/v1"}');

test.each([
  ["rows of tests", write("rows/tests.json", '[{"name":"?"}]'), ["test", folder], "tests.json:1:11"],
  [
    "a request",
    write("request.json", '{"?'),
    ["explain", policy, "--request", `@${home}/request.json`],
    "request.json:1:3",
  ],
  [
    "resources of Istio",
    write("istio.yaml", "kind: x\n# caf\u00e9 ?\n"),
    ["import", "istio", `${home}/istio.yaml`],
    "istio.yaml:2:6",
  ],
])("%s are refused with the place", (_, _file, parameters, place) => {
  const { status, stdout, stderr } = lictor(parameters);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr.endsWith(`${place}: expected UTF-8\n`)).toBe(true);
});
