export { sha256, SHA256_BYTES } from "./sha256";
export { RsaPublicKey, rsaPublicKey, recoverMessage, MIN_MODULUS_BITS, MAX_MODULUS_BITS } from "./rsa-key";
export { verifyRsaPkcs1Sha256 } from "./rsa-pkcs1";
export { P256PublicKey, p256PublicKey, verifyP256Sha256, verifyP256Sha256Complete } from "./ecdsa";
export { selfTest } from "./self-test";
