/**
 * Tokens that no verifier may accept: each entry takes the order of a good token and spoils it in one
 * way. Claims that are merely wrong (expired, another audience) are orders, not breakages.
 */
import { createPublicKey, createSecretKey, sign } from "node:crypto";
import { mintKey } from "./keys.ts";
import { encodeJson, mintToken, signToken, signatureOf, tokenParts, type TokenOrder } from "./token.ts";

interface Segments {
  header: string;
  payload: string;
  signature: string;
}

function segments(token: string): Segments {
  const [header = "", payload = "", signature = ""] = token.split(".");
  return { header, payload, signature };
}

/** Spoils the good token of `order` as text. */
function edit(change: (parts: Segments) => string): (order: TokenOrder) => string {
  return (order) => change(segments(mintToken(order)));
}

/** Signs header and claims after `change` has spoiled their JSON text. */
function signedText(
  change: (text: { header: string; claims: string }) => void,
): (order: TokenOrder) => string {
  return (order) => {
    const parts = tokenParts(order);
    const text = { header: JSON.stringify(parts.header), claims: JSON.stringify(parts.claims) };
    change(text);
    return signToken(base64Url(text.header), base64Url(text.claims), parts.key);
  };
}

function withHeader(header: Record<string, unknown>): (order: TokenOrder) => string {
  return (order) => mintToken({ ...order, header: { ...order.header, ...header } });
}

/** An unsigned token that names `alg`. */
function unsigned(alg: string): (order: TokenOrder) => string {
  return (order) => {
    const parts = tokenParts(order);
    return `${encodeJson({ ...parts.header, alg })}.${encodeJson(parts.claims)}.`;
  };
}

/** An HMAC over the token with the verifier's public key as the secret, in the given form. */
function confused(secret: (order: TokenOrder) => Buffer): (order: TokenOrder) => string {
  return (order) => {
    const parts = tokenParts(order);
    const input = `${encodeJson({ ...parts.header, alg: "HS256" })}.${encodeJson(parts.claims)}`;
    return `${input}.${signatureOf("HS256", createSecretKey(secret(order)), input).toString("base64url")}`;
  };
}

function publicKey(order: TokenOrder) {
  return createPublicKey(tokenParts(order).key.signingKey);
}

function base64Url(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** The bytes of a segment with one bit of its middle flipped. */
function flipped(segment: string): string {
  const bytes = Buffer.from(segment, "base64url");
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  return bytes.toString("base64url");
}

/** A segment whose last character has unused bits set; a segment without such bits gets one more byte. */
function nonCanonical(segment: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (segment.length % 4 === 0) return `${segment}AB`;
  const last = alphabet.indexOf(segment.slice(-1));
  return segment.slice(0, -1) + (alphabet[last | 1] ?? "");
}

export const brokenTokens = {
  wrongKey: (order) => {
    const { key } = tokenParts(order);
    return mintToken({
      ...order,
      key: mintKey("intruder", key.algorithm),
      kid: order.kid === undefined ? key.kid : order.kid,
    });
  },
  algorithmNone: unsigned("none"),
  algorithmNoneInAnotherCase: unsigned("nOnE"),
  algorithmConfusionWithPem: confused((order) =>
    Buffer.from(publicKey(order).export({ type: "spki", format: "pem" })),
  ),
  algorithmConfusionWithDer: confused((order) => publicKey(order).export({ type: "spki", format: "der" })),
  algorithmConfusionWithModulus: confused((order) =>
    Buffer.from(publicKey(order).export({ format: "jwk" }).n ?? "", "base64url"),
  ),
  algorithmInAnotherCase: (order) =>
    withHeader({ alg: tokenParts(order).key.algorithm.toLowerCase() })(order),
  algorithmMissing: withHeader({ alg: undefined }),
  algorithmNotText: withHeader({ alg: 256 }),
  criticalExtension: withHeader({ crit: ["exp"] }),
  criticalEmpty: withHeader({ crit: [] }),
  unencodedPayload: withHeader({ b64: false, crit: ["b64"] }),
  /** The intruder's own key in the header (RFC 7515 §4.1.3), and his signature. */
  keyInHeader: (order) => {
    const intruder = mintKey("intruder", tokenParts(order).key.algorithm);
    return mintToken({ ...order, key: intruder, header: { ...order.header, jwk: intruder.jwk } });
  },
  derSignature: (order) => {
    const parts = tokenParts({ ...order, alg: "ES256" });
    const input = `${encodeJson(parts.header)}.${encodeJson(parts.claims)}`;
    return `${input}.${sign("sha256", Buffer.from(input), parts.key.signingKey).toString("base64url")}`;
  },
  tamperedHeader: edit((p) => `${base64Url('{"alg":"RS256","typ":"at+jwt"}')}.${p.payload}.${p.signature}`),
  tamperedPayload: edit(
    (p) => `${p.header}.${encodeJson({ ...decode(p.payload), sub: "admin" })}.${p.signature}`,
  ),
  tamperedSignature: edit((p) => `${p.header}.${p.payload}.${flipped(p.signature)}`),
  truncatedSignature: edit((p) => `${p.header}.${p.payload}.${p.signature.slice(0, -4)}`),
  emptySignature: edit((p) => `${p.header}.${p.payload}.`),
  lengthenedSignature: edit((p) => `${p.header}.${p.payload}.AAAA${p.signature}`),
  twoParts: edit((p) => `${p.header}.${p.payload}`),
  fourParts: edit((p) => `${p.header}.${p.payload}.${p.signature}.${p.signature}`),
  trailingDot: edit((p) => `${p.header}.${p.payload}.${p.signature}.`),
  leadingDot: edit((p) => `.${p.header}.${p.payload}.${p.signature}`),
  emptyHeader: edit((p) => `.${p.payload}.${p.signature}`),
  emptyPayload: edit((p) => `${p.header}..${p.signature}`),
  padding: edit((p) => `${p.header}.${p.payload}.${p.signature}==`),
  standardBase64: edit((p) => `${p.header}.${p.payload}.+/${p.signature.slice(2)}`),
  whitespaceInside: edit((p) => `${p.header}. ${p.payload}.${p.signature}`),
  newlineInside: edit((p) => `${p.header}.${p.payload}\n.${p.signature}`),
  nonCanonicalSignature: edit((p) => `${p.header}.${p.payload}.${nonCanonical(p.signature)}`),
  duplicateClaim: signedText((text) => {
    text.claims = text.claims.replace("{", '{"sub":"admin","sub":"user",');
  }),
  duplicateHeaderParameter: signedText((text) => {
    text.header = text.header.replace("{", '{"typ":"JWT",');
  }),
  headerNotObject: signedText((text) => {
    text.header = `[${text.header}]`;
  }),
  payloadNotObject: signedText((text) => {
    text.claims = `[${text.claims}]`;
  }),
  payloadNotJson: signedText((text) => {
    text.claims = text.claims.slice(0, -1);
  }),
  payloadWithTrailingText: signedText((text) => {
    text.claims += "{}";
  }),
} satisfies Record<string, (order: TokenOrder) => string>;

export type Breakage = keyof typeof brokenTokens;

/** The breakages by name, for tables of tests. */
export const breakages = Object.keys(brokenTokens) as Breakage[];

/** The token of `order`, spoiled as `breakage` says. */
export function mintBrokenToken(breakage: Breakage, order: TokenOrder = {}): string {
  return brokenTokens[breakage](order);
}

function decode(segment: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(segment, "base64url").toString("utf8")) as Record<string, unknown>;
}
