/**
 * Private keys derived from names, so that a test key is the same in every process and its public half
 * can stand in a committed policy. Whoever knows the name knows the key: for tests and demonstrations
 * only, never for a deployment.
 */
import { checkPrimeSync, createECDH, createHash, createPrivateKey, type KeyObject } from "node:crypto";

/** `length` bytes that depend on `label` alone. */
export function bytesFromName(label: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let i = 0; i * 32 < length; i++) {
    blocks.push(createHash("sha256").update(`lictor test key\n${label}\n${i}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** How OpenSSL names the curves of RFC 7518 §6.2.1.1, and the bytes of their coordinates. */
const curves = {
  "P-256": { openssl: "prime256v1", length: 32 },
  "P-384": { openssl: "secp384r1", length: 48 },
  "P-521": { openssl: "secp521r1", length: 66 },
} as const;

/** A private key on the given curve. */
export function ecFromName(name: string, curve: keyof typeof curves): KeyObject {
  const { openssl, length } = curves[curve];
  const scalar = bytesFromName(`${curve} ${name}`, length);
  // The order of P-521 has 521 bits of 528.
  if (curve === "P-521") scalar.writeUInt8(0, 0);
  const pair = createECDH(openssl);
  pair.setPrivateKey(scalar);
  const point = pair.getPublicKey();
  return createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: curve,
      d: scalar.toString("base64url"),
      x: point.subarray(1, 1 + length).toString("base64url"),
      y: point.subarray(1 + length).toString("base64url"),
    },
  });
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 §7). */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** An Ed25519 private key. */
export function ed25519FromName(name: string): KeyObject {
  const key = Buffer.concat([ED25519_PKCS8, bytesFromName(`Ed25519 ${name}`, 32)]);
  return createPrivateKey({ format: "der", type: "pkcs8", key });
}

const EXPONENT = 65537n;

/** An RSA private key of `bits` bits, e = 65537. */
export function rsaFromName(name: string, bits: number): KeyObject {
  const p = primeFromName(`RSA-${bits} p ${name}`, bits / 2);
  const q = primeFromName(`RSA-${bits} q ${name}`, bits / 2);
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  return createPrivateKey({
    format: "jwk",
    key: {
      kty: "RSA",
      n: base64Url(p * q),
      e: base64Url(EXPONENT),
      d: base64Url(d),
      p: base64Url(p),
      q: base64Url(q),
      dp: base64Url(d % (p - 1n)),
      dq: base64Url(d % (q - 1n)),
      qi: base64Url(inverse(q, p)),
    },
  });
}

/** The first fitting prime from a named start, its two top bits set so that a product keeps its length. */
function primeFromName(label: string, bits: number): bigint {
  const start = BigInt(`0x${bytesFromName(label, bits / 8).toString("hex")}`);
  let candidate = start | (3n << BigInt(bits - 2)) | 1n;
  while (candidate % EXPONENT === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** a⁻¹ mod m by Euclid's extended algorithm. */
function inverse(a: bigint, m: bigint): bigint {
  let current = { remainder: m, factor: 0n };
  let next = { remainder: a % m, factor: 1n };
  while (next.remainder !== 0n) {
    const quotient = current.remainder / next.remainder;
    const after = {
      remainder: current.remainder - quotient * next.remainder,
      factor: current.factor - quotient * next.factor,
    };
    current = next;
    next = after;
  }
  return ((current.factor % m) + m) % m;
}

function base64Url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toString("base64url");
}
