import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { lictor as runToEnd, policies } from "./lictor.ts";

const folder = mkdtempSync(join(tmpdir(), "lictor-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lictor = (...parameters: string[]) => runToEnd(parameters);

describe("lictor", () => {
  test("explains itself, every command too, with exit codes and examples", () => {
    const help = lictor("--help");
    expect(help.status).toBe(0);
    expect(help.stdout).toContain("Exit codes:");
    for (const name of ["check", "explain", "import", "run", "test", "token"]) {
      expect(help.stdout).toContain(`  ${name}`);
      expect(lictor(name, "--help")).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(`Usage: lictor ${name}`),
      });
    }
  });

  test("answers no command with 2 and its help", () => {
    expect(lictor()).toMatchObject({ status: 2, stderr: expect.stringMatching(/^Usage: lictor /) as string });
  });

  test.each([
    ["an unknown command", ["enforce"]],
    ["an unknown option", ["check", "--fast", "x"]],
    ["a missing option", ["run", "--policy", "p.json"]],
    ["a wrong value", ["run", "--policy", "p.json", "--upstream", "a"]],
  ])("answers %s with 2, in one line like every error", (_, parameters) => {
    const { status, stderr } = lictor(...parameters);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lictor: error: [^\n]+\n$/);
  });

  test("says its version, and that of the Envoy it runs", () => {
    expect(lictor("--version")).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^lictor \d+\.\d+\.\d+, Envoy \d+\.\d+\.\d+\n$/) as string,
      stderr: "",
    });
  });

  test("says what it did not expect on one line, with 3, and where on demand only", () => {
    const parameters = ["run", "--policy", join(policies, "public-health/policy.json"), "--upstream", "a:1"];
    const environment = { TMPDIR: "/nowhere", LICTOR_ENVOY: process.execPath, LICTOR_DEBUG: "" };
    const { status, stderr } = runToEnd(parameters, environment);
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^lictor: error: unexpected, please report it with what LICTOR_DEBUG=1 prints: ENOENT[^\n]*\n$/,
    );
    expect(runToEnd(parameters, { ...environment, LICTOR_DEBUG: "1" }).stderr).toMatch(/\n {4}at /);
  });
});

describe("lictor check", () => {
  test("says that a document loads, with its hash", () => {
    const result = lictor("check", join(policies, "orders-read/policy.json"));
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect(result.stdout).toMatch(/policy\.json: loads, revision orders-1, sha256 [0-9a-f]{64}\n$/);
  });

  test("says what is wrong with one that does not, in the filter's own words", () => {
    const result = lictor("check", join(policies, "_refused/unknown-member/policy.json"));
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain("lictor refused unknown_member at /polices: expected ");
  });

  test("says where in the file", () => {
    const file = join(policies, "_refused/unknown-member/policy.json");
    expect(lictor("check", file).stderr).toContain(`${file}:3:3: lictor refused`);
  });

  test("names a file that is not there, once", () => {
    expect(lictor("check", "nowhere.json")).toMatchObject({
      status: 2,
      stderr: "lictor: error: cannot read `nowhere.json`: no such file or directory\n",
    });
  });
});

describe("lictor explain", () => {
  const request = (path: string) => JSON.stringify({ method: "GET", host: "shop", path });
  const policy = join(policies, "public-health/policy.json");

  test("exits with 0 for an allowed request, and names the policy", () => {
    const result = lictor("explain", policy, "--request", request("/healthz"));
    expect(result.status).toBe(0);
    expect(result.stdout).toContain("policy health, rule 0");
  });

  test("exits with 1 for a denied one, and names what failed", () => {
    const result = lictor("explain", policy, "--request", request("/carts"));
    expect(result.status).toBe(1);
    expect(result.stdout).toContain(
      "nearest is policy from-shop, rule 0, which failed at from[0].source.namespaces",
    );
  });

  test("takes the request from a file, mints its token, and prints record and trace", () => {
    const file = join(folder, "request.json");
    const token = { issuer: "https://idp.example.com", audience: "orders", claims: { scope: "orders:read" } };
    const peer = "spiffe://cluster.local/ns/shop/sa/web";
    writeFileSync(file, JSON.stringify({ method: "GET", host: "o", path: "/orders/1", peer, token }));
    const result = lictor(
      "explain",
      join(policies, "orders-read/policy.json"),
      "--request",
      `@${file}`,
      "--json",
    );
    expect(result.status).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      record: { decision: "allow", policy: "shop/orders-read", peer },
      trace: {
        asked: true,
        policies: [{ name: "shop/orders-read", rules: [{ truth: "true", isDecider: true }] }],
      },
    });
  });

  test.each([
    ["no JSON", "GET /"],
    ["an unknown member", '{"method":"GET","host":"a","path":"/","verb":"x"}'],
  ])("refuses %s with 2", (_, text) => {
    expect(lictor("explain", policy, "--request", text).status).toBe(2);
  });
});

