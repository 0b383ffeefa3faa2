/** `as-crypto` for tests: its functions over addresses and lengths, all memory from one arena. */
import { Arena, bytesAt } from "as-bytes";
import {
  Curve,
  EcPublicKey,
  Ed25519PublicKey,
  Hash,
  HmacKey,
  P256PublicKey,
  RsaPublicKey,
  buildEcTable,
  buildEd25519Table,
  buildP256Table,
  computeDigest,
  ecPublicKey,
  ed25519PublicKey,
  hmacKey as newHmacKey,
  p256PublicKey,
  recoverMessage,
  rsaPublicKey,
  selfTest as selfTestPasses,
  verifyP256Sha256,
  verifyP256Sha256Complete,
  verifyEcdsa,
  verifyEd25519,
  verifyHmac,
  verifyRsaPkcs1,
  verifyRsaPss,
} from "as-crypto";

const arena = Arena.create();

export function take(size: u32): usize {
  return arena.allocate(size);
}

/** Gives back everything taken, keys included. */
export function reset(): void {
  arena.reset();
}

export function selfTest(): bool {
  return selfTestPasses();
}

export function digest(hash: Hash, message: usize, length: u32, out: usize): void {
  computeDigest(hash, bytesAt(message, length), out);
}

/** 0 where the secret is refused. */
export function hmacKey(hash: Hash, secret: usize, length: u32): usize {
  const key = newHmacKey(arena, hash, bytesAt(secret, length));
  return key === null ? 0 : changetype<usize>(key);
}

export function hmacVerify(
  key: usize,
  message: usize,
  length: u32,
  signature: usize,
  signatureLength: u32,
): bool {
  return verifyHmac(changetype<HmacKey>(key), bytesAt(message, length), bytesAt(signature, signatureLength));
}

/** 0 where the key is refused. */
export function rsaKey(modulus: usize, modulusLength: u32, exponent: usize, exponentLength: u32): usize {
  const key = rsaPublicKey(arena, bytesAt(modulus, modulusLength), bytesAt(exponent, exponentLength));
  return key === null ? 0 : changetype<usize>(key);
}

export function rsaRecover(out: usize, key: usize, signature: usize, length: u32): bool {
  return recoverMessage(out, changetype<RsaPublicKey>(key), bytesAt(signature, length));
}

export function rsaVerify(key: usize, hash: Hash, digest: usize, signature: usize, length: u32): bool {
  return verifyRsaPkcs1(changetype<RsaPublicKey>(key), hash, digest, bytesAt(signature, length));
}

export function pssVerify(key: usize, hash: Hash, digest: usize, signature: usize, length: u32): bool {
  return verifyRsaPss(changetype<RsaPublicKey>(key), hash, digest, bytesAt(signature, length));
}

/** 0 where the key is refused. */
export function p256Key(x: usize, xLength: u32, y: usize, yLength: u32): usize {
  const key = p256PublicKey(arena, bytesAt(x, xLength), bytesAt(y, yLength));
  return key === null ? 0 : changetype<usize>(key);
}

/** Whether the table is whole after up to `windows` more windows. */
export function p256BuildTable(key: usize, windows: u32): bool {
  return buildP256Table(changetype<P256PublicKey>(key), arena, windows);
}

export function p256Verify(key: usize, digest: usize, signature: usize, length: u32): bool {
  return verifyP256Sha256(changetype<P256PublicKey>(key), digest, bytesAt(signature, length));
}

/** Without the tables: the complete formulas. */
export function p256VerifyComplete(key: usize, digest: usize, signature: usize, length: u32): bool {
  return verifyP256Sha256Complete(changetype<P256PublicKey>(key), digest, bytesAt(signature, length));
}

/** 0 where the key is refused. */
export function ecKey(curve: Curve, x: usize, xLength: u32, y: usize, yLength: u32): usize {
  const key = ecPublicKey(arena, curve, bytesAt(x, xLength), bytesAt(y, yLength));
  return key === null ? 0 : changetype<usize>(key);
}

/** Whether the table is whole after up to `windows` more windows. */
export function ecBuildTable(key: usize, windows: u32): bool {
  return buildEcTable(changetype<EcPublicKey>(key), arena, windows);
}

export function ecVerify(key: usize, digest: usize, digestLength: u32, signature: usize, length: u32): bool {
  return verifyEcdsa(changetype<EcPublicKey>(key), digest, digestLength, bytesAt(signature, length));
}

/** 0 where the key is refused. */
export function edKey(encoding: usize, length: u32): usize {
  const key = ed25519PublicKey(arena, bytesAt(encoding, length));
  return key === null ? 0 : changetype<usize>(key);
}

/** Whether the table is whole after up to `windows` more windows. */
export function edBuildTable(key: usize, windows: u32): bool {
  return buildEd25519Table(changetype<Ed25519PublicKey>(key), arena, windows);
}

export function edVerify(
  key: usize,
  message: usize,
  length: u32,
  signature: usize,
  signatureLength: u32,
): bool {
  return verifyEd25519(
    changetype<Ed25519PublicKey>(key),
    bytesAt(message, length),
    bytesAt(signature, signatureLength),
  );
}
