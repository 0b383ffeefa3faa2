/** Random policies and requests over few words, so that they meet. */
import fc from "fast-check";
import type { Attributes } from "./as-policy.ts";

const word = fc.constantFrom("a", "b", "ab", "orders", "x[1]", "%41", "ns", "sa");
const wildcard = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 4, arbitrary: text },
    fc.constant("*"),
    text.map((value) => `${value}*`),
    text.map((value) => `*${value}`),
    text.map((value) => `*${value}*`),
  );
const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 3 });

const path = fc.array(word, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`);
const segment = fc.constantFrom("a", "b", "orders", "{*}", "{name}");
const template = fc
  .tuple(
    fc.uniqueArray(segment, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "/", "/{**}", "/{**}/", "/{**}/b"),
  )
  .filter(([segments]) => segments.some((each) => each.startsWith("{")))
  .map(([segments, end]) => `/${segments.join("/")}${end}`);
const anonymousTemplate = template.map((text) => text.replace("{name}", "{*}"));

const method = fc.constantFrom("GET", "POST", "OPTIONS");
const host = fc.constantFrom("shop", "Shop", "shop:80", "api.shop");
const spiffePath = fc.constantFrom(
  "ns/a/sa/b",
  "ns/ns/sa/a",
  "ns/ab/sa/b",
  "ns/sa/sa/ns",
  "a/ns/b/sa/b",
  "ns/a/x/sa/b/c",
);
const domain = fc.constantFrom("td", "old-td", "other", "ns");
const principal = fc.tuple(domain, spiffePath).map(([name, rest]) => `${name}/${rest}`);
const address = fc.constantFrom("10.1.2.3", "10.9.0.1", "192.168.0.1", "2001:db8::1", "::ffff:10.1.2.3");
const network = fc.constantFrom(
  "10.0.0.0/8",
  "10.1.2.3",
  "10.1.0.0/16",
  "2001:db8::/32",
  "0.0.0.0/0",
  "::/0",
);
const issuer = fc.constantFrom("https://idp", "corp");
const subject = fc.constantFrom("a", "b", "a/b");

const fields: [string, fc.Arbitrary<string>][] = [
  ["principals", wildcard(principal)],
  ["namespaces", fc.constantFrom("a", "ab", "ns", "sa", "a*", "*")],
  ["trustDomains", fc.constantFrom("td", "other", "*", "*td", "o*")],
  ["requestPrincipals", wildcard(fc.tuple(issuer, subject).map(([iss, sub]) => `${iss}/${sub}`))],
  ["ipBlocks", network],
  ["remoteIpBlocks", network],
];

function anyFields(choices: [string, fc.Arbitrary<string>][]): fc.Arbitrary<object> {
  const members = choices.flatMap(([name, value]) => [
    [name, some(value)] as const,
    [`not${name[0]!.toUpperCase()}${name.slice(1)}`, some(value)] as const,
  ]);
  return fc
    .subarray(members, { minLength: 1, maxLength: 2 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)));
}

const source = fc.oneof(
  { weight: 5, arbitrary: anyFields(fields) },
  anyFields([["serviceAccounts", fc.constantFrom("a/b", "b", "ns/a", "ab/b")]]),
);
const operation = anyFields([
  ["hosts", wildcard(host)],
  ["ports", fc.constantFrom("80", "443")],
  ["methods", wildcard(method)],
  ["paths", fc.oneof(wildcard(path), anonymousTemplate)],
]);

const scalar = fc.constantFrom<string | number | boolean>("a", "b", "a b", 1, 2.5, true, false);
const textKey = fc.constantFrom(
  "request.headers[x-a]",
  "request.query[q]",
  "request.path",
  "request.host",
  "source.namespace",
  "source.serviceAccount",
  "source.trustDomain",
  "source.principal",
  "connection.sni",
);
const claimKey = fc.constantFrom(
  "request.auth.claims[c]",
  "request.auth.claims[scope]",
  "request.auth.claims[deep][c]",
  "request.auth[two].claims[c]",
  "request.auth[one].claims[scope]",
);
const istioKey = fc.constantFrom(
  "request.headers[x-a]",
  "request.auth.audiences",
  "request.auth.claims[c]",
  "request.auth.claims[scope]",
  "request.auth[two].claims[c]",
  "connection.sni",
);
const timeOfDay = fc.constantFrom("08:00", "12:30:15", "20:00");

const condition: fc.Arbitrary<object> = fc.oneof(
  fc.record({ key: istioKey, values: some(wildcard(word)) }),
  fc.record({ key: istioKey, notValues: some(wildcard(word)) }),
  fc.record({ key: claimKey, anyOf: some(scalar) }),
  fc.record({ key: claimKey, allOf: some(scalar) }),
  fc.record({ key: claimKey, noneOf: some(scalar) }),
  fc.record({ key: claimKey, eq: scalar }),
  fc.record({ key: claimKey, ne: scalar }),
  fc.record({ key: claimKey, gte: fc.constantFrom(0, 1), lt: fc.constantFrom(1.5, 2, 3) }),
  fc.record({ key: claimKey, gt: fc.constantFrom(0, 1, 2.5) }),
  fc.record({ key: fc.oneof(claimKey, textKey), exists: fc.boolean() }),
  fc.record({ key: textKey, anyOf: some(word) }),
  fc.record({ key: textKey, ne: word }),
  fc.record({ key: claimKey, sameAs: fc.oneof(claimKey, textKey) }),
  fc.record({
    key: fc.constant("request.time"),
    gt: fc.constantFrom("08:00", "12:30:15"),
    lte: fc.constantFrom("12:30:16", "20:00"),
  }),
  fc.record({ key: fc.constant("request.time"), gte: timeOfDay }),
  fc.record({ key: fc.constant("request.time.weekday"), anyOf: some(fc.constantFrom("mon", "thu")) }),
  fc.record({ key: fc.constant("source.ip"), values: some(network) }),
  fc.record({ key: fc.constant("destination.port"), gte: fc.constantFrom(80, 443) }),
);

const plainRule = fc.record(
  {
    from: fc.array(fc.record({ source }), { minLength: 1, maxLength: 2 }),
    to: fc.array(fc.record({ operation }), { minLength: 1, maxLength: 2 }),
    when: fc.array(condition, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);

/** A rule whose conditions use a name of its paths. */
const namingRule = fc
  .tuple(
    some(template.filter((text) => text.includes("{name}"))),
    fc.constantFrom<object>(
      { key: "request.auth.claims[c]", sameAs: "request.path{name}" },
      { key: "request.path{name}", anyOf: ["a", "b"] },
    ),
    fc.array(condition, { maxLength: 1 }),
  )
  .map(([paths, naming, when]) => ({ to: [{ operation: { paths } }], when: [naming, ...when] }));

const rule = fc.oneof({ weight: 4, arbitrary: plainRule }, { weight: 1, arbitrary: namingRule });

export interface Policy {
  name: string;
  namespace: string;
  action: "ALLOW" | "DENY" | "AUDIT";
  dryRun: boolean;
  rules: object[];
}

export const policy: fc.Arbitrary<Policy> = fc.record({
  name: word,
  namespace: fc.constantFrom("a", "ns"),
  action: fc.constantFrom("ALLOW", "ALLOW", "DENY", "AUDIT"),
  dryRun: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
});

export const policies = fc.array(policy, { maxLength: 6 });

const claim = fc.oneof(
  scalar,
  fc.constant(null),
  fc.array(fc.oneof(scalar, fc.constant({})), { maxLength: 3 }),
  fc.record({ c: fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })) }),
);
const claims = fc.record(
  { iss: issuer, sub: subject, aud: fc.oneof(word, some(word)), c: claim, scope: claim, deep: claim },
  { requiredKeys: [] },
);

export const request: fc.Arbitrary<Attributes> = fc.record(
  {
    method,
    path,
    query: fc.constantFrom("", "q=a", "q=b&q=a", "%71=a%62", "q", "q=%4", "x=1&q=a+b"),
    host,
    port: fc.constantFrom(80, 443),
    sni: word,
    peer: principal.map((text) => `spiffe://${text}`),
    source: address,
    remote: address,
    destination: address,
    now: fc.integer({ min: 1_790_000_000, max: 1_800_000_000 }),
    headers: fc.array(fc.tuple(fc.constantFrom("x-a", "x-b"), word), { maxLength: 3 }),
    tokens: fc.record({ one: claims, two: claims }, { requiredKeys: [] }),
  },
  { requiredKeys: ["now", "headers", "tokens"] },
);
