/** The request of the benchmark: about 1 KB of token, and the policies that let it through. */
import { generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from "node:crypto";
import type { BenchRule } from "./native.ts";

export const ISSUER = "https://idp.example.com";
export const AUDIENCE = "orders";

export interface Signer {
  algorithm: "RS256" | "ES256";
  privateKey: KeyObject;
  jwk: JsonWebKey & { kid: string; alg: string };
}

export function makeSigner(algorithm: Signer["algorithm"]): Signer {
  const pair =
    algorithm === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid: `bench-${algorithm}`, alg: algorithm };
  return { algorithm, privateKey: pair.privateKey, jwk };
}

/** A token like those of common identity providers. */
export function makeToken(signer: Signer): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ISSUER,
    sub: "auth0|5f7c8ec7c33c6c004bbafe82",
    aud: [AUDIENCE, "https://idp.example.com/userinfo"],
    azp: "my_client_id_0123456789",
    exp: now + 86_400,
    iat: now,
    auth_time: now,
    jti: "0d4cbf0c-6a3e-4f43-9b8a-5f4e1c6f0a9d",
    scope: "openid profile email orders:read orders:write offline_access",
    email: "alice@example.com",
    email_verified: true,
    name: "Alice Example",
    groups: ["engineering", "oncall", "orders-readers"],
    tenant: "acme",
    acr: "urn:mace:incommon:iap:silver",
  };
  return signToken(signer, claims);
}

export function signToken(signer: Signer, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encode({ alg: signer.algorithm, typ: "JWT", kid: signer.jwk.kid })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(input), { key: signer.privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

/** The same token with one byte of its signature changed. */
export function forged(token: string): string {
  const at = token.length - 20;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

/** `count` rules of which only the last lets the request through; the others fail on the path, or on the claim. */
export function makeRules(count: number, failing: "path" | "claim" = "path"): BenchRule[] {
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    return {
      pathPrefix: isLast || failing === "claim" ? "/orders/" : `/service-${index}/`,
      claim: "groups",
      value: isLast || failing === "path" ? "orders-readers" : `group-${index}`,
    };
  });
}

export function requestHead(token: string): string {
  return [
    "GET /orders/123?x=1 HTTP/1.1",
    "host: orders.shop",
    "accept: application/json",
    "user-agent: lictor-bench/1",
    "x-forwarded-proto: http",
    `authorization: Bearer ${token}`,
    "",
    "",
  ].join("\r\n");
}

export interface DocumentOptions {
  /** Verified tokens that are kept; 0 verifies on every request. */
  tokenCache: number;
  seal?: string;
}

export function lictorDocument(
  signer: Signer,
  rules: readonly BenchRule[],
  options: DocumentOptions,
): string {
  const { seal, tokenCache } = options;
  return JSON.stringify({
    apiVersion: "lictor/v1",
    ...(seal === undefined ? {} : { seal }),
    limits: { tokenCache },
    jwtRules: [{ name: "corp", issuer: ISSUER, audiences: [AUDIENCE], jwks: { keys: [signer.jwk] } }],
    policies: rules.map((rule, index) => ({
      name: `p${index}`,
      namespace: "shop",
      rules: [
        {
          to: [{ operation: { methods: ["GET"], paths: [`${rule.pathPrefix}*`] } }],
          when: [{ key: `request.auth.claims[${rule.claim}]`, values: [rule.value] }],
        },
      ],
    })),
  });
}
