import { describe, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { loadPolicy } from "../corpus/enforce.ts";
import {
  conditionOf,
  documentOf,
  jwtRuleOf,
  operationOf,
  policyOf,
  rows,
  ruleOf,
  sourceOf,
  type Row,
} from "./rows.ts";
import { schemaAccepts } from "./schema.ts";

/** Runs the table: what the schema says, and what the filter says, of each document. */
function agree(title: string, table: Row[]): void {
  describe(title, () => {
    test.each(table.map((row) => [row.verdict, row.name, row] as const))("%s: %s", (verdict, _, row) => {
      const refusal = loadPolicy(JSON.stringify(row.document));
      expect(schemaAccepts(row.document)).toBe(verdict !== "bad");
      if (verdict === "good") expect(refusal).toBeUndefined();
      else
        expect(refusal).toContain(verdict === "later" ? "lictor refused not_supported " : "lictor refused ");
    });
  });
}

agree("the document", [
  ...rows("good", documentOf, [
    {},
    { revision: "a.b_C-9", seal: "0123456789abcdef", mode: "OBSERVE" },
    { revision: "", seal: "", mode: "ENFORCE" },
    { identity: {}, jwtRules: [], policies: [], limits: {}, requests: {} },
    { identity: { source: "NONE", trustDomains: ["cluster.local"], xfccFrom: [], peerAddress: "" } },
    { identity: { trustDomains: ["cluster.local", "old.example"] } },
    { defaultAction: "ALLOW", validation: [], containment: {}, audit: {} },
    { limits: { tokenBytes: 65536, tokenCache: 0 } },
    { limits: { tokenBytes: 1, tokenCache: 8000 } },
    { requests: { ambiguousPaths: "KEEP", overrides: "KEEP" } },
  ]),
  ...rows("bad", documentOf, [
    { apiVersion: "lictor/v2" },
    { apiVersion: 1 },
    { policy: [] },
    { revision: "a b" },
    { revision: "a".repeat(65) },
    { seal: "0123456789abcde" },
    { seal: "0123456789 abcdef" },
    { mode: "enforce" },
    { mode: null },
    { identity: [] },
    { identity: { source: "tls" } },
    { identity: { peerAddress: "XFF" } },
    { identity: { trustDomains: [""] } },
    { identity: { trustDomains: Array.from({ length: 17 }, (_, index) => `td${index}`) } },
    { identity: { trustDomains: "cluster.local" } },
    { identity: { trustDomain: [] } },
    { defaultAction: "AUDIT" },
    { validation: [{}] },
    { containment: { list: [] } },
    { audit: { all: true } },
    { limits: { tokenBytes: 0 } },
    { limits: { tokenBytes: 65537 } },
    { limits: { tokenBytes: 1.5 } },
    { limits: { tokenBytes: "8192" } },
    { limits: { tokenCache: -1 } },
    { limits: { tokenCache: 8001 } },
    { requests: { ambiguousPaths: "refuse" } },
    { requests: { paths: "KEEP" } },
    { policies: {} },
    { jwtRules: {} },
  ]),
  ...rows("later", documentOf, [
    { identity: { source: "XFCC" } },
    { identity: { source: "ISTIO" } },
    { identity: { xfccFrom: ["cluster.local/ns/edge/sa/gateway"] } },
  ]),
]);

agree("a token rule", [
  ...rows("good", jwtRuleOf, [
    { name: "" },
    { audiences: [], audienceMatching: "ENVOY" },
    { algorithms: ["RS256", "PS384", "ES512", "EdDSA", "HS256"] },
    { jwks: JSON.stringify(mintedKeys) },
    { jwks: undefined, jwksEnv: "CORP_JWKS" },
    { jwksUri: "", jwksCluster: "" },
    { fromHeaders: [{ name: "x-token" }, { name: "Authorization", prefix: "Bearer " }] },
    { fromParams: ["access_token"], fromCookies: ["session"] },
    { fromParams: [], fromCookies: [] },
    { forwardOriginalToken: true, presence: "REQUIRED", requireExpiry: false },
    { type: "at+jwt", clockSkew: "1m30s", maxAge: "250ms", maxLifetime: "" },
    { spaceDelimitedClaims: ["roles"], timeout: "" },
    { outputPayloadToHeader: "", outputClaimToHeaders: [] },
    { outputPayloadToHeader: "X-Payload", outputClaimToHeaders: [{ header: "x_user", claim: "a.b" }] },
  ]),
  ...rows("bad", jwtRuleOf, [
    { name: 1 },
    { issuer: "" },
    { issuer: undefined },
    { audiences: [""] },
    { audiences: "orders" },
    { audienceMatching: "envoy" },
    { algorithms: [] },
    { algorithms: ["none"] },
    { algorithms: ["rs256"] },
    { jwks: undefined },
    { jwks: "" },
    { jwks: { keys: [] } },
    { jwks: {} },
    { jwks: [] },
    { jwksEnv: "CORP_JWKS" },
    { jwks: undefined, jwksEnv: "CORP-JWKS" },
    { jwks: undefined, jwksEnv: "1CORP" },
    { fromHeaders: [] },
    { fromHeaders: [{}] },
    { fromHeaders: [{ name: "" }] },
    { fromHeaders: [{ name: "x token" }] },
    { fromHeaders: [{ name: "x-token", suffix: "" }] },
    { fromHeaders: ["x-token"] },
    { fromParams: [""] },
    { fromParams: ["a b"] },
    { fromCookies: ["a;b"] },
    { fromCookies: "session" },
    { forwardOriginalToken: "true" },
    { presence: "required" },
    { requireExpiry: 1 },
    { type: 1 },
    { clockSkew: "60" },
    { clockSkew: "-1s" },
    { clockSkew: "1.5s" },
    { clockSkew: 60 },
    { spaceDelimitedClaims: [""] },
    { presense: "REQUIRED" },
    { outputPayloadToHeader: "x payload" },
    { outputPayloadToHeader: "Host" },
    { outputClaimToHeaders: {} },
    { outputClaimToHeaders: [{ header: "x-user" }] },
    { outputClaimToHeaders: [{ header: "x-user", claim: "" }] },
    { outputClaimToHeaders: [{ header: "x%user", claim: "sub" }] },
    { outputClaimToHeaders: [{ header: "te", claim: "sub" }] },
    { outputClaimToHeaders: [{ header: "x-user", claim: "sub", list: true }] },
  ]),
  ...rows("loader", jwtRuleOf, [{ clockSkew: "8761h" }, { jwks: "{" }, { fromParams: ["a", "a"] }]),
  ...rows("later", jwtRuleOf, [
    { jwks: undefined, jwksUri: "https://idp.example.com/keys" },
    { jwks: undefined, jwksUri: "https://idp.example.com/keys", jwksCluster: "idp", timeout: "5s" },
  ]),
]);

agree("a policy", [
  ...rows("good", policyOf, [
    {},
    { namespace: "", action: "ALLOW", dryRun: false },
    { namespace: "shop", action: "DENY", dryRun: true },
    { action: "AUDIT" },
    { rules: [] },
    { rules: undefined },
    { response: {} },
  ]),
  ...rows("bad", policyOf, [
    { name: "" },
    { name: undefined },
    { namespace: 1 },
    { action: "CUSTOM" },
    { action: "deny" },
    { dryRun: "true" },
    { rules: {} },
    { rules: [null] },
    { action: "DENY", rules: [] },
    { action: "DENY", rules: undefined },
    { selector: {} },
  ]),
  ...rows("good", (response: unknown) => policyOf({ action: "DENY", response }), [
    { status: 404 },
    { status: 400, headers: [], body: "" },
    { status: 599, body: '{"title":"no"}', contentType: "application/problem+json" },
    {
      headers: [
        { name: "Retry-After", value: "60" },
        { name: "x-content-type", value: "" },
      ],
    },
    { headers: [{ name: "x", value: "a".repeat(1024) }] },
    { body: "a".repeat(4096) },
    { headers: Array.from({ length: 16 }, (_, index) => ({ name: `x-${index}`, value: "a b" })) },
  ]),
  ...rows("bad", (action: unknown) => policyOf({ action, response: { status: 404 } }), ["ALLOW", "AUDIT"]),
  ...rows("bad", (response: unknown) => policyOf({ action: "DENY", response }), [
    { status: 399 },
    { status: 600 },
    { status: 404.5 },
    { status: "404" },
    { headers: {} },
    { headers: [{ name: "x" }] },
    { headers: [{ value: "x" }] },
    { headers: [{ name: "x y", value: "1" }] },
    { headers: [{ name: "", value: "1" }] },
    { headers: [{ name: "x", value: "a\r\nb: c" }] },
    { headers: [{ name: "x", value: "a\u0000" }] },
    { headers: [{ name: "x", value: "a", append: true }] },
    { headers: [{ name: "Content-Length", value: "0" }] },
    { headers: [{ name: "te", value: "0" }] },
    { headers: [{ name: "x", value: "é" }] },
    { headers: [{ name: "x", value: "a".repeat(1025) }] },
    { headers: Array.from({ length: 17 }, (_, index) => ({ name: `x-${index}`, value: "a" })) },
    { body: "a".repeat(4097) },
    { body: {} },
    { contentType: "text/plain\n" },
    { code: 404 },
  ]),
]);

agree("a rule", [
  ...rows("good", ruleOf, [{}]),
  ...rows("bad", ruleOf, [
    { from: [] },
    { from: {} },
    { from: [{}] },
    { from: [{ source: {} }] },
    { from: [{ principals: ["a"] }] },
    { to: [] },
    { to: [{}] },
    { to: [{ operation: {} }] },
    { to: [{ operation: {}, source: {} }] },
    { when: [] },
    { when: {} },
    { froms: [] },
  ]),
]);

agree("a source", [
  ...rows("good", sourceOf, [
    { principals: ["*"], notPrincipals: ["cluster.local/ns/a/sa/b"] },
    { namespaces: ["a*b"], notNamespaces: ["*"] },
    { serviceAccounts: ["web"] },
    { serviceAccounts: ["shop/web"], notServiceAccounts: ["shop/guest"], trustDomains: ["td"] },
    { trustDomains: ["*", "*.prod", "eu*", "cluster.local"], notTrustDomains: ["x"] },
    { requestPrincipals: ["https://idp/*"], notRequestPrincipals: ["*"] },
    {
      ipBlocks: ["10.0.0.0/8", "1.2.3.4", "10.1.2.3/8"],
      notIpBlocks: ["::1", "fd00::/8", "::ffff:1.2.3.4", "::ffff:10.0.0.0/104"],
    },
    { remoteIpBlocks: ["0.0.0.0/0", "::/0"], notRemoteIpBlocks: ["203.0.113.7/32", "2001:db8::1/128"] },
  ]),
  ...rows("bad", sourceOf, [
    { principals: [] },
    { principals: [""] },
    { principals: "a" },
    { principals: [1] },
    { principal: ["a"] },
    { serviceAccounts: ["*"] },
    { serviceAccounts: ["a/b/c"] },
    { serviceAccounts: ["/b"] },
    { serviceAccounts: ["a/"] },
    { serviceAccounts: ["a"], principals: ["b"] },
    { notServiceAccounts: ["a"], notNamespaces: ["b"] },
    { serviceAccounts: Array.from({ length: 17 }, (_, index) => `s${index}`) },
    { trustDomains: ["a/b"] },
    { trustDomains: ["a*b"] },
    { trustDomains: ["*a*"] },
    { trustDomains: [""] },
    { ipBlocks: ["1.2.3"] },
    { ipBlocks: ["1.2.3.4/33"] },
    { ipBlocks: ["1.2.3.256"] },
    { ipBlocks: ["010.0.0.1"] },
    { ipBlocks: ["localhost"] },
    { ipBlocks: ["1.2.3.4/"] },
    { notIpBlocks: [":::"] },
    { remoteIpBlocks: ["fd00::/129"] },
    { remoteIpBlocks: ["fd00::g"] },
    { notRemoteIpBlocks: ["1:2:3:4:5:6:7:8:9"] },
  ]),
]);

test("peer addresses need their source: only a loader sees it", () => {
  const document = ruleOf({ from: [{ source: { ipBlocks: ["10.0.0.0/8"] } }] });
  expect(schemaAccepts(document)).toBe(true);
  expect(loadPolicy(JSON.stringify(document))).toContain("lictor refused ");
});

test("an account without a namespace needs the policy's: only a loader sees it", () => {
  const rules = [{ from: [{ source: { serviceAccounts: ["web"] } }] }];
  const document = policyOf({ rules, namespace: "" });
  expect(schemaAccepts(document)).toBe(true);
  expect(loadPolicy(JSON.stringify(document))).toContain("lictor refused ");
});

agree("an operation", [
  ...rows("good", operationOf, [
    { hosts: ["*"], notHosts: ["example.com:*"] },
    { ports: ["0", "80", "08080", "65535"], notPorts: ["1"] },
    { methods: ["GET"], notMethods: ["P*"] },
    { paths: ["/a*b", "*", "a", "/a//b", "*.secret"] },
    { paths: ["/{*}", "/a/{*}/b", "/a/{**}", "/{**}", "/a/{*}/", "/b/{**}/"], notPaths: ["/x/{*}"] },
    { paths: ["/tenants/{tenant}/orders/{*}", "/{a}/{_b1}/{**}", `/{${"a".repeat(32)}}`] },
  ]),
  ...rows("bad", operationOf, [
    { hosts: [] },
    { hosts: [""] },
    { ports: [80] },
    { ports: ["http"] },
    { ports: ["65536"] },
    { ports: ["-1"] },
    { ports: ["*"] },
    { methods: [""] },
    { methods: "GET" },
    { method: ["GET"] },
    { paths: [""] },
    { paths: ["/a{*}"] },
    { paths: ["/{*}.html"] },
    { paths: ["/{**}/{*}"] },
    { paths: ["/{**}/{*}"] },
    { paths: ["/{**}//"] },
    { paths: ["{*}"] },
    { paths: ["{**}"] },
    { paths: ["b/{*}"] },
    { paths: ["//{*}"] },
    { paths: ["/{*}//"] },
    { paths: ["/a//{*}"] },
    { paths: ["/a*/{*}"] },
    { paths: ["/a b/{*}"] },
    { paths: ["/é/{*}"] },
    { paths: ["/{***}"] },
    { paths: ["/a}"] },
    { paths: ["/{}"] },
    { paths: ["/{a b}"] },
    { paths: ["/{tenant}x"] },
    { paths: [`/{${"a".repeat(33)}}`] },
    { notPaths: ["/{tenant}"] },
  ]),
  ...rows("loader", operationOf, [{ paths: ["/{a}/{a}"] }]),
]);

const claimKeys = [
  "request.auth.audiences",
  "request.auth.presenter",
  "request.auth.claims[a]",
  "request.auth.claims[realm_access][roles]",
  "request.auth.claims[https://x/roles]",
  "request.auth.claims[a.b]",
  "request.auth.claims[a]b]",
  "request.auth.claims[a[b]",
  "request.auth[corp].claims[acr]",
  "request.auth[corp].claims[a][b]",
  "request.auth[corp].audiences",
  "request.auth[corp].presenter",
];
const textKeys = [
  "request.headers[x-team]",
  "request.headers[:authority]",
  "request.headers[X-Team]",
  "request.auth.principal",
  "request.auth[corp].principal",
  "source.namespace",
  "source.principal",
  "connection.sni",
];
const requestKeys = [
  "request.query[page]",
  "request.query[a[b]]",
  "request.method",
  "request.host",
  "request.path",
  "request.path{tenant}",
];
const valueKeys = [...claimKeys, ...textKeys];
const stringKeys = [...valueKeys, "source.serviceAccount", "source.trustDomain", ...requestKeys];
const comparableKeys = [...stringKeys, "destination.port"];
const addressKeys = ["source.ip", "remote.ip", "destination.ip"];
const timeKeys = ["request.time", "request.time.weekday"];

const unknownKeys = [
  "",
  "key",
  "Source.ip",
  "source.labels[a]",
  "request.headers",
  "request.headers[]",
  "request.headers[a b]",
  "request.headersX[a]",
  "request.auth.claims",
  "request.auth.claims[]",
  "request.auth.claims[a][]",
  "request.auth.claims[][a]",
  "request.auth.claims[a",
  "request.auth[].claims[a]",
  "request.auth[corp]",
  "request.auth[corp].claims",
  "request.auth[corp].claims[]",
  "request.auth[corp].subject",
  "request.query",
  "request.query[]",
  "request.path{}",
  "request.path{a b}",
  "request.time.hour",
  "destination.user",
  "experimental.envoy.filters.a.b[c]",
];

const plain = "request.headers[a]";

agree("the key of a condition", [
  ...rows("good", (key) => conditionOf({ key, values: ["a"] }), valueKeys),
  ...rows("bad", (key) => conditionOf({ key, values: ["a"] }), requestKeys),
  ...rows("good", (key) => conditionOf({ key, eq: "a" }), stringKeys),
  ...rows("bad", (key) => conditionOf({ key, eq: "a" }), [
    ...unknownKeys,
    ...addressKeys,
    "destination.port",
  ]),
  ...rows("good", (key) => conditionOf({ key, gt: 3 }), [...claimKeys, "destination.port"]),
  ...rows("bad", (key) => conditionOf({ key, gt: 3 }), [
    ...textKeys,
    ...requestKeys,
    ...addressKeys,
    ...timeKeys,
  ]),
  ...rows("good", (key) => conditionOf({ key, exists: true }), [
    ...comparableKeys,
    ...addressKeys,
    ...timeKeys,
  ]),
  ...rows("good", (key) => conditionOf({ key, sameAs: plain }), comparableKeys),
  ...rows("good", (sameAs) => conditionOf({ key: plain, sameAs }), comparableKeys),
  ...rows("bad", (key) => conditionOf({ key, sameAs: plain }), [...addressKeys, ...timeKeys]),
  ...rows("bad", (sameAs) => conditionOf({ key: plain, sameAs }), [...addressKeys, ...timeKeys]),
  ...rows("loader", (key) => conditionOf({ key, eq: "a" }), [
    "request.path{account}",
    "request.auth[nobody].principal",
  ]),
]);

agree("a condition with one type of values", [
  ...rows("bad", (eq) => conditionOf({ key: plain, eq }), [1, true]),
  ...rows("bad", (value) => conditionOf({ key: plain, noneOf: ["a", value] }), [1, true]),
  ...rows("good", (eq) => conditionOf({ key: "destination.port", eq }), [8080, 0, 65535]),
  ...rows("bad", (eq) => conditionOf({ key: "destination.port", eq }), ["8080", true, -1, 80.5, 65536]),
  ...rows("bad", (port) => conditionOf({ key: "destination.port", noneOf: [80, port] }), [-1, 80.5, 65536]),
]);

const port = (members: object) => conditionOf({ key: "destination.port", ...members });

agree("limits of ports", [
  ...rows("good", port, [{ lt: 1 }, { lt: 65536 }, { lte: 0 }, { gt: 65534 }, { gt: -1 }, { gte: 65535 }]),
  ...rows("bad", port, [{ lt: 0 }, { lte: -1 }, { gt: 65535 }, { gte: 65536 }]),
]);

agree("a condition with Istio's values", [
  ...rows("good", conditionOf, [
    { key: "source.ip", values: ["10.0.0.0/8", "::1"] },
    { key: "remote.ip", notValues: ["1.2.3.4"] },
    { key: "destination.ip", values: ["10.0.0.1"] },
    { key: "destination.port", values: ["80"], notValues: ["8080"] },
    { key: "source.serviceAccount", values: ["web", "shop/web"] },
    { key: "source.trustDomain", values: ["*.prod"] },
  ]),
  ...rows("bad", conditionOf, [
    { key: "source.namespace" },
    { key: "source.namespace", values: [] },
    { key: "source.namespace", values: [""] },
    { key: "source.namespace", values: "a" },
    { key: "source.namespace", values: [1] },
    { key: "source.namespace", value: ["a"] },
    { values: ["a"] },
  ]),
  ...rows("bad", conditionOf, [
    { key: "source.ip", values: ["a.b.c.d"] },
    { key: "remote.ip", notValues: ["x"] },
    { key: "destination.port", values: ["x"] },
    { key: "source.serviceAccount", values: ["*"] },
    { key: "source.trustDomain", values: ["*a*"] },
  ]),
]);

const claim = (members: object) => conditionOf({ key: "request.auth.claims[level]", ...members });

agree("a condition with typed operators", [
  ...rows("good", claim, [
    { eq: "gold" },
    { eq: 3 },
    { eq: true },
    { ne: "guest" },
    { ne: -1.5 },
    { lt: 10, gte: 0 },
    { lte: 1e9, gt: -0.5 },
    { exists: false },
    { allOf: ["a", 1, true] },
    { anyOf: ["a"], noneOf: ["b"] },
    { sameAs: "request.path{tenant}" },
    { sameAs: "request.headers[x-tenant]" },
    { sameAs: "request.auth[corp].claims[tenant]" },
    { sameAs: "source.namespace" },
    { values: ["a"], exists: true },
  ]),
  ...rows("bad", claim, [
    {},
    { eq: null },
    { eq: ["a"] },
    { ne: {} },
    { lt: "10" },
    { lt: true },
    { gte: "08:00" },
    { exists: "true" },
    { allOf: [] },
    { anyOf: "a" },
    { noneOf: [null] },
    { noneOf: [["a"]] },
    { sameAs: "" },
    { sameAs: "tenant" },
    { sameAs: "request.path{}" },
    { sameAs: 1 },
    { matches: "a.*" },
  ]),
  ...rows("loader", claim, [
    { sameAs: "request.path{account}" },
    { sameAs: "request.auth[nobody].principal" },
  ]),
]);

const time = (members: object) => conditionOf({ key: "request.time", ...members });
const weekday = (members: object) => conditionOf({ key: "request.time.weekday", ...members });

agree("a condition on time", [
  ...rows("good", time, [
    { gte: "08:00", lt: "18:00" },
    { gt: "23:59:59" },
    { lte: "00:00" },
    { gte: "2026-12-01T08:00:00Z" },
    { lt: "2028-02-29T23:59:59Z" },
  ]),
  ...rows("bad", time, [
    {},
    { exists: false },
    { gte: 8 },
    { gte: "8:00" },
    { gte: "24:00" },
    { gte: "08:60" },
    { gte: "08:00:60" },
    { gte: "08:00Z" },
    { gte: "2026-12-01" },
    { gte: "2026-13-01T08:00:00Z" },
    { gte: "2026-12-32T08:00:00Z" },
    { gte: "2026-12-01T08:00:00" },
    { gte: "2026-12-01T08:00:00+01:00" },
    { gte: "2026-12-01 08:00:00Z" },
    { gte: "1969-12-31T23:59:59Z" },
    { eq: "08:00" },
    { anyOf: ["mon"] },
    { sameAs: "request.headers[date]" },
    { values: ["08:00"] },
  ]),
  ...rows("loader", time, [{ gte: "2026-02-30T08:00:00Z" }, { gte: "2027-02-29T08:00:00Z" }]),
  ...rows("good", weekday, [
    { anyOf: ["mon", "tue", "wed", "thu", "fri"] },
    { noneOf: ["sat", "sun"] },
    { eq: "mon" },
    { ne: "sun" },
    { exists: true },
  ]),
  ...rows("bad", weekday, [
    { exists: false },
    { anyOf: ["monday"] },
    { anyOf: ["Mon"] },
    { anyOf: [1] },
    { anyOf: [] },
    { eq: "monday" },
    { gte: "mon" },
    { values: ["mon"] },
  ]),
]);
