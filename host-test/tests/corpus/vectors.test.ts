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

describeVectors("tables/spiffe.json", (path) => {
  test("a SPIFFE ID is one exactly where go-spiffe says so", () => {
    const { ids } = readVectors<{ ids: { id: string; valid: boolean }[] }>(path);
    const wrong = ids.filter(({ id, valid }) => isSpiffeId(id) !== valid).map(({ id }) => id);
    expect(wrong).toEqual([]);
    expect(ids).toHaveLength(564);
  });
});

describeVectors("tables/envoy_jwt_authn_tokens.json", (path) => {
  interface Token {
    name: string;
    jwt: string;
    expect_status_with_example_config: number;
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
    const verdicts = tokens.map(({ name, jwt, expect_status_with_example_config: status }) => {
      const { reason = "allow" } = decideLines(lines("/", jwt), undefined, 1_600_000_000);
      expect(reason === "allow", name).toBe(status === 200);
      return [name, reason];
    });
    expect(Object.fromEntries(verdicts)).toEqual({
      GoodToken: "allow",
      GoodTokenWithSpaces: "allow",
      NestedGoodToken: "allow",
      ExpiredToken: "token_expired",
      InvalidAudToken: "audience_mismatch",
      // The table's keys are not theirs.
      NonExpiringToken: "signature_invalid",
      NotYetValidToken: "signature_invalid",
      NonExistKidToken: "signature_invalid",
      OtherGoodToken: "issuer_unknown",
      ES256WithoutIssToken: "issuer_unknown",
    });
  });
});
