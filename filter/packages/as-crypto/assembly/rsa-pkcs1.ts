/**
 * RSASSA-PKCS1-v1_5 verification (RFC 8017 §8.2.2).
 *
 * The encoded message is built and compared whole; the padding of a signature is never parsed,
 * which is what forgeries of small exponents live on.
 */
import { Bytes, bytesAt, equal } from "as-bytes";
import { MAX_MODULUS_BITS, RsaPublicKey, recoverMessage } from "./rsa-key";
import { Hash, digestBytes } from "./sha2";

/** DER of the DigestInfo of SHA-256, up to the digest (RFC 8017 §9.2 note 1). */
const DIGEST_INFO = memory.data<u8>([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
  0x20,
]);
const DIGEST_INFO_BYTES: u32 = 19;

/** Where the bytes stand in it that differ between the hash functions. */
const TOTAL_LENGTH_AT: u32 = 1;
const HASH_IDENTIFIER_AT: u32 = 14;
const DIGEST_LENGTH_AT: u32 = 18;

const recovered = memory.data(MAX_MODULUS_BITS >> 3, 16);
const expected = memory.data(MAX_MODULUS_BITS >> 3, 16);

/** Whether `signature` is `key`'s for the message whose digest by `hash` stands at `digest`. */
export function verifyRsaPkcs1(key: RsaPublicKey, hash: Hash, digest: usize, signature: Bytes): bool {
  if (!recoverMessage(recovered, key, signature)) return false;
  const length = key.modulusBytes;
  encodeMessage(expected, length, hash, digest);
  return equal(bytesAt(recovered, length), bytesAt(expected, length));
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2): 00 01 FF … FF 00 DigestInfo, in `length` bytes. */
function encodeMessage(address: usize, length: u32, hash: Hash, digest: usize): void {
  const digestLength = digestBytes(hash);
  const digestStart = address + length - digestLength;
  const infoStart = digestStart - DIGEST_INFO_BYTES;
  memory.fill(address, 0xff, length);
  store<u8>(address, 0x00);
  store<u8>(address, 0x01, 1);
  store<u8>(infoStart - 1, 0x00);
  memory.copy(infoStart, DIGEST_INFO, DIGEST_INFO_BYTES);
  store<u8>(infoStart, <u8>(DIGEST_INFO_BYTES - 2 + digestLength), TOTAL_LENGTH_AT);
  // id-sha256, id-sha384 and id-sha512 end in 1, 2 and 3.
  store<u8>(infoStart, <u8>(1 + <u32>hash), HASH_IDENTIFIER_AT);
  store<u8>(infoStart, <u8>digestLength, DIGEST_LENGTH_AT);
  memory.copy(digestStart, digest, digestLength);
}
