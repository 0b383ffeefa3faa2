/** The cases of the library behind Envoy's jwt_authn, row by row; where we are stricter or laxer, by name. */
import { createPublicKey, sign, X509Certificate, type KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import { bearer, lines, loadFilter, recordOf } from "../filter/filter.ts";
import { mintKey } from "../mint/index.ts";
import { describeVectors, readVectors } from "../support/vectors.ts";
import { decideLines, loadPolicy } from "./enforce.ts";

interface ParsedToken {
  id: string;
  jwt: string;
  expect: string;
}

interface ParsedKeys {
  id: string;
  type: "JWKS" | "PEM";
  jwks: string;
  expect: string;
}

interface Verified {
  id: string;
  type: "JWKS" | "PEM";
  pem_kid: string | null;
  pem_alg: string | null;
  jwks: string;
  jwt: string;
  now: number | null;
  mutate: string | null;
  expect: string;
}

const ISSUER = "https://issuer.test";
/** The time of rows that run by the wall clock. */
const WALL_CLOCK = 1_700_000_000;

/** Decides on a token at a time in seconds: allow, or the reason. */
type Judge = (token: string, now: number) => string;

function documentOf(rule: object): string {
  const jwtRules = [{ requireExpiry: false, presence: "REQUIRED", ...rule }];
  const limits = { tokenBytes: 65_536 };
  return JSON.stringify({ apiVersion: "lictor/v1", jwtRules, limits, defaultAction: "ALLOW" });
}

/** A document with these keys inline; undefined where it does not load. */
function inline(issuer: string, jwks: unknown): Judge | undefined {
  if (loadPolicy(documentOf({ issuer, jwks })) !== undefined) return undefined;
  return (token, now) => decideLines(lines("/", bearer(token)), undefined, now).reason ?? "allow";
}

/** The same with the keys in the VM's environment, the only place of symmetric ones; undefined where it is not ready. */
async function fromEnvironment(issuer: string, jwks: string): Promise<Judge | undefined> {
  const algorithms = ["HS256", "HS384", "HS512"];
  const host = await loadFilter(documentOf({ issuer, algorithms, jwksEnv: "KEYS" }), {
    environment: { KEYS: jwks },
  });
  const judge: Judge = (token, now) => {
    host.clock.set(now * 1000);
    return (recordOf(host.request(lines("/", bearer(token))))["reason"] as string | undefined) ?? "allow";
  };
  return judge("a.b.c", WALL_CLOCK) === "not_ready" ? undefined : judge;
}

const isSymmetric = (jwks: string) => /"kty"\s*:\s*"oct"/.test(jwks);

function judgeOf(issuer: string, jwks: string): Promise<Judge | undefined> | Judge | undefined {
  return isSymmetric(jwks) ? fromEnvironment(issuer, jwks) : inline(issuer, jwks);
}

/** `FILE:SUITE.NAME` without the file, which the library's names do not need. */
const nameOf = ({ id }: { id: string }) => id.slice(id.indexOf(":") + 1);

describeVectors("tables/jwt_verify_lib_cases.json", (path) => {
  const { jwt_parse, jwks_parse, verify } = readVectors<{
    jwt_parse: ParsedToken[];
    jwks_parse: ParsedKeys[];
    verify: Verified[];
  }>(path);

  test("tokens: what the library parses we take, and what it does not we refuse, but for these", () => {
    const key = mintKey("test", "ES256");
    const judge = (issuer: string) => inline(issuer, { keys: [key.jwk] })!;
    const rows = { refused: 0, "refused when signed": 0, "taken when signed": 0 };
    const asTheyAre: { [verdict: string]: number } = {};
    const different: { [name: string]: string } = {};
    for (const row of jwt_parse) {
      const ok = row.expect === "Ok";
      if (!ok && !row.expect.startsWith("JwtPayload")) {
        rows.refused += 1;
        const expected = NOT_A_TOKEN[nameOf(row)] ?? "token_malformed";
        expect(judge(ISSUER)(row.jwt, WALL_CLOCK), row.id).toBe(expected);
        continue;
      }
      rows[ok ? "taken when signed" : "refused when signed"] += 1;
      // Nobody has the keys of most: a key of ours signs the payload, with an issuer where it has none.
      const text = Buffer.from(row.jwt.split(".")[1]!, "base64url").toString();
      const claims = claimsOf(row.jwt);
      const issued =
        claims === undefined || "iss" in claims ? text : text.replace("{", `{"iss":"${ISSUER}",`);
      const unsigned = `${encode(JSON.stringify({ alg: "ES256", kid: key.kid }))}.${encode(issued)}`;
      const signature = sign("sha256", Buffer.from(unsigned), {
        key: key.signingKey,
        dsaEncoding: "ieee-p1363",
      });
      const issuer = typeof claims?.iss === "string" ? claims.iss : ISSUER;
      const verdict = judge(issuer)(`${unsigned}.${encode(signature)}`, startOf(claims, 1));
      if ((verdict === "allow") !== ok) different[nameOf(row)] = verdict;
      const asItIs = judge(issuer)(row.jwt, startOf(claims, 1));
      if (ok) asTheyAre[asItIs] = (asTheyAre[asItIs] ?? 0) + 1;
    }
    expect(different).toEqual(OTHER_TOKENS);
    expect(asTheyAre).toEqual({
      algorithm_refused: 6,
      issuer_unknown: 3,
      key_unknown: 29,
      signature_invalid: 2,
      // Signatures that base64url does not spell so.
      token_malformed: 2,
    });
    expect(rows).toEqual({ refused: 10, "refused when signed": 16, "taken when signed": 42 });
  });

  test("key sets: we take what the library takes, and nothing else, but for these; a PEM is none", async () => {
    const different: string[] = [];
    const rows = { PEM: 0, taken: 0, refused: 0 };
    for (const row of jwks_parse) {
      const ok = row.type === "JWKS" && row.expect === "Ok";
      rows[row.type === "PEM" ? "PEM" : ok ? "taken" : "refused"] += 1;
      const taken = (await judgeOf(ISSUER, row.jwks)) !== undefined;
      if (taken !== ok) different.push(nameOf(row));
    }
    expect(different).toEqual(Object.keys(OTHER_KEYS));
    expect(rows).toEqual({ PEM: 14, taken: 23, refused: 48 });
  });

  test("signatures: we verify what the library verifies, and nothing else, but for these", async () => {
    const different: { [name: string]: string } = {};
    const rows = { verify: 0, "do not": 0, "do not when changed": 0 };
    for (const row of verify) {
      const ok = row.expect === "Ok";
      rows[ok ? "verify" : row.mutate === null ? "do not" : "do not when changed"] += 1;
      const claims = claimsOf(row.jwt)!;
      const judge =
        (await judgeOf(String(claims.iss), JSON.stringify({ keys: keysOf(row) }))) ?? (() => "no keys");
      for (const token of row.mutate === null ? [row.jwt] : mutations(row.jwt)) {
        const verdict = judge(token, startOf(claims, row.now ?? WALL_CLOCK));
        if ((verdict === "allow") !== ok) different[nameOf(row)] = verdict;
        // Nothing of its claims keeps a changed token out.
        if (row.mutate !== null)
          expect(["signature_invalid", "token_malformed", "key_unknown", "no keys"], row.id).toContain(
            verdict,
          );
      }
    }
    expect(different).toEqual(OTHER_SIGNATURES);
    expect(rows).toEqual({ verify: 38, "do not": 9, "do not when changed": 32 });
  });
});

/** What we say to other texts than malformed tokens. */
const NOT_A_TOKEN: { [name: string]: string } = {
  // Nothing but the scheme and a space: white space around a value that rules read.
  "JwtParseTest.TestEmptyJwt": "request_malformed",
  // A token all the same, of an algorithm and an issuer that no rule has.
  "JwtParseTest.TestParseHeaderInvalidAlg": "issuer_unknown",
};

/** Tokens that only one side takes: what we say. */
const OTHER_TOKENS = {
  // NumericDate is a number, before 1970 and beyond the year 9999 too (RFC 7519 §2).
  "JwtParseTest.TestParsePayloadIatNotPositive": "allow",
  "JwtParseTest.TestParsePayloadNbfNotPositive": "allow",
  "JwtParseTest.TestParsePayloadExpTooBig": "allow",
};

/** Key sets that only the library takes: why. */
const OTHER_KEYS = {
  "JwksParseTest.GoodOKP": "its x is no point of the curve (RFC 8032 §5.1.3)",
  "JwksParseTest.JwksIgnoreUnsupportedKey": "the same x",
  "JwksParseTest.JwksECMatchAlgES512CrvP521": "its y is not in full length (RFC 7518 §6.2.1.3)",
  "JwksParseTest.JwksECMissingBothAlgCrvES256": "without crv (RFC 7518 §6.2.1)",
  "JwksParseTest.JwkECMissingCrv": "without crv",
  "JwksParseTest.JwksECUnspecifiedCrv": "without crv",
  "JwksParseTest.JwksGoodX509": "a map from kid to certificates is no JWK Set",
  "JwksParseTest.RealJwksX509": "the same",
};

/** Signatures that only the library takes: what we say. */
const OTHER_SIGNATURES = {
  // A key without `kid` does not serve a token that names one.
  "VerifyJwkECTest.PubkeyNoKidOK": "key_unknown",
  "VerifyJwkOKPTest.PubkeyNoKidOK": "key_unknown",
  // Its signature is padded.
  "VerifyX509Test.NoKidToken": "token_malformed",
};

interface Claims {
  iss?: unknown;
  nbf?: unknown;
  iat?: unknown;
}

function claimsOf(token: string): Claims | undefined {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
  } catch {
    return undefined;
  }
}