describe("lictor import istio", () => {
  const resource = (spec: string, kind = "AuthorizationPolicy") =>
    `apiVersion: security.istio.io/v1\nkind: ${kind}\nmetadata: {name: web, namespace: shop}\nspec: ${spec}\n`;
  const write = (text: string) => {
    const file = join(folder, "istio.yaml");
    writeFileSync(file, text);
    return file;
  };

  test("prints a document that lictor explain decides with", () => {
    const file = write(resource("{rules: [{to: [{operation: {paths: [/open]}}]}]}"));
    const output = join(folder, "imported.json");
    expect(lictor("import", "istio", file)).toMatchObject({ status: 0, stderr: "" });
    expect(lictor("import", "istio", file, "--output", output)).toMatchObject({ status: 0, stdout: "" });
    expect(readFileSync(output, "utf8")).toBe(lictor("import", "istio", file).stdout);
    const explain = (path: string) =>
      lictor("explain", output, "--request", JSON.stringify({ method: "GET", host: "a", path })).status;
    expect([explain("/open"), explain("/closed")]).toEqual([0, 1]);
  });

  test("prints nothing but errors where something cannot be expressed", () => {
    const file = write(resource("{action: CUSTOM, provider: {name: a}, rules: [{}]}"));
    const result = lictor("import", "istio", file);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toBe(
      `lictor: error: ${file}:4:16: CUSTOM asks another service, which a document cannot express\n`,
    );
  });

  test("writes no document where nothing applies to the workload", () => {
    const file = write(resource("{selector: {matchLabels: {app: other}}, rules: [{}]}"));
    const result = lictor("import", "istio", file, "--labels", "app=orders");
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain("the workload has no label `app=other`: left out\n");
    expect(result.stderr).toContain("nothing to import: ");
  });

  test("names the resource of what the filter refuses", () => {
    const file = write(
      resource('{jwtRules: [{issuer: a, jwks: \'{"keys":[{"kty":"EC"}]}\'}]}', "RequestAuthentication"),
    );
    const result = lictor("import", "istio", file);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain(`${file}:4:37: lictor refused bad_key at /jwtRules/0/jwks: expected `);
  });

  test.each([
    ["no file", []],
    ["labels without values", ["a.yaml", "--labels", "app"]],
    ["a file that is not there", ["nowhere.yaml"]],
  ])("answers %s with 2", (_, parameters) => {
    expect(lictor("import", "istio", ...parameters).status).toBe(2);
  });
});

test("lictor token mints what lictor explain accepts", () => {
  const token = lictor("token", "--audience", "orders", "--claims", '{"scope":"orders:read"}').stdout.trim();
  const keys = lictor("token", "--jwks").stdout;
  const policy = JSON.parse(readFileSync(join(policies, "orders-read/policy.json"), "utf8"));
  policy.jwtRules[0].jwks = keys;
  const file = join(folder, "minted.json");
  writeFileSync(file, JSON.stringify(policy));
  const peer = "spiffe://cluster.local/ns/shop/sa/web";
  const request = JSON.stringify({ method: "GET", host: "o", path: "/orders/1", peer, token });
  expect(lictor("explain", file, "--request", request).status).toBe(0);
});
