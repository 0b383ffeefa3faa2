/**
 * RSASSA-PKCS1-v1_5 verification with SHA-256 (RFC 8017 §8.2.2).
 *
 * The encoded message is built and compared whole; the padding of a signature is never parsed,
 * which is what forgeries of small exponents live on.
 */
import { Bytes } from "as-bytes";
import { RsaPublicKey, recoverMessage } from "./rsa-key";
import { SHA256_BYTES } from "./sha256";

/** DER of the DigestInfo of SHA-256, up to the digest (RFC 8017 §9.2 note 1). */
const SHA256_PREFIX = memory.data<u8>([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
  0x20,
]);
const SHA256_PREFIX_BYTES: u32 = 19;

const recovered = memory.data(1024, 16);
const expected = memory.data(1024, 16);

/** Whether `signature` is `key`'s for the message whose SHA-256 is the 32 bytes at `digest`. */
export function verifyRsaPkcs1Sha256(key: RsaPublicKey, digest: usize, signature: Bytes): bool {
  if (!recoverMessage(recovered, key, signature)) return false;
  const length = key.modulusBytes;
  encodeMessage(expected, length, digest);
  let difference: u32 = 0;
  for (let i: u32 = 0; i < length; i++) difference |= load<u8>(recovered + i) ^ load<u8>(expected + i);
  return difference == 0;
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2): 00 01 FF … FF 00 DigestInfo, in `length` bytes. */
function encodeMessage(address: usize, length: u32, digest: usize): void {
  const digestStart = address + length - SHA256_BYTES;
  const prefixStart = digestStart - SHA256_PREFIX_BYTES;
  memory.fill(address, 0xff, length);
  store<u8>(address, 0x00);
  store<u8>(address, 0x01, 1);
  store<u8>(prefixStart - 1, 0x00);
  memory.copy(prefixStart, SHA256_PREFIX, SHA256_PREFIX_BYTES);
  memory.copy(digestStart, digest, SHA256_BYTES);
}
