import fc from "fast-check";
import { expect, test } from "vitest";
import { loadPolicy } from "../corpus/enforce.ts";
import { conditionOf, documentOf, jwtRuleOf, operationOf, policyOf, sourceOf } from "./rows.ts";
import { schemaAccepts } from "./schema.ts";

/** Documents that between them have every member. */
const documents: object[] = [
  documentOf({
    revision: "r",
    seal: "0123456789abcdef",
    mode: "ENFORCE",
    identity: { source: "TLS", trustDomains: ["td", "old"], peerAddress: "FILTER_STATE" },
    defaultAction: "DENY",
    limits: { tokenBytes: 100, tokenCache: 0 },
    requests: { ambiguousPaths: "KEEP", overrides: "REFUSE" },
  }),
  jwtRuleOf({
    audiences: ["a"],
    algorithms: ["RS256", "ES256"],
    fromHeaders: [{ name: "x-a", prefix: "Bearer " }],
    fromParams: ["a"],
    fromCookies: ["b"],
    forwardOriginalToken: true,
    presence: "REQUIRED",
    type: "jwt",
    clockSkew: "1m",
    maxAge: "1h",
    maxLifetime: "1h",
    audienceMatching: "ENVOY",
    requireExpiry: false,
    spaceDelimitedClaims: ["roles"],
    outputPayloadToHeader: "x-payload",
    outputClaimToHeaders: [{ header: "x-user", claim: "sub" }],
  }),
  policyOf({
    action: "DENY",
    dryRun: true,
    response: { status: 404, headers: [{ name: "x-a", value: "b" }], body: "no", contentType: "text/plain" },
  }),
  sourceOf({
    principals: ["a"],
    notPrincipals: ["*b"],
    namespaces: ["a"],
    notNamespaces: ["b"],
    requestPrincipals: ["a/b"],
    notRequestPrincipals: ["*"],
    ipBlocks: ["10.0.0.0/8"],
    notRemoteIpBlocks: ["::1"],
  }),
  sourceOf({
    serviceAccounts: ["a", "b/c"],
    notServiceAccounts: ["d"],
    trustDomains: ["*.a"],
    notTrustDomains: ["b"],
  }),
  operationOf({
    hosts: ["a"],
    notHosts: ["b"],
    ports: ["80"],
    notPorts: ["81"],
    methods: ["GET"],
    notMethods: ["PUT"],
    paths: ["/a/{b}", "/c*"],
    notPaths: ["/d/{**}"],
  }),
  conditionOf({
    key: "request.auth.claims[a]",
    values: ["a"],
    notValues: ["b"],
    allOf: ["a", 1],
    anyOf: [true],
    noneOf: ["c"],
  }),
  conditionOf({
    key: "request.auth[corp].claims[a][b]",
    eq: 1,
    ne: "a",
    lt: 1,
    lte: 2,
    gt: 3,
    gte: 4,
    exists: true,
    sameAs: "request.method",
  }),
  conditionOf({ key: "request.headers[a]", eq: "b", sameAs: "request.path{tenant}" }),
  conditionOf({ key: "destination.port", values: ["80"], eq: 80, lt: 90 }),
  conditionOf({ key: "source.ip", notValues: ["10.0.0.0/8"], exists: false }),
  conditionOf({ key: "request.time", gte: "08:00", lt: "2026-12-01T08:00:00Z" }),
  conditionOf({ key: "request.time.weekday", anyOf: ["mon"], ne: "sun" }),
];

const values: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  80,
  404,
  "",
  "a",
  "*",
  "a b",
  "/a",
  "/{a}",
  "a*b",
  "80",
  "08:00",
  "mon",
  "1.2.3.4",
  "a/b",
  "request.path",
  "remote.ip",
  "ENFORCE",
  "DENY",
  "RS256",
  [],
  [""],
  ["a"],
  [1],
  [null],
  ["a", "a"],
  {},
  { a: 1 },
  [{}],
];

interface Place {
  holder: Record<string, unknown> | unknown[];
  name: string;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesIn(holder[name])]);
}

/** Keys are looked into by the loader alone. */
const isInKeys = (document: unknown, place: Place) =>
  placesIn((document as { jwtRules?: { jwks?: unknown }[] }).jwtRules?.map(({ jwks }) => jwks)).some(
    ({ holder, name }) => holder === place.holder && name === place.name,
  );

type Change = "replace" | "remove" | "add" | "repeat";

function change(document: object, seed: number, how: Change, value: unknown): unknown {
  const copy: unknown = structuredClone(document);
  const places = placesIn(copy).filter((place) => !isInKeys(copy, place));
  const { holder, name } = places[seed % places.length]!;
  if (Array.isArray(holder)) {
    const index = Number(name);
    if (how === "replace") holder[index] = value;
    if (how === "remove") holder.splice(index, 1);
    if (how === "add") holder.push(value);
    if (how === "repeat") holder.push(structuredClone(holder[index]));
  } else if (how === "replace") holder[name] = value;
  else if (how === "remove") Reflect.deleteProperty(holder, name);
  else if (how === "add") holder[`${name}s`] = value;
  return copy;
}

/** What a refusal says of a document's form, which a schema can say too. */
const FORM = /^lictor refused (?:unknown_member|wrong_type|missing_member) /;

test("whatever is changed in a document, the schema is never stricter than the filter, and sees what is wrong in form", () => {
  const refusals = { both: 0, none: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.nat(),
      fc.constantFrom<Change>("replace", "replace", "replace", "remove", "add", "repeat"),
      fc.constantFrom(...values),
      (document, seed, how, value) => {
        const changed = change(document, seed, how, value);
        const refusal = loadPolicy(JSON.stringify(changed));
        if (schemaAccepts(changed)) {
          expect(refusal ?? "").not.toMatch(FORM);
          if (refusal === undefined) refusals.none += 1;
        } else {
          expect(refusal).toContain("lictor refused ");
          refusals.both += 1;
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(refusals.both).toBeGreaterThan(200);
  expect(refusals.none).toBeGreaterThan(200);
});
