/** What `lictor explain` shows beside the record. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const command = fileURLToPath(new URL("../../../cli/bin/lictor.js", import.meta.url));
const policies = fileURLToPath(new URL("../../../policies/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lictor-explain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const token = (claims: object) => ({
  issuer: "https://idp.example.com",
  audience: "orders",
  subject: "alice",
  claims,
});
const request = (members: object) => ({ method: "GET", host: "shop", path: "/", ...members });

function explain(policy: string, sent: object, ...options: string[]) {
  const file = policy.endsWith(".json") ? policy : join(policies, policy, "policy.json");
  const parameters = [command, "explain", file, "--request", JSON.stringify(sent), ...options];
  return spawnSync(process.execPath, parameters, {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
}

describe("lictor explain shows", () => {
  test.each<[string, string, object, string[], string[]]>([
    [
      "the nearest rule with what it asked for and what there was",
      "levels-and-lists",
      request({
        method: "POST",
        path: "/refunds/7/approve",
        token: token({ clearance: { level: 2 }, permissions: ["refunds:read"] }),
      }),
      [],
      [
        "ALLOW shop/approve\n  rule 0 fails  <- nearest\n    fails when[0].request.auth.claims[clearance][level]\n",
        "      asked for  lt 10, gte 3\n      there was  2\n",
        '      there was  ["refunds:read"]\n',
        "    unknown when[2].request.auth.claims[suspended]\n      asked for  ne true\n      there was  nothing\n",
      ],
    ],
    [
      "both sides of a comparison",
      "tenant-isolation",
      request({ path: "/tenants/globex", token: token({ tenant: "acme" }) }),
      [],
      [
        'asked for  sameAs request.path{tenant}\n      there was  "acme"\n      request.path{tenant}  "globex"\n',
      ],
    ],
    [
      "the deciding rule, and the rules whose `to` holds",
      "public-health",
      request({ path: "/healthz" }),
      [],
      [
        "ALLOW health\n  rule 0 holds  <- decides\nALLOW from-shop\n  rule 0 fails\n",
        "    fails from[0].source.namespaces\n",
      ],
    ],
    [
      "the time and the day",
      "business-hours",
      request({
        path: "/support/a",
        token: token({ groups: ["support"] }),
        time: "2026-11-28T19:00:00+01:00",
      }),
      [],
      ['there was  "sat"', 'there was  "2026-11-28T18:00:00.000Z"'],
    ],
    [
      "addresses",
      "admin-network",
      request({ path: "/admin", token: token({ groups: ["admins"] }), remote: "198.51.100.9" }),
      [],
      [
        'fails from[0].source.remoteIpBlocks\n      asked for  ["203.0.113.0/24","2001:db8:10::/48"]\n      there was  "198.51.100.9"',
      ],
    ],
    [
      "every rule on demand",
      "service-reads-writes",
      request({ path: "/orders/7", peer: "spiffe://cluster.local/ns/shop/sa/web" }),
      ["--all"],
      [
        "ALLOW shop/checkout-writes\n  rule 0 fails\n",
        'fails to[1].operation.methods\n      asked for  ["PUT","DELETE"]\n      there was  "GET"',
      ],
    ],
    [
      "that the policies were not asked",
      "public-health",
      request({ path: "/a//b" }),
      [],
      ["path_ambiguous", "the request was refused before the policies were asked\n"],
    ],
  ])("%s", (_, policy, sent, options, expected) => {
    const { stdout } = explain(policy, sent, ...options);
    for (const text of expected) expect(stdout).toContain(text);
  });

  test("rules that have nothing to do with the request only on demand", () => {
    const sent = request({ path: "/orders/7", peer: "spiffe://cluster.local/ns/shop/sa/web" });
    expect(explain("service-reads-writes", sent).stdout).not.toContain("checkout-writes");
  });
});

test("lictor explain traces what it decided: addresses and ports that the request leaves to their defaults", () => {
  const file = join(folder, "addresses.json");
  const when = [
    { key: "destination.ip", values: ["127.0.0.1"] },
    { key: "destination.port", values: ["8080"] },
    { key: "remote.ip", values: ["10.0.0.1"] },
  ];
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: "lictor/v1", policies: [{ name: "p", rules: [{ when }] }] }),
  );
  const { stdout } = explain(file, request({}));
  expect(stdout).not.toContain("destination.ip");
  expect(stdout).toContain('destination.port\n      asked for  values ["8080"]\n      there was  80\n');
  expect(stdout).toContain('remote.ip\n      asked for  values ["10.0.0.1"]\n      there was  "127.0.0.1"\n');
});

test("lictor explain says that a document only observes", () => {
  const file = join(folder, "observing.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "lictor/v1", mode: "OBSERVE" }));
  const { stdout, status } = explain(file, request({}));
  expect(stdout).toContain("decision  deny 403\n");
  expect(stdout).toContain("mode      OBSERVE: recorded only, the request goes on\n");
  expect(status).toBe(1);
});

describe("lictor explain does not show", () => {
  const secret = "s3cret-value";
  const header = (name: string) => ({ key: `request.headers[${name}]`, values: ["x"] });
  const file = join(folder, "secrets.json");
  const when = [header("authorization"), header("cookie"), header("x-copy"), header("x-plain")];

  test.each([
    ["an authorization header", [["authorization", `Basic ${secret}`]]],
    ["a cookie", [["cookie", `session=${secret}`]]],
    ["a header that looks like a token", [["x-copy", `eyJ${secret}.eyJ.x`]]],
  ])("%s", (_, headers) => {
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: "lictor/v1", policies: [{ name: "p", rules: [{ when }] }] }),
    );
    const { stdout } = explain(file, request({ headers: [...headers, ["x-plain", "plain-value"]] }));
    expect(stdout).toContain('there was  "(not shown)"');
    expect(stdout).toContain('there was  "plain-value"');
    expect(stdout).not.toContain(secret);
  });

  test("a token, wherever it stands, nor its trace in JSON", () => {
    const sent = request({ path: "/orders/1", token: token({ scope: "none" }) });
    for (const options of [[], ["--all"], ["--json"]]) {
      const { stdout, status } = explain("orders-read", sent, ...options);
      expect(status).toBe(1);
      expect(stdout).not.toMatch(/eyJ/);
    }
  });
});

test.each([
  ["an address that is none", { remote: "office" }, "remote: expected an IP address"],
  ["a time without its zone", { time: "2026-11-28 10:00" }, "time: "],
  ["a port out of range", { port: 70000 }, "port: "],
  [
    "a member of the token that is not known",
    { token: { issuer: "a", isuer: "b" } },
    "token.isuer: there is no member",
  ],
])("lictor explain refuses %s with 2", (_, members, message) => {
  const { status, stderr } = explain("public-health", request(members));
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) as string });
});
