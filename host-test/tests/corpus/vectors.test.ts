import { expect, test } from "vitest";
import { describeVectors, readVectors } from "../support/vectors.ts";
import { decideLines, isSpiffeId, loadPolicy } from "./enforce.ts";

function lines(path: string, token?: string): [string, string][] {
  const head: [string, string][] = [
    [":method", "GET"],
    [":path", path],
    [":authority", "a.test"],
  ];
  return token === undefined ? head : [...head, ["authorization", `Bearer ${token}`]];
}

/** What a document that trusts `jwks` for the token's own issuer says to the token: allow, or the reason. */
function verdictOf(token: string, jwks: unknown, now: number): string {
  const issuer = issuerOf(token) ?? "https://no.issuer";
  const rule = { issuer, jwks, requireExpiry: false, presence: "REQUIRED" };
  const refusal = loadPolicy(
    JSON.stringify({ apiVersion: "lictor/v1", jwtRules: [rule], defaultAction: "ALLOW" }),
  );
  if (refusal !== undefined) return "bad keys";
  return decideLines(lines("/", token), undefined, now).reason ?? "allow";
}

function issuerOf(token: string): string | undefined {
  try {
    const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      iss?: unknown;
    };
    return typeof payload.iss === "string" && payload.iss !== "" ? payload.iss : undefined;
  } catch {
    return undefined;
  }
}

function algorithmOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { alg: string }).alg;
}

const SUPPORTED = ["RS256", "ES256"];

describeVectors("tables/spiffe.json", (path) => {
  test("a SPIFFE ID is one exactly where go-spiffe says so", () => {
    const { ids } = readVectors<{ ids: { id: string; valid: boolean }[] }>(path);
    const wrong = ids.filter(({ id, valid }) => isSpiffeId(id) !== valid).map(({ id }) => id);
    expect(wrong).toEqual([]);
    expect(ids).toHaveLength(564);
  });
});

describeVectors("tables/envoy_path.json", (path) => {
  test("a template's operators match what Envoy's match", () => {
    const { glob_match: rows } = readVectors<{
      glob_match: { op: string; segment: string; match: boolean }[];
    }>(path);
    for (const { op, segment, match } of rows) {
      const template = `/x/{${op}}`;
      const policy = { name: "a", rules: [{ to: [{ operation: { paths: [template] } }] }] };
      const requests = { ambiguousPaths: "KEEP" };
      loadPolicy(JSON.stringify({ apiVersion: "lictor/v1", policies: [policy], requests }));
      const { decision } = decideLines(lines(`/x/${segment}`));
      expect(decision, `${op} on ${segment}`).toBe(match ? "allow" : "deny");
    }
    expect(rows).toHaveLength(12);
  });
});

describeVectors("tables/rfc_jws_examples.json", (path) => {
  interface Row {
    id: string;
    alg: string;
    jwk: object | null;
    jws: string;
    valid: boolean;
  }

  test("the RFCs' examples verify, and unsigned ones are refused", () => {
    const verdicts = readVectors<{ cases: Row[] }>(path).cases.map((row) => [
      row.id,
      verdictOf(row.jws, { keys: [row.jwk] }, 1300819000),
    ]);
    expect(Object.fromEntries(verdicts)).toMatchObject({ "RFC7515 A.2": "allow", "RFC7515 A.3": "allow" });
    for (const [id, verdict] of verdicts.filter(
      ([name]) => name === "RFC7515 A.5" || name === "RFC7519 6.1",
    )) {
      expect(verdict, id).not.toBe("allow");
    }
  });
});

describeVectors("tables/jwt_verify_lib_cases.json", (path) => {
  interface Row {
    id: string;
    type: string;
    jwks: string;
    jwt: string;
    now: number | null;
    mutate: string | null;
    expect: string;
  }

  /** Rows of RS256 and ES256 whose token has an issuer. */
  const readRows = () =>
    readVectors<{ verify: Row[] }>(path).verify.filter(
      (row) =>
        row.type === "JWKS" && SUPPORTED.includes(algorithmOf(row.jwt)) && issuerOf(row.jwt) !== undefined,
    );

  test("what the library behind Envoy's jwt_authn refuses is refused", () => {
    const refused = readRows().filter((row) => row.expect !== "Ok");
    for (const row of refused) {
      const tokens = row.mutate === null ? [row.jwt] : mutations(row.jwt);
      for (const token of tokens) expect(verdictOf(token, row.jwks, row.now ?? 1), row.id).not.toBe("allow");
    }
    expect(refused.length).toBe(10);
  });

  test("what it accepts is accepted, but for keys and tokens that we are stricter about", () => {
    const accepted = readRows().filter((row) => row.expect === "Ok");
    const verdicts = accepted.map((row) => ({
      id: row.id,
      verdict: verdictOf(row.jwt, row.jwks, row.now ?? 1),
    }));
    expect(verdicts.filter(({ verdict }) => verdict === "allow").length).toBe(10);
    expect(verdicts.filter(({ verdict }) => verdict !== "allow")).toEqual([
      // A key without `kid` does not serve a token that names one.
      { id: "verify_jwk_ec_test.cc:VerifyJwkECTest.PubkeyNoKidOK", verdict: "key_unknown" },
      // 8 KiB is the cap.
      {
        id: "verify_jwk_rsa_test.cc:VerifyJwkRsaTest.LongClaimsWithCorrectKidOk",
        verdict: "token_too_large",
      },
      // A map from `kid` to certificates is no JWK Set.
      { id: "verify_x509_test.cc:VerifyX509Test.NoKidToken", verdict: "bad keys" },
      { id: "verify_x509_test.cc:VerifyX509Test.RealToken", verdict: "bad keys" },
    ]);
  });
});

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

describeVectors("tables/envoy_jwt_authn_tokens.json", (path) => {
  interface Token {
    name: string;
    jwt: string;
    signature_ok_with_jwks: boolean;
    expect_status_with_example_config: number | null;
  }

  test("Envoy's own tokens get the verdict that Envoy gives them, a wrong audience 401 instead of 403", () => {
    const { jwks, tokens } = readVectors<{ jwks: object; tokens: Token[] }>(path);
    const rule = {
      issuer: "https://example.com",
      audiences: ["example_service", "http://example_service1", "https://example_service2/"],
      jwks,
      presence: "REQUIRED",
      requireExpiry: false,
    };
    expect(
      loadPolicy(JSON.stringify({ apiVersion: "lictor/v1", jwtRules: [rule], defaultAction: "ALLOW" })),
    ).toBeUndefined();
    const judged = tokens.filter((token) => token.expect_status_with_example_config !== null);
    const differences = judged.filter(({ jwt, expect_status_with_example_config: status }) => {
      const { decision } = decideLines(lines("/", jwt), undefined, 1_600_000_000);
      return (decision === "allow") !== (status === 200);
    });
    expect(differences.map(({ name }) => name)).toEqual([]);
    expect(judged.length).toBeGreaterThan(5);
  });
});
