/** RFC 8725 and OWASP as statements about tokens, each held by the whole filter. */
import { createPublicKey } from "node:crypto";
import type { Host } from "lictor-host";
import { beforeAll, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import {
  keySet,
  mintBrokenToken,
  mintKey,
  mintToken,
  type Breakage,
  type TokenOrder,
} from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const OTHER = "https://other.example.com";
const good: TokenOrder = { issuer: ISSUER, subject: "alice", audience: "orders" };

let host: Host;

beforeAll(async () => {
  host = await loadFilter(
    documentWith({
      policies: [
        { name: "open", rules: [{ to: [{ operation: { paths: ["/open"] } }] }] },
        { name: "users", rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] },
      ],
      jwtRules: [
        {
          name: "corp",
          issuer: ISSUER,
          audiences: ["orders"],
          algorithms: ["RS256", "ES256"],
          jwks: mintedKeys,
        },
        {
          name: "other",
          issuer: OTHER,
          jwks: keySet(mintKey("other", "RS256")),
          fromHeaders: [{ name: "x-other" }],
          type: "at+jwt",
          maxAge: "1h",
        },
      ],
    }),
  );
});

function verdictOn(on: Host, token: string, header = "authorization"): unknown {
  const line: [string, string] = header === "authorization" ? bearer(token) : [header, token];
  const record = recordOf(on.request(lines("/a", line)));
  return record["reason"] ?? record["decision"];
}

const verdict = (order: TokenOrder) => verdictOn(host, mintToken({ ...good, ...order }));
const broken = (breakage: Breakage, order: TokenOrder = {}) =>
  verdictOn(host, mintBrokenToken(breakage, { ...good, ...order }));

test("0: the good token that the others are made from is accepted", () => {
  expect(verdict({})).toBe("allow");
});

test.each(["RS384", "PS256", "ES384", "EdDSA", "HS256"] as const)(
  "1: an algorithm that the rule does not list is refused before any key is looked at: %s",
  (alg) => {
    expect(verdict({ alg })).toBe("algorithm_refused");
  },
);

test.each(["rs256", " RS256", "RS256 ", "RS256\0", "", "NONE"])("1: an alg of %j is refused", (alg) => {
  expect(verdict({ header: { alg } })).toBe("algorithm_refused");
});

test("1: an alg that is missing or no text is malformed", () => {
  expect(broken("algorithmMissing")).toBe("token_malformed");
  expect(broken("algorithmNotText")).toBe("token_malformed");
});

test.each(["none", "None", "NONE", "nOnE"])("2: %s is refused in every configuration", (alg) => {
  expect(verdict({ header: { alg } })).toBe("algorithm_refused");
  const unsigned = mintToken({ ...good, header: { alg } }).replace(/[^.]*$/, "");
  expect(verdictOn(host, unsigned)).toBe("token_malformed");
});

test.each(["none", "NONE", "RS1", "ES256K", "A128KW", "dir"])("2: no document can allow %s", async (alg) => {
  const rule = { issuer: ISSUER, algorithms: [alg], jwks: mintedKeys };
  await expect(loadFilter(documentWith({ jwtRules: [rule] }))).rejects.toThrow();
});

test.each([
  ["ES256", "test-rs256"],
  ["RS256", "test-es256"],
] as const)("3: a key is used with its own algorithms only: %s with the key %s", (alg, kid) => {
  expect(verdict({ alg, kid })).toBe("key_unknown");
});

test.each([
  ["alg", { alg: "PS256" }],
  ["use", { use: "enc" }],
  ["key_ops", { key_ops: ["sign"] }],
])("3: a JWK's %s binds", async (_, members) => {
  const key = mintKey("test", "RS256").jwk;
  const keys = { keys: [{ ...key, ...members }, mintKey("test", "ES256").jwk] };
  const bound = await loadFilter(documentWith({ jwtRules: [{ issuer: ISSUER, jwks: keys }] }));
  expect(verdictOn(bound, mintToken({ ...good, alg: "ES256" }))).toBe("allow");
  expect(verdictOn(bound, mintToken(good))).toBe("key_unknown");
});