/** `now`, or the first second of the token's life after it: the library does not look at `iat`. */
function startOf(claims: Claims | undefined, now: number): number {
  const times = [claims?.nbf, claims?.iat].filter((time) => typeof time === "number");
  return Math.min(WALL_CLOCK, Math.max(now, ...times));
}

function encode(value: Uint8Array | string): string {
  return Buffer.from(value).toString("base64url");
}

/** The row's keys, in the one form that we take: JWKs, with coordinates in full length (RFC 7518 §6.2.1.2). */
function keysOf({ type, jwks, pem_kid, pem_alg }: Verified): object[] {
  if (type === "PEM") return [jwkOf(createPublicKey(jwks), pem_kid, pem_alg)];
  const set = JSON.parse(jwks) as { keys: Jwk[] } | { [kid: string]: string };
  if (!Array.isArray(set.keys))
    return Object.entries(set).map(([kid, pem]) =>
      jwkOf(new X509Certificate(String(pem)).publicKey, kid, null),
    );
  return (set.keys as Jwk[]).map((key) =>
    key.crv === "P-521" ? { ...key, x: wide(key.x), y: wide(key.y) } : key,
  );
}

interface Jwk {
  crv?: string;
  x?: string;
  y?: string;
}

function jwkOf(key: KeyObject, kid: string | null, alg: string | null): object {
  return {
    ...key.export({ format: "jwk" }),
    ...(kid === null ? {} : { kid }),
    ...(alg === null ? {} : { alg }),
  };
}

function wide(coordinate = ""): string {
  const bytes = Buffer.from(coordinate, "base64url");
  return encode(Buffer.concat([Buffer.alloc(66 - bytes.length), bytes]));
}

/** Every tenth flip of a bit of the signature, and every tenth way to cut it short. */
function mutations(token: string): string[] {
  const dot = token.lastIndexOf(".") + 1;
  const signature = Buffer.from(token.slice(dot), "base64url");
  const flips = Array.from({ length: Math.floor((signature.length * 8) / 10) }, (_, index) => {
    const copy = Buffer.from(signature);
    copy[(index * 10) >> 3]! ^= 1 << ((index * 10) & 7);
    return token.slice(0, dot) + copy.toString("base64url");
  });
  const cuts = Array.from({ length: Math.floor(signature.length / 10) }, (_, index) =>
    token.slice(0, dot + index * 10),
  );
  return [...flips, ...cuts];
}
