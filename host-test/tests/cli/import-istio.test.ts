import { describe, expect, test } from "vitest";
import { importIstio, problemLine, type Imported, type ImportOptions } from "lictor";
import { schemaAccepts } from "../policies/schema.ts";

const keys = JSON.stringify({ keys: [{ kty: "EC", crv: "P-256", x: "x", y: "y", kid: "1" }] });

function istio(text: string, options: Partial<ImportOptions> = {}): Promise<Imported> {
  const defaults = {
    rootNamespace: "istio-system",
    trustDomains: [],
    inlineKeys: false,
    ignoreTargetRefs: false,
  };
  return importIstio([{ file: "p.yaml", text }], { ...defaults, ...options });
}

/** The document, where nothing is wrong with it. */
async function documentOf(text: string, options: Partial<ImportOptions> = {}) {
  const { document, problems } = await istio(text, options);
  expect(problems.map(problemLine)).toEqual([]);
  expect(schemaAccepts(document)).toBe(true);
  return document;
}

async function problemsOf(text: string, options: Partial<ImportOptions> = {}): Promise<string[]> {
  return (await istio(text, options)).problems.map(problemLine);
}

const notesOf = async (text: string, options: Partial<ImportOptions> = {}) =>
  (await istio(text, options)).notes.map(problemLine);

const policy = (spec: string, name = "p", metadata = "namespace: default") => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, ${metadata}}
spec: ${spec}
`;
const authentication = (rule: string) => `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: r, namespace: default}
spec: {jwtRules: [${rule}]}
`;

describe("policies", () => {
  test("keep name, namespace, action and rules as they stand", async () => {
    const rules = `[{from: [{source: {principals: ["*"]}}], to: [{operation: {paths: ["/a/{*}"]}}], when: [{key: "request.headers[a]", values: [b]}]}]`;
    expect(await documentOf(policy(`{action: DENY, rules: ${rules}}`))).toEqual({
      apiVersion: "lictor/v1",
      policies: [
        {
          name: "p",
          namespace: "default",
          action: "DENY",
          rules: [
            {
              from: [{ source: { principals: ["*"] } }],
              to: [{ operation: { paths: ["/a/{*}"] } }],
              when: [{ key: "request.headers[a]", values: ["b"] }],
            },
          ],
        },
      ],
      defaultAction: "ALLOW",
      requests: { ambiguousPaths: "KEEP", overrides: "KEEP" },
    });
  });

  const dryRun = (value: string) => `namespace: default, annotations: {istio.io/dry-run: "${value}"}`;
  test.each([
    ["nothing", "", "ALLOW"],
    ["a DENY policy", policy("{action: DENY, rules: [{}]}"), "ALLOW"],
    ["an AUDIT policy", policy("{action: AUDIT, rules: [{}]}"), "ALLOW"],
    ["an ALLOW policy", policy("{rules: [{}]}"), "DENY"],
    ["an ALLOW policy without rules", policy("{}"), "DENY"],
    ["a dry run of an ALLOW policy", policy("{rules: [{}]}", "p", dryRun("true")), "ALLOW"],
    ["a dry run that is off", policy("{rules: [{}]}", "p", dryRun("F")), "DENY"],
  ])("with %s the default action follows", async (_, text, action) => {
    expect((await documentOf(text)).defaultAction).toBe(action);
  });

  test("that ask for the peer's address make the document declare its source, and say so", async () => {
    const text = policy("{rules: [{from: [{source: {notIpBlocks: [10.0.0.0/8]}}]}]}");
    expect((await documentOf(text)).identity).toEqual({ peerAddress: "FILTER_STATE" });
    expect(await notesOf(text)).toEqual([expect.stringContaining("p.yaml:5:7: ipBlocks and source.ip need")]);
    expect(
      (await documentOf(policy("{rules: [{from: [{source: {remoteIpBlocks: [10.0.0.0/8]}}]}]}"))).identity,
    ).toBe(undefined);
  });

  test("know the trust domains that options name", async () => {
    const document = await documentOf(policy("{}"), { trustDomains: ["td", "old"] });
    expect(document.identity).toEqual({ trustDomains: ["td", "old"] });
  });
});

describe("files", () => {
  test("hold many documents, lists and anchors; other kinds are left out with a note", async () => {
    const list = `apiVersion: v1
kind: List
items:
- apiVersion: security.istio.io/v1beta1
  kind: AuthorizationPolicy
  metadata: {name: a, namespace: default}
  spec: {rules: [{to: [{operation: {ports: &ports ["80"], notPorts: *ports}}]}]}
- apiVersion: apps/v1
  kind: Deployment
