/** The attributes that a condition can name. */
import { VARIABLE } from "./path-pattern.ts";
import { TOKEN } from "./texts.ts";

/** `[a][b]`: names of claims, one below the other; brackets that do not pair make one name of all of it, as in Istio. */
const CLAIM_PATH = "(?:(?:\\[[^\\[\\]]+\\])+|\\[(?!(?:[^\\[\\]]*\\]\\[)*[^\\[\\]]*\\]$)[\\s\\S]+\\])";

/** The token that the rule of that name accepted. */
const NAMED_TOKEN = "request\\.auth\\[[^\\]]+\\]";

/** What the values of a key are, which says what can be asked of it. */
export const KEY_KINDS = [
  "claim",
  "text",
  "account",
  "trustDomain",
  "address",
  "port",
  "namedClaim",
  "namedPrincipal",
  "request",
  "time",
  "weekday",
] as const;

export type KeyKind = (typeof KEY_KINDS)[number];

/** Keys of one form. */
export interface KeyForm {
  /** As documents of ours write it; capitals stand for a name. */
  form: string;
  pattern: string;
  kind: KeyKind;
  meaning: string;
  /** One condition on such a key. */
  example: { key: string; [operator: string]: unknown };
}

/** Every attribute: what the schema takes and the reference lists. */
export const KEY_FORMS: readonly KeyForm[] = [
  {
    form: "source.principal",
    pattern: "source\\.principal",
    kind: "text",
    meaning: "The caller's SPIFFE ID without `spiffe://`.",
    example: { key: "source.principal", values: ["cluster.local/ns/shop/sa/*"] },
  },
  {
    form: "source.namespace",
    pattern: "source\\.namespace",
    kind: "text",
    meaning: "The namespace in the caller's SPIFFE ID.",
    example: { key: "source.namespace", eq: "shop" },
  },
  {
    form: "source.serviceAccount",
    pattern: "source\\.serviceAccount",
    kind: "account",
    meaning:
      "The service account in it; `values` are ACCOUNT of the policy's namespace, or NAMESPACE/ACCOUNT.",
    example: { key: "source.serviceAccount", values: ["shop/web"] },
  },
  {
    form: "source.trustDomain",
    pattern: "source\\.trustDomain",
    kind: "trustDomain",
    meaning: "The trust domain in it.",
    example: { key: "source.trustDomain", values: ["cluster.local"] },
  },
  {
    form: "source.ip",
    pattern: "source\\.ip",
    kind: "address",
    meaning: "Address of the TCP peer; needs `identity.peerAddress`.",
    example: { key: "source.ip", values: ["10.0.0.0/8"] },
  },
  {
    form: "remote.ip",
    pattern: "remote\\.ip",
    kind: "address",
    meaning: "Address of the client as the proxy derives it from X-Forwarded-For.",
    example: { key: "remote.ip", notValues: ["192.0.2.0/24"] },
  },
  {
    form: "destination.ip",
    pattern: "destination\\.ip",
    kind: "address",
    meaning: "The address that the request arrived at.",
    example: { key: "destination.ip", values: ["10.1.2.3"] },
  },
  {
    form: "destination.port",
    pattern: "destination\\.port",
    kind: "port",
    meaning: "The port that it arrived at; `values` are strings, typed operators take numbers.",
    example: { key: "destination.port", eq: 8443 },
  },
  {
    form: "connection.sni",
    pattern: "connection\\.sni",
    kind: "text",
    meaning: "The server name that the client asked for in TLS.",
    example: { key: "connection.sni", values: ["*.shop.example"] },
  },
  {
    form: "request.headers[NAME]",
    pattern: `request\\.headers\\[:?${TOKEN}\\]`,
    kind: "text",
    meaning: "A header, its name in any case; one that comes in several lines is a list.",
    example: { key: "request.headers[x-team]", values: ["red", "blue"] },
  },
  {
    form: "request.query[NAME]",
    pattern: "request\\.query\\[[\\s\\S]+\\]",
    kind: "request",
    meaning: "A query parameter, decoded as forms are; one that comes twice cannot be compared.",
    example: { key: "request.query[debug]", exists: false },
  },
  {
    form: "request.method",
    pattern: "request\\.method",
    kind: "request",
    meaning: "The method.",
    example: { key: "request.method", anyOf: ["GET", "HEAD"] },
  },
  {
    form: "request.host",
    pattern: "request\\.host",
    kind: "request",
    meaning: "The Host header with its port, in lower case.",
    example: { key: "request.host", eq: "orders.shop" },
  },
  {
    form: "request.path",
    pattern: "request\\.path",
    kind: "request",
    meaning: "The path without its query.",
    example: { key: "request.path", ne: "/status" },
  },
  {
    form: "request.path{NAME}",
    pattern: `request\\.path\\{${VARIABLE}\\}`,
    kind: "request",
    meaning: "The segment that `{NAME}` takes in every path of the rule's operations.",
    example: { key: "request.path{tenant}", sameAs: "request.auth.claims[tenant]" },
  },
  {
    form: "request.time",
    pattern: "request\\.time",
    kind: "time",
    meaning: "When the request came, in UTC: a moment, or a time of day that holds every day.",
    example: { key: "request.time", gte: "08:00", lt: "18:00" },
  },
  {
    form: "request.time.weekday",
    pattern: "request\\.time\\.weekday",
    kind: "weekday",
    meaning: "The day of the week in UTC: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.",
    example: { key: "request.time.weekday", noneOf: ["sat", "sun"] },
  },
  {
    form: "request.auth.principal",
    pattern: "request\\.auth\\.principal",
    kind: "text",
    meaning: "ISSUER/SUBJECT of the verified token; of several, of that of the first rule.",
    example: { key: "request.auth.principal", values: ["https://idp.example.com/*"] },
  },
  {
    form: "request.auth.audiences",
    pattern: "request\\.auth\\.audiences",
    kind: "claim",
    meaning: "Its `aud`.",
    example: { key: "request.auth.audiences", values: ["orders"] },
  },
  {
    form: "request.auth.presenter",
    pattern: "request\\.auth\\.presenter",
    kind: "claim",
    meaning: "Its `azp`.",
    example: { key: "request.auth.presenter", eq: "batch" },
  },
  {
    form: "request.auth.claims[NAME]",
    pattern: `request\\.auth\\.claims${CLAIM_PATH}`,
    kind: "claim",
    meaning: "A claim; `[NAME][NAME]` is one below the other.",
    example: { key: "request.auth.claims[realm_access][roles]", allOf: ["buyer", "seller"] },
  },
  {
    form: "request.auth[RULE].principal",
    pattern: `${NAMED_TOKEN}\\.principal`,
    kind: "namedPrincipal",
    meaning: "The same of the token that the JWT rule of that name accepted.",
    example: { key: "request.auth[corp].principal", exists: true },
  },
  {
    form: "request.auth[RULE].audiences",
    pattern: `${NAMED_TOKEN}\\.audiences`,
    kind: "namedClaim",
    meaning: "Its `aud`.",
    example: { key: "request.auth[corp].audiences", anyOf: ["orders"] },
  },
  {
    form: "request.auth[RULE].presenter",
    pattern: `${NAMED_TOKEN}\\.presenter`,
    kind: "namedClaim",
    meaning: "Its `azp`.",
    example: { key: "request.auth[corp].presenter", ne: "kiosk" },
  },
  {
    form: "request.auth[RULE].claims[NAME]",
    pattern: `${NAMED_TOKEN}\\.claims${CLAIM_PATH}`,
    kind: "namedClaim",
    meaning: "A claim of it.",
    example: { key: "request.auth[corp].claims[level]", gte: 3 },
  },
];

/** Matches the keys of these kinds. */
function keysOf(...kinds: KeyKind[]): RegExp {
  const patterns = KEY_FORMS.filter(({ kind }) => kinds.includes(kind)).map(({ pattern }) => pattern);
  return new RegExp(`^(?:${patterns.join("|")})$`);
}

/** The keys of each kind; every key is of one only. */
export const KEYS = Object.fromEntries(KEY_KINDS.map((kind) => [kind, keysOf(kind)])) as Record<
  KeyKind,
  RegExp
>;

/** Istio's own keys. */
export const istioKey = keysOf("claim", "text", "account", "trustDomain", "address", "port");

/** What can be compared with another attribute. */
export const comparableKey = keysOf(
  ...KEY_KINDS.filter((kind) => !["address", "time", "weekday"].includes(kind)),
);

export const anyKey = keysOf(...KEY_KINDS);
