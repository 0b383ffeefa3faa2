/** Random policies and requests through native jwt_authn and RBAC and through Lictor, in one real Envoy. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { bootstrap, downstreamTls, EnvoyProcess, listener, pluginFilter, type JsonObject } from "lictor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exchange } from "../host/http.ts";
import {
  keySet,
  mintAuthority,
  mintCertificate,
  mintKey,
  mintToken,
  type Credentials,
} from "../mint/index.ts";
import { seed } from "../support/seed.ts";
import { jwtAuthnFilter, rbacFilters, type IstioPolicy, type IstioRule } from "./native-rbac.ts";

const wasm = fileURLToPath(new URL("../../../build/out/lictor.wasm", import.meta.url));
const SETS = 60;
const REQUESTS_A_SET = 25;
const ISSUER = "https://idp.example.com";

const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 3 });
const wildcard = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 4, arbitrary: text },
    fc.constant("*"),
    text.map((value) => `${value}*`),
    text.map((value) => `*${value}`),
  );

const word = fc.constantFrom("a", "b", "ab", "orders");
const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join("/")}`);
const template = fc.constantFrom(
  "/{*}",
  "/a/{*}",
  "/{*}/b",
  "/orders/{**}",
  "/{*}/{*}",
  "/a/{**}/b",
  "/{**}",
);
const host = fc.constantFrom("shop", "api.shop", "shop:80");
const principal = fc.constantFrom("td/ns/a/sa/b", "td/ns/ab/sa/a", "other/ns/a/sa/b");
const subject = fc.constantFrom("alice", "bob");
const network = fc.constantFrom("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "192.168.0.0/24");

function fields(choices: Record<string, fc.Arbitrary<string>>): fc.Arbitrary<{ [field: string]: string[] }> {
  const members = Object.entries(choices).flatMap(([name, value]) => [
    [name, some(value)] as const,
    [`not${name[0]!.toUpperCase()}${name.slice(1)}`, some(value)] as const,
  ]);
  return fc
    .subarray(members, { minLength: 1, maxLength: 2 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)));
}

const source = fields({
  principals: wildcard(principal),
  namespaces: fc.constantFrom("a", "ab", "a*", "*"),
  requestPrincipals: fc.oneof(
    fc.constantFrom("*", `${ISSUER}/*`, "*/alice", "https*"),
    subject.map((name) => `${ISSUER}/${name}`),
  ),
  remoteIpBlocks: network,
});
const operation = fields({
  hosts: wildcard(host),
  methods: wildcard(fc.constantFrom("GET", "POST", "DELETE")),
  paths: fc.oneof(wildcard(path), template),
});
const key = fc.constantFrom(
  "request.headers[x-a]",
  "request.auth.claims[groups]",
  "request.auth.claims[scope]",
  "request.auth.claims[deep][role]",
  "request.auth.audiences",
);
const condition = fc.oneof(
  fc.record({ key, values: some(wildcard(word)) }),
  fc.record({ key, notValues: some(wildcard(word)) }),
);
const rule: fc.Arbitrary<IstioRule> = fc.record(
  {
    from: fc.array(fc.record({ source }), { minLength: 1, maxLength: 2 }),
    to: fc.array(fc.record({ operation }), { minLength: 1, maxLength: 2 }),
    when: fc.array(condition, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const policySet: fc.Arbitrary<IstioPolicy[]> = fc.array(
  fc.record({
    name: word,
    action: fc.constantFrom<"ALLOW" | "DENY">("ALLOW", "ALLOW", "DENY"),
    rules: some(rule),
  }),
  { minLength: 1, maxLength: 4 },
);

const claims = fc.record(
  {
    groups: fc.oneof(word, some(word), fc.constant(5), fc.constant([])),
    scope: fc.oneof(word, fc.constant("a orders"), fc.constant("")),
    deep: fc.record({ role: fc.oneof(word, some(word)) }),
  },
  { requiredKeys: [] },
);
const sent = fc.record(
  {
    method: fc.constantFrom("GET", "POST", "DELETE"),
    path: fc.oneof(
      path,
      path.map((text) => `${text}/`),
      path.map((text) => `${text}?x=/b`),
    ),
    host,
    remote: fc.constantFrom("10.1.2.3", "10.9.9.9", "192.168.0.7"),
    headers: fc.array(word, { maxLength: 2 }),
    token: fc.record({ subject, audience: word, claims }),
    peer: principal,
  },
  { requiredKeys: ["method", "path", "host", "headers"] },
);
type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never;

const sets = fc.sample(policySet, { numRuns: SETS, seed });
const requests = fc.sample(sent, { numRuns: SETS * REQUESTS_A_SET, seed });
const keys = keySet(mintKey("test", "ES256"));

let envoy: EnvoyProcess;
let authority: Awaited<ReturnType<typeof mintAuthority>>;
const certificates = new Map<string, Credentials>();

function lictorFilters(policies: readonly IstioPolicy[], vmId: string): JsonObject[] {
  const configuration = JSON.stringify({
    apiVersion: "lictor/v1",
    jwtRules: [{ name: "one", issuer: ISSUER, jwks: keys }],
    policies,
    defaultAction: policies.some(({ action }) => action === "ALLOW") ? "DENY" : "ALLOW",
    requests: { ambiguousPaths: "KEEP", overrides: "KEEP" },
  });
  return [pluginFilter({ wasm, configuration, vmId })];
}

beforeAll(async () => {
  authority = await mintAuthority();
  const server = await mintCertificate(authority, { dns: ["localhost"] });
  const identity = { certificateChain: server.certificate, privateKey: server.privateKey };
  const secure = { transportSocket: downstreamTls({ ...identity, trustedCa: authority.certificate }) };
  envoy = await EnvoyProcess.start(() =>
    bootstrap({
      listeners: sets.flatMap((policies, index) => {
        const native = [jwtAuthnFilter(ISSUER, JSON.stringify(keys)), ...rbacFilters(policies)];
        const ours = lictorFilters(policies, `set-${index}`);
        return [false, true].flatMap((tls) =>
          [
            { name: `native-${index}-${tls}`, filters: native },
            { name: `lictor-${index}-${tls}`, filters: ours },
          ].map(({ name, filters }) =>
            listener({
              name,
              filters,
              upstream: { status: 200, body: "up" },
              trustedHops: 1,
              accessLog: "none",
              ...(tls ? secure : {}),
            }),
          ),
        );
      }),
    }),
  );
}, 120_000);

afterAll(async () => {
  await envoy.stop();
});

async function statusOf(name: string, request: Sent): Promise<number | undefined> {
  const { token, peer } = request;
  const compact =
    token === undefined ? undefined : mintToken({ issuer: ISSUER, key: "test", alg: "ES256", ...token });
  const head = [
    `${request.method} ${request.path} HTTP/1.1`,
    `host: ${request.host}`,
    ...(request.remote === undefined ? [] : [`x-forwarded-for: ${request.remote}`]),
    ...request.headers.map((value) => `x-a: ${value}`),
    ...(compact === undefined ? [] : [`authorization: Bearer ${compact}`]),
  ];
  const port = await envoy.port(`${name}-${peer !== undefined}`);
  if (peer === undefined) return (await exchange(port, head))?.status;
  let certificate = certificates.get(peer);
  if (certificate === undefined) {
    certificate = await mintCertificate(authority, { uris: [`spiffe://${peer}`] });
    certificates.set(peer, certificate);
  }
  const credentials = { cert: certificate.certificate, key: certificate.privateKey };
  return (await exchange(port, head, 5000, credentials))?.status;
}

test(`native filters and Lictor allow the same of ${SETS * REQUESTS_A_SET} random requests`, async () => {
  const differences: unknown[] = [];
  let allowed = 0;
  for (let index = 0; index < requests.length; index++) {
    const set = Math.floor(index / REQUESTS_A_SET);
    const request = requests[index]!;
    const native = await statusOf(`native-${set}`, request);
    const lictor = await statusOf(`lictor-${set}`, request);
    if (native === 200) allowed += 1;
    if ((native === 200) !== (lictor === 200))
      differences.push({ policies: JSON.stringify(sets[set]), request, native, lictor });
  }
  expect(differences).toEqual([]);
  // Requests that are all allowed or all denied would prove nothing.
  expect(allowed / requests.length).toBeGreaterThan(0.1);
  expect(allowed / requests.length).toBeLessThan(0.9);
}, 120_000);
