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

  test.each(["x_user", "X_User", "x.user", "x~user"])(
    "refuses %s, which servers take for it",
    async (name) => {
      const host = await loadFilter(documentWith({ jwtRules }));
      const stream = host.request(lines("/a", bearer(token), [name.toLowerCase(), "admin"]));
      expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
    },
  );

  test.each([62, 63, 64, 65, 126, 127])(
    "refuses its other spelling where names have %i bytes, and reads others as long",
    async (bytes) => {
      const name = `x-${"u".repeat(bytes - 2)}`;
      const sibling = `${name.slice(0, -1)}v`;
      const outputs = [{ ...jwtRules[0], outputClaimToHeaders: [{ header: name, claim: "sub" }] }];
      const when = [name, sibling].map((key) => ({ key: `request.headers[${key}]`, values: ["alice"] }));
      const policies = [{ name: "both", rules: [{ when }] }];
      const host = await loadFilter(documentWith({ jwtRules: outputs, policies }));
      const send = (...more: [string, string][]) =>
        recordOf(host.request(lines("/a", bearer(token), ...more)));
      expect(send([sibling, "alice"])).toMatchObject({ decision: "allow" });
      expect(send([`${sibling}w`, "alice"])).toMatchObject({ reason: "no_policy_allowed" });
      expect(send([sibling, "alice"], [name.replace("-", "_"), "admin"])).toMatchObject({
        reason: "override_header",
      });
    },
  );

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

describe("a value with white space around it, as HTTP/2 lets it through,", () => {
  const deny = { when: [{ key: "request.headers[x-debug]", values: ["on"] }] };
  const policies = [{ name: "no-debug", action: "DENY", rules: [deny] }];

  test.each([
    ["before a token", ["authorization", " Bearer forged"]],
    ["before a token, a tab", ["authorization", "\tBearer forged"]],
    ["behind a token", ["authorization", "Bearer forged "]],
    ["before a value that a rule denies", ["x-debug", " on"]],
    ["behind a value that a rule denies", ["x-debug", "on\t"]],
  ] as [string, [string, string]][])("%s is refused", async (_, header) => {
    const host = await loadFilter(documentWith({ policies, defaultAction: "ALLOW" }));
    const stream = host.request(lines("/a", header));
    expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "request_malformed" });
  });

  test("in a header that nothing reads is none of our business", async () => {
    const host = await loadFilter();
    expect(host.request(lines("/open", ["x-other", " a "])).reply).toBeUndefined();
  });
});

describe("a token that a server finds and the filter would not", () => {
  const rule = (place: object) => [{ issuer: ISSUER, jwks: mintedKeys, ...place }];
  const cookies = rule({ fromCookies: ["session"] });
  const good = mintToken({ issuer: ISSUER, subject: "bob" });

  test.each<[string, object[], [string, string], string]>([
    ["behind a tab in a cookie line", cookies, ["cookie", "a=b;\tsession=forged"], "token_malformed"],
    ["with a tab before its equals sign", cookies, ["cookie", "session\t=forged"], "token_malformed"],
    ["beside a good one", cookies, ["cookie", `session=${good};\tsession=forged`], "header_merged"],
    ["behind a space in another cookie", cookies, ["cookie", "a=b session=forged"], "header_merged"],
    ["behind a comma in another cookie", cookies, ["cookie", "a=b,session =forged"], "header_merged"],
    ["in a cookie with an escaped name", cookies, ["cookie", "%73ession=forged"], "header_merged"],
    ["behind a vertical tab", cookies, ["cookie", "a=b\u000bsession=forged"], "header_merged"],
    ["behind a tab after its scheme", rule({}), ["authorization", "Bearer\tforged"], "token_malformed"],
    ["in a merged value", rule({}), ["authorization", "Basic x,\tBearer forged"], "header_merged"],
    [
      "in another spelling of its header",
      rule({ fromHeaders: [{ name: "x-jwt-assertion" }] }),
      ["x_jwt_assertion", "forged"],
      "override_header",
    ],
  ])("%s is refused", async (_, jwtRules, header, reason) => {
    const host = await loadFilter(documentWith({ jwtRules }));
    expect(recordOf(host.request(lines("/open", header)))).toMatchObject({ decision: "deny", reason });
  });

  test.each([
    ["whose value has spaces and commas", "a=Wed, 21 Oct 2026; b=x y"],
    ["whose name ends as the token's does", "mysession=1; a=b mysession=2"],
    ["that only names it", "a=b session; c=session d"],
  ])("does not stand in a cookie %s", async (_, line) => {
    const host = await loadFilter(documentWith({ jwtRules: cookies }));
    expect(host.request(lines("/open", ["cookie", line])).reply).toBeUndefined();
  });
});

