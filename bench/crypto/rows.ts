/** What is measured: each row a signature by node:crypto, and the same by a build of `as-crypto`. */
import {
  constants,
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";
import { ISSUER, makeSigner, makeToken, signToken } from "../request.ts";
import type { Build } from "./module.ts";

/** Verifies once; true, or the row is wrong. */
export type Verification = () => boolean;

export interface Row {
  name: string;
  /** The most that the median ratio to node:crypto should be; absent where none is set. */
  goal: { fma?: number; portable?: number };
  native: Verification;
  prepare(build: Build): Verification;
}

/** The signing input of a token of about 800 bytes. */
const message = randomBytes(700);

const HASHES = ["sha256", "sha384", "sha512"] as const;
type Hash = (typeof HASHES)[number];

const digestBytes = (hash: Hash) => Number(hash.slice(3)) / 8;

/** Decodes a base64url member of a JWK. */
function member(jwk: JsonWebKey, name: "n" | "e" | "x" | "y"): Buffer {
  return Buffer.from(jwk[name] ?? "", "base64url");
}

/** `check` behind the digest of the message, which node:crypto's verify computes too. */
function digesting(build: Build, hash: Hash, check: (digest: number) => number): Verification {
  const text = build.put(message);
  const digest = build.exports.take(64);
  const number = HASHES.indexOf(hash);
  return () => {
    build.exports.digest(number, text, message.length, digest);
    return check(digest) !== 0;
  };
}

function rsaRow(name: string, modulusLength: number, isPss: boolean, goal: Row["goal"]): Row {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const signature = sign("sha256", message, isPss ? { key: privateKey, ...pss } : privateKey);
  const jwk = publicKey.export({ format: "jwk" });
  // Naming the padding of PKCS#1 too would cost node:crypto half as much again.
  const verifyingKey = isPss ? { key: publicKey, ...pss } : publicKey;
  return {
    name,
    goal,
    native: () => verify("sha256", message, verifyingKey, signature),
    prepare(build) {
      const { exports, put } = build;
      const n = member(jwk, "n");
      const e = member(jwk, "e");
      const key = exports.rsaKey(put(n), n.length, put(e), e.length);
      const placed = put(signature);
      return isPss
        ? digesting(build, "sha256", (digest) => exports.pssVerify(key, 0, digest, placed, signature.length))
        : digesting(build, "sha256", (digest) => exports.rsaVerify(key, 0, digest, placed, signature.length));
    },
  };
}

interface EcParameters {
  name: string;
  namedCurve: "P-256" | "P-384" | "P-521";
  hash: Hash;
  isWarm: boolean;
  goal: Row["goal"];
}

function ecRow({ name, namedCurve, hash, isWarm, goal }: EcParameters): Row {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  const signature = sign(hash, message, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const jwk = publicKey.export({ format: "jwk" });
  const verifyingKey: { key: KeyObject; dsaEncoding: "ieee-p1363" } = {
    key: publicKey,
    dsaEncoding: "ieee-p1363",
  };
  return {
    name,
    goal,
    native: () => verify(hash, message, verifyingKey, signature),
    prepare(build) {
      const { exports, put } = build;
      const x = member(jwk, "x");
      const y = member(jwk, "y");
      const placed = put(signature);
      if (namedCurve === "P-256") {
        const key = exports.p256Key(put(x), x.length, put(y), y.length);
        if (isWarm) exports.p256BuildTable(key, Number.MAX_SAFE_INTEGER);
        return digesting(build, hash, (digest) => exports.p256Verify(key, digest, placed, signature.length));
      }
      const key = exports.ecKey(namedCurve === "P-384" ? 0 : 1, put(x), x.length, put(y), y.length);
      while (isWarm && exports.ecBuildTable(key, 1000) === 0) continue;
      const length = digestBytes(hash);
      return digesting(build, hash, (digest) =>
        exports.ecVerify(key, digest, length, placed, signature.length),
      );
    },
  };
}

function edRow(name: string, isWarm: boolean, goal: Row["goal"]): Row {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const signature = sign(null, message, privateKey);
  const encoding = member(publicKey.export({ format: "jwk" }), "x");
  return {
    name,
    goal,
    native: () => verify(null, message, publicKey, signature),
    prepare({ exports, put }) {
      const key = exports.edKey(put(encoding), encoding.length);
      while (isWarm && exports.edBuildTable(key, 1000) === 0) continue;
      const text = put(message);
      const placed = put(signature);
      return () => exports.edVerify(key, text, message.length, placed, signature.length) !== 0;
    },
  };
}

function hmacRow(name: string, goal: Row["goal"]): Row {
  const secret = randomBytes(32);
  const mac = createHmac("sha256", secret).update(message).digest();
  return {
    name,
    goal,
    native: () => timingSafeEqual(createHmac("sha256", secret).update(message).digest(), mac),
    prepare({ exports, put }) {
      const key = exports.hmacKey(0, put(secret), secret.length);
      const text = put(message);
      const placed = put(mac);
      return () => exports.hmacVerify(key, text, message.length, placed, mac.length) !== 0;
    },
  };
}

/** A token of about 1 KB, as `bench/request.ts` makes them, from its text to its claims; native is its signature alone. */
function wholeTokenRow(name: string, goal: Row["goal"]): Row {
  const { token, jwks, publicKey, now } = signedToken();
  const [input, signature] = [
    token.slice(0, token.lastIndexOf(".")),
    token.slice(token.lastIndexOf(".") + 1),
  ];
  const decoded = Buffer.from(signature, "base64url");
  return {
    name,
    goal,
    native: () => verify("sha256", Buffer.from(input), publicKey, decoded),
    prepare({ tokens }) {
      const placed = prepareTokens(tokens, jwks, token);
      return () => tokens.exports.verifyWhole(placed, token.length, now) !== 0;
    },
  };
}

/** A token that the cache has, found and compared byte by byte; native is one SHA-256 of it. */
function cacheRow(name: string, bytes: number, goal: Row["goal"]): Row {
  const { token, jwks, now } = signedToken(bytes);
  const text = Buffer.from(token);
  return {
    name,
    goal,
    native: () => createHash("sha256").update(text).digest().length === 32,
    prepare({ tokens }) {
      const placed = prepareTokens(tokens, jwks, token);
      if (tokens.exports.remember(placed, token.length, now) === 0)
        throw new Error("the token does not verify");
      return () => tokens.exports.recall(placed, token.length, now) !== 0;
    },
  };
}

function prepareTokens({ exports, put }: Build["tokens"], jwks: string, token: string): number {
  const [keys, issuer] = [Buffer.from(jwks), Buffer.from(ISSUER)];
  if (exports.configure(put(keys), keys.length, put(issuer), issuer.length) === 0)
    throw new Error("the keys do not load");
  return put(Buffer.from(token));
}

/** Of about 1 KB, or as near to so many bytes as base64url allows. */
function signedToken(bytes?: number) {
  const now = Math.floor(Date.now() / 1000);
  const signer = makeSigner("RS256");
  const claims = { iss: ISSUER, sub: "a", exp: now + 86_400 };
  const whole =
    bytes === undefined ? makeToken(signer) : padded(bytes, (pad) => signToken(signer, { ...claims, pad }));
  return {
    now,
    token: whole,
    jwks: JSON.stringify({ keys: [signer.jwk] }),
    publicKey: createPublicKey(signer.privateKey),
  };
}

function padded(bytes: number, make: (pad: string) => string): string {
  const missing = bytes - make("").length;
  return make("x".repeat(Math.floor((missing * 3) / 4)));
}

export const rows: readonly Row[] = [
  rsaRow("RS256, 2048 bits", 2048, false, { fma: 0.75, portable: 1.5 }),
  rsaRow("PS256, 2048 bits", 2048, true, { fma: 0.85 }),
  rsaRow("RS256, 3072 bits", 3072, false, { fma: 0.85 }),
  rsaRow("RS256, 4096 bits", 4096, false, { fma: 0.85 }),
  ecRow({
    name: "ES256, key table",
    namedCurve: "P-256",
    hash: "sha256",
    isWarm: true,
    goal: { fma: 0.3, portable: 0.45 },
  }),
  ecRow({
    name: "ES256, cold key",
    namedCurve: "P-256",
    hash: "sha256",
    isWarm: false,
    goal: { fma: 1.3, portable: 1.3 },
  }),
  ecRow({ name: "ES384, key table", namedCurve: "P-384", hash: "sha384", isWarm: true, goal: { fma: 0.15 } }),
  ecRow({ name: "ES384, cold key", namedCurve: "P-384", hash: "sha384", isWarm: false, goal: {} }),
  ecRow({ name: "ES512, key table", namedCurve: "P-521", hash: "sha512", isWarm: true, goal: { fma: 0.4 } }),
  ecRow({ name: "ES512, cold key", namedCurve: "P-521", hash: "sha512", isWarm: false, goal: {} }),
  edRow("EdDSA, key table", true, { fma: 0.12, portable: 0.2 }),
  edRow("EdDSA, cold key", false, {}),
  hmacRow("HS256", { fma: 0.5, portable: 0.5 }),
  wholeTokenRow("whole RS256 JWT", { fma: 0.95 }),
  cacheRow("cache hit, 700 B", 700, { fma: 0.1 }),
];
