/** One rule for tokens: Istio's JWTRule and what it lacks. */
import { z } from "zod";
import { described, duration, fieldName, freeHeaderName, listOf, nonEmptyText, text } from "./texts.ts";

const ALGORITHMS = ["256", "384", "512"]
  .flatMap((bits) => ["RS", "PS", "ES", "HS"].map((family) => `${family}${bits}`))
  .concat("EdDSA");

/** Istio's names of headers that tokens are written to. */
const OUTPUT_NAME = "[A-Za-z0-9_-]+";

/** RFC 7517 §5: members that are not known are ignored, so only `keys` is looked at. */
const keySet = z.looseObject({ keys: z.array(z.looseObject({})).min(1) });

/** Exactly what a rule's keys can come from. */
const KEY_SOURCES = ["jwks", "jwksEnv", "jwksUri"] as const;

export const jwtRule = z
  .strictObject({
    name: described(text, "Name by which conditions point at it; default jwt0, jwt1, …", "corp").optional(),
    issuer: described(nonEmptyText, "The `iss` of its tokens, exactly.", "https://idp.example.com"),
    audiences: described(z.array(nonEmptyText), "Any of these must be in `aud`; none: not checked.", [
      "orders",
    ]).optional(),
    audienceMatching: described(
      z.enum(["EXACT", "ENVOY"]),
      "ENVOY ignores the scheme and one trailing slash, as jwt_authn does.",
    ).optional(),
    algorithms: described(
      listOf(z.enum(ALGORITHMS)),
      "Default: every asymmetric one that fits the key's type.",
      ["RS256", "ES256"],
    ).optional(),
    jwks: described(
      z.union([nonEmptyText, keySet]),
      "The public keys: a JWK Set, or its text as Istio has it.",
    ).optional(),
    jwksEnv: described(
      z.string().regex(/^(?:[A-Za-z_][A-Za-z0-9_]*)?$/),
      "A variable of the VM's environment that holds the keys: the only place of symmetric ones.",
      "CORP_JWKS",
    ).optional(),
    jwksUri: described(
      z.string().regex(/^(?:https?:\/\/.+)?$/),
      "Where the keys are served. Not in this version: refused.",
      "https://idp.example.com/keys",
    ).optional(),
    jwksCluster: described(
      text,
      "The Envoy cluster that serves `jwksUri`. Not in this version: refused.",
      "idp",
    ).optional(),
    fromHeaders: described(
      listOf(
        z.strictObject({
          name: described(fieldName, "Name of the header, in any case.", "x-token"),
          prefix: described(text, "What stands before the token, in any case.", "Bearer ").optional(),
        }),
      ),
      "Headers that carry the token; default `Authorization: Bearer `.",
      [{ name: "x-token", prefix: "Bearer " }],
    ).optional(),
    fromParams: described(z.array(fieldName), "Query parameters that carry the token.", [
      "access_token",
    ]).optional(),
    fromCookies: described(z.array(fieldName), "Cookies that carry the token.", ["session"]).optional(),
    forwardOriginalToken: described(
      z.boolean(),
      "false: the token is taken off the forwarded request.",
    ).optional(),
    outputPayloadToHeader: described(
      freeHeaderName(`(?:${OUTPUT_NAME})?`, "host"),
      "Header that takes the verified payload, base64url.",
    ).optional(),
    outputClaimToHeaders: described(
      z.array(
        z.strictObject({
          header: described(freeHeaderName(OUTPUT_NAME, "host"), "Name of the header.", "x-user"),
          claim: described(nonEmptyText, "Name of the claim; dots lead to claims below it.", "sub"),
        }),
      ),
      "Headers that take claims of the verified token.",
      [{ header: "x-user", claim: "sub" }],
    ).optional(),
    presence: described(
      z.enum(["OPTIONAL", "REQUIRED"]),
      "REQUIRED: a request without this token gets 401.",
    ).optional(),
    type: described(text, "The token's `typ`, pinned.", "at+jwt").optional(),
    clockSkew: described(duration, "How far clocks may differ; default 60s.", "30s").optional(),
    maxAge: described(
      duration,
      "Longest time since `iat`; a token without `iat` is refused.",
      "1h",
    ).optional(),
    maxLifetime: described(
      duration,
      "Longest time from `iat` to `exp`; a token that lacks one of them is refused.",
      "15m",
    ).optional(),
    requireExpiry: described(z.boolean(), "A token without `exp` is refused; default true.").optional(),
    spaceDelimitedClaims: described(
      z.array(nonEmptyText),
      "Claims that are lists written with spaces; `scope` and `permission` always are.",
      ["roles"],
    ).optional(),
    timeout: described(
      duration,
      "How long fetching `jwksUri` may take. Not in this version: refused.",
      "5s",
    ).optional(),
  })
  .refine(
    (value) => KEY_SOURCES.some((name) => value[name] !== undefined),
    "expected jwks, jwksEnv or jwksUri",
  )
  .refine(
    (value) => KEY_SOURCES.filter((name) => (value[name] ?? "") !== "").length < 2,
    "expected one source of keys",
  )
  .meta({
    title: "JWTRule",
    description: "Whose tokens are taken, where they are found and how they are verified.",
    anyOf: KEY_SOURCES.map((name) => ({ type: "object", properties: { [name]: {} }, required: [name] })),
    not: { anyOf: pairs(KEY_SOURCES).map(([first, second]) => bothGiven(first, second)) },
  });

export type JwtRule = z.output<typeof jwtRule>;

function pairs(names: readonly string[]): [string, string][] {
  return names.flatMap((first, index) =>
    names.slice(index + 1).map((second): [string, string] => [first, second]),
  );
}

/** A schema for objects that have both members, neither of them empty. */
function bothGiven(first: string, second: string): object {
  const given = { not: { const: "" } };
  return { type: "object", properties: { [first]: given, [second]: given }, required: [first, second] };
}
