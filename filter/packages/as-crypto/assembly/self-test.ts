/**
 * Known answers, one good and one bad for each algorithm: run in every VM before it decides anything,
 * as a check of the engine and to have the code compiled before the first request needs it.
 */
import { Arena, Bytes, bytesAt } from "as-bytes";
import { ecPublicKey } from "./ec-key";
import { verifyEcdsa } from "./ecdsa";
import { Curve } from "./nist-curve";
import { ed25519PublicKey, verifyEd25519 } from "./ed25519";
import { hmacKey, verifyHmac } from "./hmac";
import { verifyP256Sha256, verifyP256Sha256Complete } from "./p256-ecdsa";
import { p256PublicKey } from "./p256-key";
import { rsaPublicKey } from "./rsa-key";
import { verifyRsaPkcs1 } from "./rsa-pkcs1";
import { verifyRsaPss } from "./rsa-pss";
import {
  ED25519_KEY,
  ED25519_SIGNATURE,
  HMAC_SIGNATURE,
  MESSAGE,
  P256_DIGEST,
  P256_OTHER_DIGEST,
  P256_POINT,
  P256_SIGNATURE,
  P384_DIGEST,
  P384_OTHER_DIGEST,
  P384_POINT,
  P384_SIGNATURE,
  P521_DIGEST,
  P521_OTHER_DIGEST,
  P521_POINT,
  P521_SIGNATURE,
  PKCS1_SIGNATURE,
  PSS_SIGNATURE,
  RSA_EXPONENT,
  RSA_MODULUS,
  SHA256_DIGEST,
  SHA384_DIGEST,
  SHA512_DIGEST,
} from "./self-test-answers";
import { Hash, computeDigest, digestBytes } from "./sha2";

/** Bytes that are no digest of the message. */
const OTHER_DIGEST = RSA_MODULUS;

const digest = memory.data(64, 16);

/** Whether every algorithm gives its known answers. */
export function selfTest(): bool {
  const arena = Arena.create();
  const passed =
    testHash(Hash.SHA256, SHA256_DIGEST) &&
    testHash(Hash.SHA384, SHA384_DIGEST) &&
    testHash(Hash.SHA512, SHA512_DIGEST) &&
    testHmac(arena) &&
    testRsa(arena) &&
    testP256(arena) &&
    testEcdsa(arena, Curve.P384, P384_POINT, P384_SIGNATURE, P384_DIGEST, P384_OTHER_DIGEST, 48) &&
    testEcdsa(arena, Curve.P521, P521_POINT, P521_SIGNATURE, P521_DIGEST, P521_OTHER_DIGEST, 66) &&
    testEd25519(arena);
  arena.release();
  return passed;
}

function testHash(hash: Hash, expected: usize): bool {
  computeDigest(hash, bytesAt(MESSAGE, 3), digest);
  let difference: u64 = 0;
  for (let i: u32 = 0; i < digestBytes(hash); i += 8)
    difference |= load<u64>(digest + i) ^ load<u64>(expected + i);
  return difference == 0;
}

function testHmac(arena: Arena): bool {
  const key = hmacKey(arena, Hash.SHA384, bytesAt(RSA_MODULUS, 48));
  const signature = bytesAt(HMAC_SIGNATURE, 48);
  return (
    key !== null &&
    verifyHmac(key, bytesAt(MESSAGE, 3), signature) &&
    !verifyHmac(key, bytesAt(MESSAGE, 2), signature)
  );
}

function testRsa(arena: Arena): bool {
  const key = rsaPublicKey(arena, bytesAt(RSA_MODULUS, 256), bytesAt(RSA_EXPONENT, 3));
  const pkcs1 = bytesAt(PKCS1_SIGNATURE, 256);
  const pss = bytesAt(PSS_SIGNATURE, 256);
  return (
    key !== null &&
    verifyRsaPkcs1(key, Hash.SHA256, SHA256_DIGEST, pkcs1) &&
    !verifyRsaPkcs1(key, Hash.SHA256, OTHER_DIGEST, pkcs1) &&
    verifyRsaPss(key, Hash.SHA512, SHA512_DIGEST, pss) &&
    !verifyRsaPss(key, Hash.SHA512, OTHER_DIGEST, pss)
  );
}

/** The path of keys without a table, and the complete one. A table is checked when it is whole. */
function testP256(arena: Arena): bool {
  const key = p256PublicKey(arena, bytesAt(P256_POINT, 32), bytesAt(P256_POINT + 32, 32));
  const signature = bytesAt(P256_SIGNATURE, 64);
  return (
    key !== null &&
    verifyP256Sha256(key, P256_DIGEST, signature) &&
    verifyP256Sha256Complete(key, P256_DIGEST, signature) &&
    !verifyP256Sha256(key, P256_OTHER_DIGEST, signature) &&
    !verifyP256Sha256Complete(key, P256_OTHER_DIGEST, signature)
  );
}

/** Without a table, which is checked when it is whole. Digests are as long as the order here. */
function testEcdsa(
  arena: Arena,
  curve: Curve,
  point: usize,
  signature: usize,
  goodDigest: usize,
  otherDigest: usize,
  octets: u32,
): bool {
  const key = ecPublicKey(arena, curve, bytesAt(point, octets), bytesAt(point + octets, octets));
  const both: Bytes = bytesAt(signature, 2 * octets);
  return (
    key !== null && verifyEcdsa(key, goodDigest, octets, both) && !verifyEcdsa(key, otherDigest, octets, both)
  );
}

function testEd25519(arena: Arena): bool {
  const key = ed25519PublicKey(arena, bytesAt(ED25519_KEY, 32));
  const signature = bytesAt(ED25519_SIGNATURE, 64);
  return (
    key !== null &&
    verifyEd25519(key, bytesAt(MESSAGE, 3), signature) &&
    !verifyEd25519(key, bytesAt(MESSAGE, 2), signature)
  );
}
