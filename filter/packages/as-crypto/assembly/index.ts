export { Hash, MAX_DIGEST_BYTES, SHA256_BYTES, computeDigest, digestBytes, sha256 } from "./sha2";
export { HmacKey, hmacKey, verifyHmac } from "./hmac";
export { RsaPublicKey, rsaPublicKey, recoverMessage, MIN_MODULUS_BITS, MAX_MODULUS_BITS } from "./rsa-key";
export { verifyRsaPkcs1 } from "./rsa-pkcs1";
export { verifyRsaPss } from "./rsa-pss";
export {
  P256PublicKey,
  buildP256Table,
  p256PublicKey,
  verifyP256Sha256,
  verifyP256Sha256Complete,
} from "./p256-ecdsa";
export { EcPublicKey, buildEcTable, ecPublicKey } from "./ec-key";
export { verifyEcdsa } from "./ecdsa";
export { Curve } from "./nist-curve";
export { Ed25519PublicKey, buildEd25519Table, ed25519PublicKey, verifyEd25519 } from "./ed25519";
export { selfTest } from "./self-test";
