/**
 * RSASSA-PSS verification (RFC 8017 §8.1.2) as RFC 7518 §3.5 wants it: the salt is as long as the
 * digest, exactly, and MGF1 uses the same hash function.
 */
import { Bytes, bytesAt, equal } from "as-bytes";
import { MAX_MODULUS_BITS, RsaPublicKey, recoverMessage } from "./rsa-key";
import { Hash, MAX_DIGEST_BYTES, computeDigest, digestBytes } from "./sha2";

const recovered = memory.data(MAX_MODULUS_BITS >> 3, 16);

/** Whether `signature` is `key`'s for the message whose digest by `hash` stands at `digest`. */
export function verifyRsaPss(key: RsaPublicKey, hash: Hash, digest: usize, signature: Bytes): bool {
  if (!recoverMessage(recovered, key, signature)) return false;
  // A modulus of 8·m + 1 bits gives messages of m bytes, one less than signatures (§8.1.2 step 2c).
  const messageBits = key.modulusBits - 1;
  const length = (messageBits + 7) >> 3;
  if (length < key.modulusBytes && load<u8>(recovered) != 0) return false;
  return isEncodingOf(digest, hash, recovered + key.modulusBytes - length, length, messageBits);
}

/** M' = eight zeros, the digest, the salt (§9.1.2 step 12). */
const salted = memory.data(8 + 2 * MAX_DIGEST_BYTES, 16);
const saltedDigest = memory.data(MAX_DIGEST_BYTES, 16);

/** EMSA-PSS-VERIFY (§9.1.2) of the `length` bytes at `message`, which it unmasks; they hold `bits` bits. */
function isEncodingOf(digest: usize, hash: Hash, message: usize, length: u32, bits: u32): bool {
  const digestLength = digestBytes(hash);
  const maskedLength = length - digestLength - 1;
  const seed = message + maskedLength;
  const unusedBits = (length << 3) - bits;
  if (load<u8>(message + length - 1) != 0xbc) return false; // step 4
  const leading: u32 = load<u8>(message);
  if (leading >> (8 - unusedBits) != 0) return false; // step 6
  unmask(message, maskedLength, hash, seed); // steps 7 and 8
  store<u8>(message, <u8>((<u32>load<u8>(message)) & (0xff >> unusedBits))); // step 9
  const zeros = maskedLength - digestLength - 1;
  for (let i: u32 = 0; i < zeros; i++) if (load<u8>(message + i) != 0) return false; // step 10
  if (load<u8>(message + zeros) != 0x01) return false;

  memory.fill(salted, 0, 8);
  memory.copy(salted + 8, digest, digestLength);
  memory.copy(salted + 8 + digestLength, message + zeros + 1, digestLength);
  computeDigest(hash, bytesAt(salted, 8 + 2 * digestLength), saltedDigest); // step 13
  return equal(bytesAt(seed, digestLength), bytesAt(saltedDigest, digestLength)); // step 14
}

const counted = memory.data(MAX_DIGEST_BYTES + 4, 16);
const mask = memory.data(MAX_DIGEST_BYTES, 16);

/** Adds MGF1 (§B.2.1) of the digest-long `seed` to the `length` bytes at `address`. */
function unmask(address: usize, length: u32, hash: Hash, seed: usize): void {
  const digestLength = digestBytes(hash);
  memory.copy(counted, seed, digestLength);
  let counter: u32 = 0;
  for (let done: u32 = 0; done < length; done += digestLength) {
    store<u32>(counted + digestLength, bswap(counter));
    counter += 1;
    computeDigest(hash, bytesAt(counted, digestLength + 4), mask);
    const count = min(digestLength, length - done);
    for (let i: u32 = 0; i < count; i++) {
      const at = address + done + i;
      store<u8>(at, load<u8>(at) ^ load<u8>(mask + i));
    }
  }
}