test.each([
  "algorithmConfusionWithPem",
  "algorithmConfusionWithDer",
  "algorithmConfusionWithModulus",
] as const)("4: a public key is never the secret of an HMAC: %s", async (breakage) => {
  expect(broken(breakage)).toBe("algorithm_refused");
  const rule = { issuer: ISSUER, algorithms: ["RS256", "HS256"], jwks: mintedKeys };
  const naming = await loadFilter(documentWith({ jwtRules: [rule] }));
  expect(verdictOn(naming, mintBrokenToken(breakage, good))).toBe("key_unknown");
});

test.each(["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"])(
  "5: the header parameter %s selects no key",
  (name) => {
    const intruder = mintKey("intruder", "RS256");
    const pem = createPublicKey(intruder.signingKey)
      .export({ type: "spki", format: "der" })
      .toString("base64");
    const value = name === "jwk" ? intruder.jwk : name === "x5c" ? [pem] : "https://evil.example.com/keys";
    const order = { key: intruder, kid: "test-rs256", header: { [name]: value } };
    expect(verdict(order)).toBe("signature_invalid");
  },
);

test.each(["TEST-RS256", "test-rs256 ", "test-rs256\0", "test-rs25", "", "../test-rs256"])(
  "6: kid is an exact, opaque text: %j is unknown",
  (kid) => {
    expect(verdict({ kid })).toBe("key_unknown");
  },
);

test("6: a token without kid tries sixteen fitting keys and no more", async () => {
  const others = Array.from({ length: 16 }, (_, index) => mintKey(`other-${index}`, "ES256"));
  const at = (place: number) => {
    const keys = [...others];
    keys.splice(place, 0, mintKey("test", "ES256"));
    return loadFilter(documentWith({ jwtRules: [{ issuer: ISSUER, jwks: keySet(...keys) }] }));
  };
  const token = mintToken({ ...good, alg: "ES256", kid: null });
  expect(verdictOn(await at(15), token)).toBe("allow");
  expect(verdictOn(await at(16), token)).toBe("signature_invalid");
});

const rsaJwk = mintKey("test", "RS256").jwk;
const ecJwk = mintKey("test", "ES256").jwk;
const SMALL_ORDER = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]).toString("base64url");
const modulus = Buffer.from(rsaJwk.n ?? "", "base64url");
test.each([
  ["an RSA modulus of 2,040 bits", { ...rsaJwk, n: modulus.subarray(1).toString("base64url") }],
  [
    "an even RSA modulus",
    { ...rsaJwk, n: Buffer.concat([modulus.subarray(0, -1), Buffer.from([0])]).toString("base64url") },
  ],
  ["an RSA exponent of 1", { ...rsaJwk, e: "AQ" }],
  ["an even RSA exponent", { ...rsaJwk, e: "AQAA" }],
  ["a point off the curve", { ...ecJwk, x: ecJwk.y, y: ecJwk.x }],
  [
    "a point at infinity",
    { ...ecJwk, x: Buffer.alloc(32).toString("base64url"), y: Buffer.alloc(32).toString("base64url") },
  ],
  ["an Ed25519 key of small order", { kty: "OKP", crv: "Ed25519", x: SMALL_ORDER, kid: "x" }],
])("7: %s is no key, and the others of its set still serve", async (_, jwk) => {
  const alone = documentWith({ jwtRules: [{ issuer: ISSUER, jwks: { keys: [jwk] } }] });
  await expect(loadFilter(alone)).rejects.toThrow();
  const set = { keys: [jwk, mintKey("spare", "ES256").jwk] };
  const beside = await loadFilter(documentWith({ jwtRules: [{ issuer: ISSUER, jwks: set }] }));
  expect(verdictOn(beside, mintToken({ ...good, key: "spare", alg: "ES256" }))).toBe("allow");
  expect(beside.metrics.value("lictor_unusable_keys")).toBe(1);
});

test.each([
  "truncatedSignature",
  "lengthenedSignature",
  "tamperedSignature",
  "tamperedPayload",
  "derSignature",
] as const)("8: a signature of another length or value is refused: %s", (breakage) => {
  for (const alg of ["RS256", "ES256"] as const) {
    // A cut can leave an impossible length of base64url.
    expect(["signature_invalid", "token_malformed"]).toContain(broken(breakage, { alg }));
  }
});

test.each([
  "twoParts",
  "fourParts",
  "trailingDot",
  "leadingDot",
  "emptyHeader",
  "emptyPayload",
  "emptySignature",
  "padding",
  "standardBase64",
  "whitespaceInside",
  "nonCanonicalSignature",
] as const)("9: three segments of base64url, and one spelling of each: %s is refused", (breakage) => {
  expect(broken(breakage)).toBe("token_malformed");
});

