/**
 * The same tokens in every run, one an algorithm. Where signing is random (RSASSA-PSS, ECDSA), the
 * signed token is kept in `tokens.json`; the other algorithms give the same signature every time.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compactVerify, importJWK } from "jose";
import { mintKey, mintToken, type MintAlgorithm } from "lictor";

export const ALGORITHMS: readonly MintAlgorithm[] = [
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const),
  ...(["ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512"] as const),
];

/** When the tokens are issued and the requests come, in seconds since the epoch. */
export const NOW = 1_767_225_600;
export const AUDIENCE = "orders";
/** The name of the keys, from which the mint derives them. */
export const KEY = "fuel";

type KeptTokens = { [algorithm: string]: string };

const keptPath = fileURLToPath(new URL("./tokens.json", import.meta.url));
const kept = existsSync(keptPath) ? (JSON.parse(readFileSync(keptPath, "utf8")) as KeptTokens) : {};

export function tokenOf(algorithm: MintAlgorithm): string {
  if (!isRandom(algorithm)) return mint(algorithm);
  const token = kept[algorithm];
  if (token === undefined) throw new Error(`tokens.json has none for ${algorithm}: run \`npm run fuel\``);
  return token;
}

/** Signs what is missing in `tokens.json`, or is no token of the mint's keys any more. */
export async function keepTokens(): Promise<void> {
  for (const algorithm of ALGORITHMS.filter(isRandom)) {
    const key = await importJWK({ ...mintKey(KEY, algorithm).jwk }, algorithm);
    const valid = await compactVerify(kept[algorithm] ?? "", key).then(
      () => true,
      () => false,
    );
    if (!valid) kept[algorithm] = mint(algorithm);
  }
  writeFileSync(keptPath, `${JSON.stringify(kept, null, 2)}\n`);
}

/** The token with one character in the middle of its signature changed. */
export function forge(token: string): string {
  const at = Math.floor((token.lastIndexOf(".") + token.length) / 2);
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

/** Symmetric keys have an issuer of their own: a rule has one kind of keys. */
export function issuerOf(algorithm: MintAlgorithm): string {
  return isSecret(algorithm) ? "https://internal.example.com" : "https://idp.example.com";
}

export function isSecret(algorithm: MintAlgorithm): boolean {
  return algorithm.startsWith("HS");
}

function isRandom(algorithm: MintAlgorithm): boolean {
  return algorithm.startsWith("PS") || algorithm.startsWith("ES");
}

/** About 700 bytes and as many claims as identity providers give. */
function mint(alg: MintAlgorithm): string {
  const claims = {
    azp: "my_client_id_0123456789",
    jti: "0d4cbf0c-6a3e-4f43-9b8a-5f4e1c6f0a9d",
    scope: "openid profile email orders:read orders:write",
    email: "alice@example.com",
    groups: ["engineering", "oncall", "orders-readers"],
    tenant: "acme",
  };
  return mintToken({
    key: KEY,
    alg,
    issuer: issuerOf(alg),
    subject: "auth0|5f7c8ec7c33c6c004bbafe82",
    audience: AUDIENCE,
    now: NOW,
    expiresIn: 86_400,
    claims,
  });
}
