/** The attributes that a condition can name. */
import { VARIABLE } from "./path-pattern.ts";
import { TOKEN } from "./texts.ts";

/** `[a][b]`: names of claims, one below the other; brackets that do not pair make one name of all of it, as in Istio. */
const CLAIM_PATH = "(?:(?:\\[[^\\[\\]]+\\])+|\\[(?!(?:[^\\[\\]]*\\]\\[)*[^\\[\\]]*\\]$)[\\s\\S]+\\])";

const CLAIMS = `(?:claims${CLAIM_PATH}|audiences|presenter)`;

/** The token that the rule of that name accepted. */
const NAMED_TOKEN = "request\\.auth\\[[^\\]]+\\]";

/** Patterns of keys, by what their values are. */
const PATTERNS = {
  claim: `request\\.auth\\.${CLAIMS}`,
  text: `request\\.headers\\[:?${TOKEN}\\]|request\\.auth\\.principal|source\\.(?:namespace|principal)|connection\\.sni`,
  account: "source\\.serviceAccount",
  trustDomain: "source\\.trustDomain",
  address: "(?:source|remote|destination)\\.ip",
  port: "destination\\.port",
  namedClaim: `${NAMED_TOKEN}\\.${CLAIMS}`,
  namedPrincipal: `${NAMED_TOKEN}\\.principal`,
  request: `request\\.query\\[[\\s\\S]+\\]|request\\.(?:method|host|path)|request\\.path\\{${VARIABLE}\\}`,
  time: "request\\.time",
  weekday: "request\\.time\\.weekday",
};

export type KeyKind = keyof typeof PATTERNS;

export const KEY_KINDS = Object.keys(PATTERNS) as KeyKind[];

/** Matches the keys of these kinds. */
function keysOf(...kinds: KeyKind[]): RegExp {
  return new RegExp(`^(?:${kinds.map((kind) => PATTERNS[kind]).join("|")})$`);
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
