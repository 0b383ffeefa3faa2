export {
  Hash,
  MAX_DIGEST_BYTES,
  SHA256_BYTES,
  computeDigest,
  digestBytes,
  sha256,
} from "./sha2";
export { HmacKey, hmacKey, verifyHmac } from "./hmac";
export { RsaPublicKey, rsaPublicKey, recoverMessage, MIN_MODULUS_BITS, MAX_MODULUS_BITS } from "./rsa-key";
export { verifyRsaPkcs1, verifyRsaPkcs1Sha256 } from "./rsa-pkcs1";
export { verifyRsaPss } from "./rsa-pss";
export { P256PublicKey, p256PublicKey, verifyP256Sha256, verifyP256Sha256Complete } from "./ecdsa";
export { selfTest } from "./self-test";
