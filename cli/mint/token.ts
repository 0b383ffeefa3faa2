/** Compact JWTs (RFC 7519, RFC 7515 §7.1) to order. */
import { constants, createHmac, sign, type KeyObject } from "node:crypto";
import { mintKey, type MintAlgorithm, type MintKey } from "./keys.ts";

/** What a token should say; every member is optional. */
export interface TokenOrder {
  issuer?: string;
  subject?: string;
  audience?: string | string[];
  /** Further claims; one of the same name replaces what the other members give, undefined removes it. */
  claims?: Record<string, unknown>;
  /** The name of the key, by default "test" (see `keys.ts`), or a key. */
  key?: string | MintKey;
  /** By default RS256, or what the given key is for. */
  alg?: MintAlgorithm;
  /** By default the key's; null leaves it out. */
  kid?: string | null;
  /** Further header parameters, which replace the others likewise. */
  header?: Record<string, unknown>;
  /** Seconds from now to `exp`, by default 300; null leaves it out. Negative: expired. */
  expiresIn?: number | null;
  /** Seconds from now to `iat`, by default 0. */
  issuedAt?: number;
  /** Seconds from now to `nbf`; absent by default. */
  notBefore?: number;
  /** Seconds since the epoch that "now" means, by default the clock's. */
  now?: number;
}

/** The parts of a token before they are signed. */
export interface TokenParts {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  key: MintKey;
}

/** The signed token that `order` asks for. */
export function mintToken(order: TokenOrder = {}): string {
  const parts = tokenParts(order);
  return signToken(encodeJson(parts.header), encodeJson(parts.claims), parts.key);
}

/** Header, claims and key as `order` wants them. */
export function tokenParts(order: TokenOrder): TokenParts {
  const key = keyOf(order);
  const now = order.now ?? Math.floor(Date.now() / 1000);
  const expiresIn = order.expiresIn === undefined ? 300 : order.expiresIn;
  return {
    key,
    header: {
      alg: key.algorithm,
      typ: "JWT",
      kid: order.kid === null ? undefined : (order.kid ?? key.kid),
      ...order.header,
    },
    claims: {
      iss: order.issuer,
      sub: order.subject,
      aud: order.audience,
      iat: now + (order.issuedAt ?? 0),
      nbf: order.notBefore === undefined ? undefined : now + order.notBefore,
      exp: expiresIn === null ? undefined : now + expiresIn,
      ...order.claims,
    },
  };
}

function keyOf(order: TokenOrder): MintKey {
  if (typeof order.key === "object") return order.key;
  return mintKey(order.key ?? "test", order.alg);
}

/** `header.claims.signature`, the first two as already encoded. */
export function signToken(header: string, claims: string, key: MintKey): string {
  const input = `${header}.${claims}`;
  return `${input}.${signatureOf(key.algorithm, key.signingKey, input).toString("base64url")}`;
}

/** JSON in base64url; undefined members are left out. */
export function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The JWS signature of `input` (RFC 7518 §3.2 to §3.5, RFC 8037 §3.1). */
export function signatureOf(algorithm: MintAlgorithm, key: KeyObject, input: string): Buffer {
  const bytes = Buffer.from(input);
  if (algorithm === "EdDSA") return sign(null, bytes, key);
  const bits = algorithm.slice(2);
  const hash = `sha${bits}`;
  switch (algorithm.slice(0, 2)) {
    case "RS":
      return sign(hash, bytes, key);
    case "PS":
      return sign(hash, bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: Number(bits) / 8,
      });
    case "ES":
      return sign(hash, bytes, { key, dsaEncoding: "ieee-p1363" });
    default:
      return createHmac(hash, key).update(bytes).digest();
  }
}
