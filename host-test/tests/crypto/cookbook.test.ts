/** The signature examples of RFC 7515, RFC 7520 and RFC 8037. Most payloads are no claims, so the primitives verify them too. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decideLines, loadPolicy } from "../corpus/enforce.ts";
import { bearer, lines, loadFilter, recordOf } from "../filter/filter.ts";
import { mintKey } from "../mint/index.ts";
import { describeVectors, readVectors } from "../support/vectors.ts";
import {
  computeDigest,
  ecKey,
  ecVerify,
  edKey,
  edVerify,
  hmacKey,
  hmacVerify,
  onEachBuild,
  p256Key,
  p256Verify,
  pssVerify,
  reset,
  rsaKey,
  rsaVerify,
} from "./as-crypto.ts";

type Members = { [member: string]: string };

interface Example {
  input: { alg: string; key: Members };
  output: { compact: string };
}

const bytes = (text: string | undefined) => Buffer.from(text ?? "", "base64url");

/** Whether a compact serialization verifies under the key. */
function verifies(alg: string, key: Members, compact: string): boolean {
  reset();
  const dot = compact.lastIndexOf(".");
  const message = Buffer.from(compact.slice(0, dot));
  const signature = bytes(compact.slice(dot + 1));
  switch (alg) {
    case "RS256":
      return rsaVerify(
        rsaKey(bytes(key["n"]), bytes(key["e"]))!,
        "sha256",
        computeDigest("sha256", message),
        signature,
      );
    case "PS384":
      return pssVerify(
        rsaKey(bytes(key["n"]), bytes(key["e"]))!,
        "sha384",
        computeDigest("sha384", message),
        signature,
      );
    case "ES256":
      return p256Verify(
        p256Key(bytes(key["x"]), bytes(key["y"]))!,
        computeDigest("sha256", message),
        signature,
      );
    case "ES512":
      return ecVerify(
        ecKey("P-521", bytes(key["x"]), bytes(key["y"]))!,
        computeDigest("sha512", message),
        signature,
      );
    case "EdDSA":
      return edVerify(edKey(bytes(key["x"]))!, message, signature);
    case "HS256":
      return hmacVerify(hmacKey("sha256", bytes(key["k"]))!, message, signature);
    default:
      throw new Error(`no example has ${alg}`);
  }
}

describeVectors("jose-cookbook", (folder) => {
  onEachBuild(() => {
    test.each([
      "jws/4_1.rsa_v15_signature.json",
      "jws/4_2.rsa-pss_signature.json",
      "jws/4_3.ecdsa_signature.json",
      "jws/4_4.hmac-sha2_integrity_protection.json",
      "curve25519/jws.json",
    ])("%s verifies", (name) => {
      const { input, output } = readVectors<Example>(join(folder, name));
      expect(verifies(input.alg, input.key, output.compact)).toBe(true);
    });
  });

  /** Every serialization in the folder, by its file and form; a JSON one as its text. */
  function serializations(): [name: string, text: string][] {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".json"),
    );
    return files.sort().flatMap((file) => {
      const { output = {} } = readVectors<{ output?: { [form: string]: unknown } }>(join(folder, file));
      return Object.entries(output).map(([form, value]): [string, string] => [
        `${file} ${form}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]);
    });
  }

  test("no serialization but a compact JWS of claims is a token", () => {
    const jwks = { keys: [mintKey("a", "ES256").jwk] };
    const jwtRules = [{ issuer: "https://a", jwks }];
    expect(
      loadPolicy(JSON.stringify({ apiVersion: "lictor/v1", jwtRules, limits: { tokenBytes: 65_536 } })),
    ).toBeUndefined();
    const verdicts: { [reason: string]: number } = {};
    for (const [, text] of serializations()) {
      const { reason = "allow" } = decideLines(lines("/", bearer(text)));
      verdicts[reason] = (verdicts[reason] ?? 0) + 1;
    }
    // JSON has commas, and with them a header's value is several.
    expect(verdicts).toEqual({ header_merged: 48, token_malformed: 17 });
  });

  test("of its keys the public ones serve, and no private or symmetric one", () => {
    const names = readdirSync(join(folder, "jwk")).sort();
    const taken = names.filter((name) => {
      const jwtRules = [{ issuer: "https://a", jwks: { keys: [readVectors(join(folder, "jwk", name))] } }];
      return loadPolicy(JSON.stringify({ apiVersion: "lictor/v1", jwtRules })) === undefined;
    });
    expect(taken).toEqual(["3_1.ec_public_key.json", "3_3.rsa_public_key.json"]);
    expect(names.length).toBe(6);
  });
});

describeVectors("tables/rfc_jws_examples.json", (path) => {
  interface Row {
    id: string;
    alg: string;
    jwk: Members | null;
    jws: string;
    valid: boolean;
  }
  const { cases } = readVectors<{ cases: Row[] }>(path);
  const signed = cases.filter((row) => row.valid);

  onEachBuild(() => {
    test.each(signed)("$id verifies", ({ alg, jwk, jws }) => {
      expect(verifies(alg, jwk!, jws)).toBe(true);
      expect(verifies(alg, jwk!, jws.replace(/^e/, "f"))).toBe(false);
    });
  });

  test("as tokens, those of claims are taken and the others refused", async () => {
    const verdicts = await Promise.all(
      cases.map(async ({ id, alg, jwk, jws }) => {
        const rule = { issuer: "joe", presence: "REQUIRED" };
        const keys = JSON.stringify({ keys: [jwk ?? mintKey("a", "ES256").jwk] });
        const where = alg === "HS256" ? { algorithms: [alg], jwksEnv: "KEYS" } : { jwks: keys };
        const document = {
          apiVersion: "lictor/v1",
          jwtRules: [{ ...rule, ...where }],
          defaultAction: "ALLOW",
        };
        const host = await loadFilter(JSON.stringify(document), {
          environment: { KEYS: keys },
          // A minute before the tokens of the RFCs expire.
          nowMs: 1_300_819_320_000,
        });
        return [id, recordOf(host.request(lines("/", bearer(jws))))["reason"] ?? "allow"];
      }),
    );
    expect(Object.fromEntries(verdicts)).toEqual({
      "RFC7515 A.1": "allow",
      "RFC7515 A.2": "allow",
      "RFC7515 A.3": "allow",
      // Their payloads are no claims.
      "RFC7515 A.4": "token_malformed",
      "RFC8037 A.4": "token_malformed",
      // Their signatures are empty.
      "RFC7515 A.5": "token_malformed",
      "RFC7519 6.1": "token_malformed",
    });
  });
});
