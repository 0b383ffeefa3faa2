/** Signing keys of the mint, and the JWKS that verifies them. */
import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { bytesFromName, ecFromName, ed25519FromName, rsaFromName } from "./names.ts";

/** The algorithms that the mint signs with (RFC 7518 §3.1, RFC 8037 §3.1). */
export const MINT_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "HS256",
  "HS384",
  "HS512",
] as const;

export type MintAlgorithm = (typeof MINT_ALGORITHMS)[number];

export interface MintKey {
  name: string;
  algorithm: MintAlgorithm;
  /** The `kid` of its JWK and of the tokens it signs. */
  kid: string;
  /** A private key, or for HMAC the secret. */
  signingKey: KeyObject;
  /** What verifies: the public JWK, or for HMAC the secret one, with `kid`, `alg` and `use`. */
  jwk: JsonWebKey;
}

const keys = new Map<string, MintKey>();

/** The key that `name` stands for: the same in every process (see `names.ts`), made once in each. */
export function mintKey(name: string, algorithm: MintAlgorithm = "RS256", rsaBits = 2048): MintKey {
  const identity = JSON.stringify([name, algorithm, rsaBits]);
  let key = keys.get(identity);
  if (key === undefined) {
    key = makeKey(name, algorithm, rsaBits);
    keys.set(identity, key);
  }
  return key;
}

function makeKey(name: string, algorithm: MintAlgorithm, rsaBits: number): MintKey {
  const kid = `${name}-${algorithm.toLowerCase()}`;
  const signingKey = makeSigningKey(name, algorithm, rsaBits);
  const verifying = signingKey.type === "secret" ? signingKey : createPublicKey(signingKey);
  const jwk = { ...verifying.export({ format: "jwk" }), kid, alg: algorithm, use: "sig" };
  return { name, algorithm, kid, signingKey, jwk };
}

function makeSigningKey(name: string, algorithm: MintAlgorithm, rsaBits: number): KeyObject {
  switch (algorithm) {
    case "RS256":
    case "RS384":
    case "RS512":
    case "PS256":
    case "PS384":
    case "PS512":
      return rsaFromName(name, rsaBits);
    case "ES256":
      return ecFromName(name, "P-256");
    case "ES384":
      return ecFromName(name, "P-384");
    case "ES512":
      return ecFromName(name, "P-521");
    case "EdDSA":
      return ed25519FromName(name);
    case "HS256":
    case "HS384":
    case "HS512":
      return createSecretKey(bytesFromName(`${algorithm} ${name}`, Number(algorithm.slice(2)) / 8));
  }
}

/** A JSON Web Key Set (RFC 7517 §5). */
export interface KeySet {
  keys: JsonWebKey[];
}

export function keySet(...members: MintKey[]): KeySet {
  return { keys: members.map((key) => key.jwk) };
}
