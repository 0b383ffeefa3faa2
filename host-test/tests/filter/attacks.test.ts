/** Ways around the filter that were found once, and are closed. */
import { describe, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { loadPolicy } from "../corpus/enforce.ts";
import { mintToken } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const now = Math.floor(Date.now() / 1000);

describe("a header that only a verified token writes", () => {
  const jwtRules = [
    { issuer: ISSUER, jwks: mintedKeys, outputClaimToHeaders: [{ header: "x-user", claim: "sub" }] },
  ];
  const token = mintToken({ issuer: ISSUER, subject: "alice" });

  test.each(["x_user", "X_User"])("refuses %s, which servers take for it", async (name) => {
    const host = await loadFilter(documentWith({ jwtRules }));
    const stream = host.request(lines("/a", bearer(token), [name.toLowerCase(), "admin"]));
    expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
  });

  test("refuses it too where a rule reads the other spelling", async () => {
    const rule = { when: [{ key: "request.headers[x_user]", values: ["*"] }] };
    const host = await loadFilter(documentWith({ jwtRules, policies: [{ name: "p", rules: [rule] }] }));
    const stream = host.request(lines("/a", bearer(token), ["x_user", "admin"]));
    expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
  });

  test("refuses it where overrides are kept, as an import from Istio keeps them", async () => {
    const host = await loadFilter(documentWith({ jwtRules, requests: { overrides: "KEEP" } }));
    const stream = host.request(lines("/a", bearer(token), ["x_user", "admin"]));
    expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
  });

  test("lets other headers with the same length through", async () => {
    const host = await loadFilter(documentWith({ jwtRules }));
    expect(host.request(lines("/a", bearer(token), ["x-team", "a"])).reply).toBeUndefined();
  });
});

test("a header that restates the path is refused where a rule reads its query", async () => {
  const rule = { when: [{ key: "request.query[role]", eq: "admin" }] };
  const host = await loadFilter(
    documentWith({ policies: [{ name: "p", action: "DENY", rules: [rule] }], defaultAction: "ALLOW" }),
  );
  const stream = host.request(lines("/a?role=user", ["x-original-url", "/a?role=admin"]));
  expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
});

test("a token that another rule will accept later is not kept as the present one's", async () => {
  const rule = (name: string, clockSkew: string) => ({ name, issuer: ISSUER, jwks: mintedKeys, clockSkew });
  const document = (tokenCache: number) =>
    documentWith({
      jwtRules: [rule("strict", "0s"), rule("loose", "60s")],
      policies: [
        {
          name: "banned",
          action: "DENY",
          rules: [{ when: [{ key: "request.auth[strict].claims[role]", values: ["banned"] }] }],
        },
      ],
      defaultAction: "ALLOW",
      limits: { tokenCache },
    });
  const token = mintToken({
    issuer: ISSUER,
    subject: "a",
    claims: { role: "banned" },
    now: now + 5,
    alg: "ES256",
  });
  for (const tokenCache of [0, 1000]) {
    const host = await loadFilter(document(tokenCache), { nowMs: now * 1000 });
    expect(recordOf(host.request(lines("/a", bearer(token))))["decision"]).toBe("allow");
    host.clock.set((now + 100) * 1000);
    expect(recordOf(host.request(lines("/a", bearer(token))))).toMatchObject({ reason: "policy_denied" });
  }
});

test.each(["access%5Ftoken", "%61ccess_token", "access_token"])(
  "a parameter written %s is no way past",
  async (name) => {
    const jwtRules = [{ issuer: ISSUER, jwks: mintedKeys, fromParams: ["access_token"] }];
    const host = await loadFilter(documentWith({ jwtRules, requests: { ambiguousPaths: "KEEP" } }));
    expect(host.request(lines(`/open?${name}=a.b.c`)).reply?.status).toBe(401);
    expect(host.request(lines("/open?access%5Ftoke=a")).reply).toBeUndefined();
  },
);

describe("documents within the limits", () => {
  const named = (operations: number, conditions: number) => [
    {
      name: "p",
      rules: [
        {
          to: Array.from({ length: operations }, (_, n) => ({ operation: { paths: [`/a${n}/{x}`] } })),
          when: Array.from({ length: conditions }, () => ({ key: "request.path{x}", eq: "1" })),
        },
      ],
    },
  ];
  const principals = (count: number) => [
    {
      name: "p",
      rules: [
        {
          from: [
            { source: { principals: Array.from({ length: count }, (_, n) => `cluster.local/ns/a/sa/${n}`) } },
          ],
        },
      ],
    },
  ];
  const pairs = (count: number) => [
    {
      name: "p",
      rules: [
        {
          when: Array.from({ length: count }, (_, n) => ({
            key: `request.auth.claims[a${n}]`,
            sameAs: "request.method",
          })),
        },
      ],
    },
  ];
  const domains = Array.from({ length: 16 }, (_, n) => `td${n}`);

  test.each<[string, object, string | undefined]>([
    ["20,000 operations with names", { policies: named(20_000, 1) }, undefined],
    ["names and conditions that multiply", { policies: named(2_000, 101) }, "too_large"],
    [
      "principals over 200,000 with their aliases",
      { policies: principals(12_501), identity: { trustDomains: domains } },
      "too_many",
    ],
    ["a trust domain of 256 bytes", { identity: { trustDomains: ["a".repeat(256)] } }, "too_large"],
    ["a trust domain of 255 bytes", { identity: { trustDomains: ["a".repeat(255)] } }, undefined],
    ["256 pairs in sameAs", { policies: pairs(256) }, undefined],
    ["257 pairs in sameAs", { policies: pairs(257) }, "too_many"],
    [
      "a number that is rounded",
      {
        policies: [{ name: "p", rules: [{ when: [{ key: "request.auth.claims[a]", eq: 2 ** 53 + 2 }] }] }],
      },
      "bad_value",
    ],
    [
      "a name that is none",
      {
        policies: [
          {
            name: "p",
            rules: [
              { to: [{ operation: { paths: ["/{**}"] } }], when: [{ key: "request.path{**}", eq: "a" }] },
            ],
          },
        ],
      },
      "bad_value",
    ],
  ])("%s load, or are refused, within two seconds", (_, members, code) => {
    const started = performance.now();
    const refusal = loadPolicy(documentWith(members as Record<string, unknown>));
    expect(performance.now() - started).toBeLessThan(2_000);
    if (code === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(`lictor refused ${code} at `);
  });
});