test("cookies cost the same however many places of tokens are cookies", async () => {
  const places = (count: number) => Array.from({ length: count }, (_, index) => `token-${index}`);
  const fuelWith = async (count: number) => {
    const jwtRules = [{ issuer: ISSUER, jwks: mintedKeys, fromCookies: places(count) }];
    const host = await loadFilter(documentWith({ jwtRules }), { engine: "wasmtime" });
    return host.request(lines("/open", ["cookie", "a;".repeat(20_000)])).fuel;
  };
  expect((await fuelWith(16)) / (await fuelWith(1))).toBeLessThan(6);
});

test("a header that restates the path is refused where a rule reads its query", async () => {
  const rule = { when: [{ key: "request.query[role]", eq: "admin" }] };
  const host = await loadFilter(
    documentWith({ policies: [{ name: "p", action: "DENY", rules: [rule] }], defaultAction: "ALLOW" }),
  );
  const stream = host.request(lines("/a?role=user", ["x-original-url", "/a?role=admin"]));
  expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
});

test.each(["x_user", "x-original-url"])("a tunnel without a path is no way past for %s", async (name) => {
  const jwtRules = [
    { issuer: ISSUER, jwks: mintedKeys, outputClaimToHeaders: [{ header: "x-user", claim: "sub" }] },
  ];
  const tunnels = { name: "tunnels", rules: [{ to: [{ operation: { methods: ["CONNECT"] } }] }] };
  const host = await loadFilter(documentWith({ jwtRules, policies: [tunnels] }));
  const connect: [string, string][] = [
    [":method", "CONNECT"],
    [":authority", "a.test:443"],
  ];
  expect(recordOf(host.request(connect))).toMatchObject({ decision: "allow" });
  const stream = host.request([...connect, [name, "/admin"]]);
  expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
});

test.each(["x-http-method-override", "x_http_method_override", "x.http.method.override"])(
  "%s is refused where a rule names methods",
  async (name) => {
    const rule = { to: [{ operation: { methods: ["DELETE"] } }] };
    const host = await loadFilter(
      documentWith({ policies: [{ name: "p", action: "DENY", rules: [rule] }], defaultAction: "ALLOW" }),
    );
    const stream = host.request(lines("/a", [name, "DELETE"]));
    expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "override_header" });
  },
);

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

test.each([
  "access%5Ftoken",
  "%61ccess_token",
  "access_token",
  "+access_token",
  "%20access_token",
  "access.token",
  "access+token",
  "access_token[]",
  "access_token%00x",
  "x=1;access_token",
])("a parameter written %s is no way past", async (name) => {
  const jwtRules = [{ issuer: ISSUER, jwks: mintedKeys, fromParams: ["access_token"] }];
  const host = await loadFilter(documentWith({ jwtRules, requests: { ambiguousPaths: "KEEP" } }));
  expect(host.request(lines(`/open?${name}=a.b.c`)).reply?.status).toBe(401);
  for (const other of [
    "access%5Ftoke=a",
    "x.access_token=a",
    "a=access_token",
    "b[access_token]=1",
    "x=1;y=2",
  ])
    expect(host.request(lines(`/open?${other}`)).reply).toBeUndefined();
});

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
    ["a trust domain of 256 bytes", { identity: { trustDomains: ["a".repeat(256)] } }, "bad_value"],
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
