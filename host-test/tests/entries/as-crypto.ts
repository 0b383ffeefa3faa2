import { Arena, bytesAt } from "as-bytes";
import { rsaPublicKey, RsaPublicKey, sha256 as sha256Of, verifyRsaPkcs1Sha256 } from "as-crypto";

const arena = Arena.create();

export function take(size: u32): usize {
  return arena.allocate(size);
}

export function reset(): void {
  arena.reset();
}

export function sha256(message: usize, length: u32, digest: usize): void {
  sha256Of(bytesAt(message, length), digest);
}

/** 0 where the key is refused. */
export function rsaKey(modulus: usize, modulusLength: u32, exponent: usize, exponentLength: u32): usize {
  const key = rsaPublicKey(arena, bytesAt(modulus, modulusLength), bytesAt(exponent, exponentLength));
  return key === null ? 0 : changetype<usize>(key);
}

export function rsaVerify(key: usize, digest: usize, signature: usize, length: u32): bool {
  return verifyRsaPkcs1Sha256(changetype<RsaPublicKey>(key), digest, bytesAt(signature, length));
}
