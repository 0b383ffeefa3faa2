/** Schema and filter agree on which keys conditions have, and which operators a key has. */
import { conditionOf, rows } from "../rows.ts";
import { agree } from "./agree.ts";

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
