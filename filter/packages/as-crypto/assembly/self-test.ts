/**
 * Known answers, one good and one bad for each algorithm: run in every VM before it decides anything,
 * as a check of the engine and to have the code compiled before the first request needs it.
 *
 * Everything signs the message "abc", whose digest is FIPS 180-4's example. Numbers stand as they do in
 * memory, eight bytes a little-endian word.
 */
import { Arena, bytesAt } from "as-bytes";
import { P256PublicKey, verifyP256Sha256, verifyP256Sha256Complete } from "./ecdsa";
import { baseTableAddress } from "./p256-table";
import { rsaPublicKey } from "./rsa-key";
import { verifyRsaPkcs1Sha256 } from "./rsa-pkcs1";
import { SHA256_BYTES, sha256 } from "./sha2";

const MESSAGE = memory.data<u8>([0x61, 0x62, 0x63]);

const DIGEST = memory.data<u64>([
  0xeacf018fbf1678ba, 0x2322ae5dde404141, 0x9c7a1796a36103b0, 0xad1500f261ff10b4,
]);

const RSA_EXPONENT = memory.data<u8>([0x01, 0x00, 0x01]);
const RSA_MODULUS = memory.data<u64>([
  0x38220afb5fd0ba94, 0xc114ace18ad56eea, 0xbef2e6249b35d7ce, 0xf1556586003a424a, 0xe09fd166b6bb4d7a,
  0x4e9f1cb1e954718f, 0x1da21a8f77aa4939, 0xffafc44c394119d8, 0x27a5c3882d4bf9fe, 0x63bcc6896fd94c79,
  0x9049f8d5590d9b88, 0xff9d7af629ec55d9, 0x3e83b4526c19cb22, 0xb70019d0877325f8, 0x93f5e845bd12cc69,
  0xf2a4ffc09c0c4a8a, 0xf7018218b9c2f2bd, 0x8add33b71064f456, 0xe5606f31cb469d1a, 0x4249f025528ffc9b,
  0x5d307cba46af234f, 0x0cb911ec3db30469, 0x660fd82269faf18a, 0x9b0ddb4e3760855e, 0xa94c44c696780209,
  0x600592b6be5995ad, 0x1319e8f66b45fdcb, 0xd9ba11c838b6b4ae, 0x2a2d8b0fa6c0ba23, 0xca7976bb077ddb36,
  0xea543c41f467f6f6, 0xd1f57052efb6c8d6,
]);
const RSA_SIGNATURE = memory.data<u64>([
  0xbf311c7f10f22057, 0x647b0bfb031a881a, 0x4349f6e246ce22bd, 0x96c2c34b687d8dfa, 0xf74a7a75c492137d,
  0xbdbcd661c79de009, 0x33b2bc17d2557927, 0x56ffe7afc4d6af34, 0xd51c0f2f2c90cd38, 0x924ab2add7fd41b5,
  0xab8a5cb1978f313f, 0xbb5af946e890e415, 0xdc105be08904266b, 0xf23c9adbaae3b43e, 0x50ea10930f82ce10,
  0x1752353353ebe313, 0x39784ab9224b8b14, 0x711f7f3e9bde5d3e, 0xf33d85afa0d341b0, 0x567c87cd2bee1130,
  0x5c93a9eadca61811, 0x0dd40b4a5a44fb99, 0xbe0566a7003c720b, 0x8627e74a6f360868, 0xeb596952b1847144,
  0xac20c25f42944f59, 0xa8ae294ab5fe6aa5, 0x792f5c40133bc696, 0xb885777a7d17e112, 0x8cb5430394ee5913,
  0x6f904be1ad48c310, 0xd7d8ed96a85c224a,
]);

/** By the private key 1, so that the public key is G and its table the one that is needed anyway. */
const P256_SIGNATURE = memory.data<u64>([
  0x611461646826c778, 0x29994db4ea1acf84, 0x338c4da9dd894d82, 0x5096fb2a5c16b63c, 0x9d4700acb8fe1a79,
  0x0df1254d61238e69, 0x2d33c8762bb44c24, 0xf670ba28705d9b15,
]);

const digest = memory.data(32, 16);
const key = changetype<P256PublicKey>(memory.data(16, 16));

/** Whether every algorithm gives its known answers. */
export function selfTest(): bool {
  return testSha256() && testRsa() && testP256();
}

function testSha256(): bool {
  sha256(bytesAt(MESSAGE, 3), digest);
  let difference: u64 = 0;
  for (let i: u32 = 0; i < SHA256_BYTES; i += 8) difference |= load<u64>(digest + i) ^ load<u64>(DIGEST + i);
  return difference == 0;
}

function testRsa(): bool {
  const arena = Arena.create();
  const rsaKey = rsaPublicKey(arena, bytesAt(RSA_MODULUS, 256), bytesAt(RSA_EXPONENT, 3));
  let passed = false;
  if (rsaKey !== null) {
    const signature = bytesAt(RSA_SIGNATURE, 256);
    passed =
      verifyRsaPkcs1Sha256(rsaKey, DIGEST, signature) &&
      !verifyRsaPkcs1Sha256(rsaKey, RSA_MODULUS, signature);
  }
  arena.release();
  return passed;
}

/** The table path and the complete one; the bad answer is the good signature for another digest. */
function testP256(): bool {
  key.table = baseTableAddress();
  const signature = bytesAt(P256_SIGNATURE, 64);
  return (
    verifyP256Sha256(key, DIGEST, signature) &&
    verifyP256Sha256Complete(key, DIGEST, signature) &&
    !verifyP256Sha256(key, RSA_MODULUS, signature) &&
    !verifyP256Sha256Complete(key, RSA_MODULUS, signature)
  );
}