`;
    const text = `${list}${policy("{}", "b")}---\n`;
    expect((await documentOf(text)).policies?.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(await notesOf(text)).toEqual(["p.yaml:9:9: Deployment is not imported: left out"]);
  });

  test("hold lists of one kind, as an API server answers", async () => {
    const item = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata: { name: "a" } };
    const list = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicyList", items: [item] };
    expect((await documentOf(JSON.stringify(list))).policies?.map(({ name }) => name)).toEqual(["a"]);
  });

  test("that are JSON are YAML too", async () => {
    const resource = {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "a" },
      spec: {},
    };
    expect((await documentOf(JSON.stringify(resource))).policies).toHaveLength(1);
  });
});

describe("what cannot be expressed is refused where it stands", () => {
  test.each([
    [
      "another service's decision",
      policy("{action: CUSTOM, provider: {name: x}, rules: [{}]}"),
      "p.yaml:5:16: CUSTOM asks",
    ],
    [
      "an unknown field",
      policy("\n  rules:\n  - from:\n    - source:\n        principal: [a]"),
      "p.yaml:9:9: unknown field `principal`",
    ],
    ["an unknown field of the resource", `${policy("{}")}data: {}\n`, "p.yaml:6:1: unknown field `data`"],
    [
      "metadata of Envoy's filters",
      policy('{rules: [{when: [{key: "experimental.envoy.filters.a[b]", values: [c]}]}]}'),
      "p.yaml:5:30: expected an attribute",
    ],
    [
      "a typed operator, which is ours",
      policy('{rules: [{when: [{key: "request.headers[a]", eq: b}]}]}'),
      "p.yaml:5:52: unknown field `eq`",
    ],
    [
      "a key of ours",
      policy('{rules: [{when: [{key: "request.method", eq: b}]}]}'),
      "p.yaml:5:30: expected a key of Istio's",
    ],
    [
      "a named segment, which is ours",
      policy('{rules: [{to: [{operation: {paths: ["/{a}"]}}]}]}'),
      "p.yaml:5:43: expected a template",
    ],
    [
      "a template that makes Envoy abort",
      policy('{rules: [{to: [{operation: {paths: ["{*}"]}}]}]}'),
      "p.yaml:5:43: expected a template",
    ],
    [
      "a bare yes, which is no text in YAML 1.1",
      policy("{rules: [{to: [{operation: {hosts: [yes]}}]}]}"),
      "p.yaml:5:43: invalid input: expected string",
    ],
    [
      "what is for a gateway",
      policy("{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g}]}"),
      "p.yaml:5:20: AuthorizationPolicy default/p is for a gateway",
    ],
    [
      "the same resource twice",
      policy("{}") + policy("{}"),
      "p.yaml:9:18: AuthorizationPolicy default/p stands in the files twice",
    ],
    [
      "a kind that Istio does not have",
      policy("{}").replace("AuthorizationPolicy", "AuthorizationPolicies"),
      "p.yaml:3:7: expected AuthorizationPolicy",
    ],
    ["text that is no YAML", "a: [", "p.yaml:1:5: expected YAML: "],
    ["what is no resource", "a: b", "p.yaml:1:1: expected a resource"],
    [
      "aliases without end",
      `a: &a [1]\n${"bcdefgh"
        .split("")
        .map((name, i) => `${name}: &${name} [${`*${"abcdefg"[i]},`.repeat(9)}]`)
        .join("\n")}`,
      "p.yaml:1:1: ",
    ],
    [
      "tokens of any issuer",
      authentication("{jwksUri: 'https://a/keys'}"),
      "p.yaml:5:19: expected an issuer",
    ],
    [
      "keys in two places",
      authentication("{issuer: a, jwksUri: 'https://a/keys', jwks: '{\"keys\":[]}'}"),
      "p.yaml:5:40: expected either",
    ],
    ["keys in no place", authentication("{issuer: a}"), "p.yaml:5:28: expected jwks or jwksUri"],
    [
      "symmetric keys",
      authentication('{issuer: a, jwks: \'{"keys":[{"kty":"oct"}]}\'}'),
      "p.yaml:5:37: expected public keys",
    ],
    ["keys that are no JSON", authentication("{issuer: a, jwks: '{'}"), "p.yaml:5:37: expected a JWK Set"],
  ])("%s", async (_, text, expected) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });
});

describe("a workload", () => {
  const selecting = (labels: string) => policy(`{selector: {matchLabels: {${labels}}}, rules: [{}]}`);
  const names = async (text: string, options: Partial<ImportOptions>) =>
    (await documentOf(text, options)).policies?.map(({ name }) => name);

  test("gets the policies of its namespace and of the root namespace, root first", async () => {
    const text =
      policy("{}", "mine", "namespace: shop") +
      policy("{}", "other", "namespace: pay") +
      policy("{}", "root", "namespace: istio-system");
    expect(await names(text, { namespace: "shop" })).toEqual(["root", "mine"]);
    expect(await names(text, { namespace: "shop", rootNamespace: "pay" })).toEqual(["other", "mine"]);
    expect(await notesOf(text, { namespace: "shop" })).toEqual([
      "p.yaml:9:36: AuthorizationPolicy pay/other does not apply, its namespace is `pay`: left out",
    ]);
    expect(await problemsOf(text)).toEqual([
      "p.yaml:9:36: the files speak of the namespaces shop, pay: say which with --namespace",
    ]);
  });

  test.each([
    ["app: web", { app: "web", version: "v1" }, true],
    ["app: web, version: v1", { app: "web" }, false],
    ["app: web", { app: "Web" }, false],
    ['app: ""', { app: "" }, true],
    ["", {}, true],
  ])("with a selector {%s} and labels %j", async (labels, given, applies) => {
    expect(await names(selecting(labels), { labels: given })).toEqual(applies ? ["p"] : []);
  });

  test("whose labels are not given leaves a selector undecided", async () => {
    expect(await problemsOf(selecting("app: web"))).toEqual([
      expect.stringContaining("say --labels, such as `app=web`"),
    ]);
  });

  test("is a sidecar where it is to ignore what is for gateways", async () => {
    const text = policy("{targetRefs: [{kind: Service, name: s}], rules: [{}]}");
    expect(await names(text, { ignoreTargetRefs: true })).toEqual([]);
    expect(await notesOf(text, { ignoreTargetRefs: true })).toHaveLength(1);
  });
});

describe("rules for tokens", () => {
  const rule = async (text: string) => (await documentOf(authentication(text))).jwtRules?.[0];
  const base = `issuer: a, jwks: '${keys}'`;

  test("get what Envoy does where Istio says nothing", async () => {
    expect(await rule(`{${base}}`)).toEqual({
      issuer: "a",
      jwks: JSON.parse(keys),
      requireExpiry: false,
      fromHeaders: [{ name: "authorization", prefix: "Bearer " }],
      fromParams: ["access_token"],
    });
  });

  test("keep what they say", async () => {
    const said = `{${base}, audiences: [x], fromHeaders: [{name: x-a, prefix: "P "}], fromParams: [q], fromCookies: [c],
      forwardOriginalToken: true, outputPayloadToHeader: x-p, outputClaimToHeaders: [{header: x-c, claim: a.b}],
      spaceDelimitedClaims: [roles]}`;
    expect(await rule(said)).toEqual({
      issuer: "a",
      jwks: JSON.parse(keys),
      requireExpiry: false,
      audiences: ["x"],
      audienceMatching: "ENVOY",
      fromHeaders: [{ name: "x-a", prefix: "P " }],
      fromParams: ["q"],
      fromCookies: ["c"],
      forwardOriginalToken: true,
      outputPayloadToHeader: "x-p",
      outputClaimToHeaders: [{ header: "x-c", claim: "a.b" }],
      spaceDelimitedClaims: ["roles"],
    });
    expect(await rule(`{${base}, fromCookies: [c]}`)).not.toHaveProperty("fromParams");
  });

  test("stand in the order of their issuers, as Istio sorts them", async () => {
    const text = authentication(
      `{issuer: b, jwks: '${keys}'}, {issuer: a, jwks: '${keys}'}, {issuer: B, jwks: '${keys}'}`,
    );
    expect((await documentOf(text)).jwtRules?.map(({ issuer }) => issuer)).toEqual(["B", "a", "b"]);
  });

  test("lose the private parts of their keys, and say so", async () => {
    const text = authentication(`{issuer: a, jwks: '${keys.replace('"kid"', '"d":"secret","kid"')}'}`);
    expect(JSON.stringify(await documentOf(text))).not.toContain("secret");
    expect(await notesOf(text)).toEqual(["p.yaml:5:37: the keys have private parts, which are left out"]);
  });

  test("keep where their keys are served, with a note that nothing fetches them yet", async () => {
    const text = authentication("{issuer: a, jwksUri: 'https://a/keys', timeout: 1.5s}");
    expect((await documentOf(text)).jwtRules?.[0]).toMatchObject({
      jwksUri: "https://a/keys",
      timeout: "1500ms",
    });
    expect(await notesOf(text)).toEqual([
      expect.stringContaining("p.yaml:5:40: the filter does not fetch keys yet"),
    ]);
  });
});
