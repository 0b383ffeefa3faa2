import { describe, expect, test } from "vitest";
import { keySet, mintKey, mintToken } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const ALGORITHMS = ["HS256", "HS384", "HS512"] as const;
const rule = { name: "corp", issuer: ISSUER, algorithms: [...ALGORITHMS], jwksEnv: "CORP_JWKS" };
const document = documentWith({ jwtRules: [rule] });
const secrets = JSON.stringify(keySet(...ALGORITHMS.map((algorithm) => mintKey("secret", algorithm))));

async function reasonWith(environment: { [name: string]: string }, token: string): Promise<unknown> {
  const host = await loadFilter(document, { environment });
  const record = recordOf(host.request(lines("/a", bearer(token))));
  return record["reason"] ?? record["decision"];
}

describe("keys from the environment", () => {
  test.each(ALGORITHMS)("verify %s", async (alg) => {
    const token = mintToken({ issuer: ISSUER, subject: "a", key: "secret", alg });
    expect(await reasonWith({ OTHER: "x", CORP_JWKS: secrets }, token)).toBe("allow");
  });

  test.each(ALGORITHMS)("refuse a changed %s signature", async (alg) => {
    const token = mintToken({ issuer: ISSUER, subject: "a", key: "secret", alg });
    expect(await reasonWith({ CORP_JWKS: secrets }, `${token.slice(0, -6)}AAAAAA`)).toBe("signature_invalid");
  });

  test("serve no hash that they are too short for", async () => {
    const key = mintKey("secret", "HS256");
    const { alg: _alg, ...jwk } = key.jwk as { alg?: string };
    const environment = { CORP_JWKS: JSON.stringify({ keys: [jwk] }) };
    const order = { issuer: ISSUER, subject: "a", key, kid: key.kid };
    expect(await reasonWith(environment, mintToken(order))).toBe("allow");
    expect(await reasonWith(environment, mintToken({ ...order, header: { alg: "HS512" } }))).toBe(
      "key_unknown",
    );
  });

  test.each([
    ["is missing", {}],
    ["is empty", { CORP_JWKS: "" }],
    ["is no JWK Set", { CORP_JWKS: "secret" }],
    [
      "holds a secret of fifteen bytes",
      { CORP_JWKS: '{"keys":[{"kty":"oct","k":"MDEyMzQ1Njc4OWFiY2RlZg"}]}' },
    ],
    ["has another name's value", { XCORP_JWKS: secrets }],
  ])(
    "make the VM refuse everything where the variable %s, and never say the value",
    async (_, environment) => {
      const host = await loadFilter(document, { environment });
      const { reply } = host.request(lines("/open"));
      expect(reply).toMatchObject({ status: 503, details: "lictor_denied{not_ready}" });
      expect(JSON.stringify(host.logs)).toContain("jwksEnv");
      for (const value of Object.values(environment).filter((text) => text !== "")) {
        expect(JSON.stringify(host.logs)).not.toContain(value);
      }
    },
  );
});

test("a symmetric key in an inline set never verifies anything", async () => {
  const key = mintKey("secret", "HS256");
  const inline = { ...rule, jwksEnv: "", jwks: keySet(key, mintKey("test", "RS256")) };
  const host = await loadFilter(documentWith({ jwtRules: [inline] }));
  const token = mintToken({ issuer: ISSUER, subject: "a", key });
  expect(recordOf(host.request(lines("/a", bearer(token))))["reason"]).toBe("key_unknown");
});