test.each([
  "duplicateClaim",
  "duplicateHeaderParameter",
  "headerNotObject",
  "payloadNotObject",
  "payloadNotJson",
  "payloadWithTrailingText",
] as const)("10: header and payload are one strict JSON object each: %s is refused", (breakage) => {
  expect(broken(breakage)).toBe("token_malformed");
});

test.each(["criticalExtension", "criticalEmpty", "unencodedPayload"] as const)(
  "11: %s is refused",
  (breakage) => {
    expect(broken(breakage)).toBe("token_malformed");
  },
);

test("12: five segments, as of a JWE, are refused without a look inside", () => {
  expect(verdictOn(host, "eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA")).toBe("token_malformed");
});

test.each([
  ["33 levels", { deep: JSON.parse("[".repeat(33) + "]".repeat(33)) as unknown }],
  ["513 members", Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`c${index}`, 0]))],
])("13: a payload of %s is refused", (_, claims) => {
  expect(verdict({ claims })).toBe("token_malformed");
});

test("14: a forged token is not told whether it would have been in time", () => {
  expect(broken("tamperedSignature", { expiresIn: -1000 })).toBe("signature_invalid");
});

test.each([`${ISSUER}/`, ISSUER.toUpperCase(), `${ISSUER} `, [ISSUER], null])(
  "15: an issuer of %j is another one",
  (iss) => {
    expect(["issuer_unknown", "token_malformed"]).toContain(verdict({ claims: { iss } }));
  },
);

test.each([undefined, [], "", "Orders", "orders/", "https://orders", ["a", "b"]])(
  "16: an audience of %j is not orders",
  (aud) => {
    expect(verdict({ claims: { aud } })).toBe("audience_mismatch");
  },
);

test.each([{}, 1, null, true, [1], [["orders"]]])("16: an audience of %j is malformed", (aud) => {
  expect(verdict({ claims: { aud } })).toBe("token_malformed");
});

test("17: exp is required, a number, and has passed when it has passed", () => {
  expect(verdict({ expiresIn: null })).toBe("expiry_missing");
  expect(verdict({ expiresIn: -30 })).toBe("allow");
  expect(verdict({ expiresIn: -90 })).toBe("token_expired");
  for (const exp of ["4102444800", null, true, [4102444800], {}]) {
    expect(verdict({ claims: { exp } }), JSON.stringify(exp)).toBe("token_malformed");
  }
});

test.each([0, -1, 1.5, -9e99, 2 ** 31, 2 ** 32])(
  "17: an exp of %d, long past or before the epoch, never wraps",
  (exp) => {
    const expected = exp > Date.now() / 1000 ? "allow" : "token_expired";
    expect(verdict({ claims: { exp } })).toBe(expected);
  },
);

test("18: a type and an age are pinned where the rule pins them", () => {
  const order = { ...good, issuer: OTHER, key: "other" };
  const judge = (more: TokenOrder) => verdictOn(host, mintToken({ ...order, ...more }), "x-other");
  expect(judge({ header: { typ: "at+jwt" } })).toBe("allow");
  expect(judge({ header: { typ: "JWT" } })).toBe("type_mismatch");
  expect(judge({ header: { typ: undefined } })).toBe("type_mismatch");
  expect(judge({ header: { typ: "at+jwt" }, issuedAt: -7200 })).toBe("token_too_old");
});

test("19: one issuer's key does not speak for another, whatever its kid", () => {
  expect(verdict({ key: "other", kid: "test-rs256" })).toBe("signature_invalid");
  expect(verdict({ issuer: OTHER, key: "other" })).toBe("issuer_unknown");
});

test("20: a bad second token is not ignored", () => {
  const both = host.request(
    lines("/a", bearer(mintToken(good)), ["x-other", mintBrokenToken("tamperedSignature", good)]),
  );
  expect(recordOf(both)["decision"]).toBe("deny");
});

test("21: absent is allowed where policy needs no identity, present and invalid is 401", () => {
  expect(host.request(lines("/open")).reply).toBeUndefined();
  expect(host.request(lines("/open", bearer("garbage"))).reply?.status).toBe(401);
});
