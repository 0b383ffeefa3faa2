/** `as-crypto` for tests: its functions over addresses and lengths, all memory from one arena. */
import { Arena, bytesAt } from "as-bytes";
import {
  P256PublicKey,
  RsaPublicKey,
  p256PublicKey,
  recoverMessage,
  rsaPublicKey,
  selfTest as selfTestPasses,
  sha256 as writeSha256,
  verifyP256Sha256,
  verifyP256Sha256Complete,
  verifyRsaPkcs1Sha256,
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

export function sha256(message: usize, length: u32, digest: usize): void {
  writeSha256(bytesAt(message, length), digest);
}

/** 0 where the key is refused. */
export function rsaKey(modulus: usize, modulusLength: u32, exponent: usize, exponentLength: u32): usize {
  const key = rsaPublicKey(arena, bytesAt(modulus, modulusLength), bytesAt(exponent, exponentLength));
  return key === null ? 0 : changetype<usize>(key);
}

export function rsaRecover(out: usize, key: usize, signature: usize, length: u32): bool {
  return recoverMessage(out, changetype<RsaPublicKey>(key), bytesAt(signature, length));
}

export function rsaVerify(key: usize, digest: usize, signature: usize, length: u32): bool {
  return verifyRsaPkcs1Sha256(changetype<RsaPublicKey>(key), digest, bytesAt(signature, length));
}

/** 0 where the key is refused. */
export function p256Key(x: usize, xLength: u32, y: usize, yLength: u32): usize {
  const key = p256PublicKey(arena, bytesAt(x, xLength), bytesAt(y, yLength));
  return key === null ? 0 : changetype<usize>(key);
}

export function p256Verify(key: usize, digest: usize, signature: usize, length: u32): bool {
  return verifyP256Sha256(changetype<P256PublicKey>(key), digest, bytesAt(signature, length));
}

/** Without the tables: the complete formulas. */
export function p256VerifyComplete(key: usize, digest: usize, signature: usize, length: u32): bool {
  return verifyP256Sha256Complete(changetype<P256PublicKey>(key), digest, bytesAt(signature, length));
}
