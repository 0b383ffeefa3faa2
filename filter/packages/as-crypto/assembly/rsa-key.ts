/** RSA public keys, as RFC 7518 §6.3.1 gives them: modulus and exponent as minimal big-endian bytes. */
import { Arena, Bytes, addressOf, lengthOf } from "as-bytes";
import { hasFusedMultiplyAdd } from "./fused";
import { FmaModulus, powerModuloFma, prepareFmaModulus } from "./rsa-fma";
import { MontgomeryModulus, powerModulo, prepareModulus } from "./rsa-montgomery";

export const MIN_MODULUS_BITS: u32 = 2048;
export const MAX_MODULUS_BITS: u32 = 8192;

const MIN_EXPONENT: u64 = 3;
const MAX_EXPONENT: u64 = 1 << 33;

/** Bytes of the largest exponent, 2^33. */
const MAX_EXPONENT_BYTES: u32 = 5;


@unmanaged
export class RsaPublicKey {
  modulusBits: u32;
  /** Bytes of the modulus, which are those of every signature (RFC 8017's k). */
  modulusBytes: u32;
  exponent: u64;
  /** For one of the two kernels: floating point where multiply-add is fused, else integers. */
  fmaModulus: FmaModulus | null;
  modulus: MontgomeryModulus | null;
}

/**
 * The key made ready in `arena` (about 2 KB at 2048 bits), or null where it is not one that we use:
 * 2048 to 8192 bits, odd modulus, odd exponent from 3 to 2^33, neither with leading zero bytes.
 */
export function rsaPublicKey(arena: Arena, modulus: Bytes, exponent: Bytes): RsaPublicKey | null {
  const length = lengthOf(modulus);
  if (length < MIN_MODULUS_BITS >> 3 || length > MAX_MODULUS_BITS >> 3) return null;
  const leading = load<u8>(addressOf(modulus));
  if (leading == 0) return null;
  const bits = (length << 3) - (<u32>clz<u32>(leading) - 24);
  if (bits < MIN_MODULUS_BITS) return null;
  if ((load<u8>(addressOf(modulus) + length - 1) & 1) == 0) return null;

  const e = readExponent(exponent);
  if (e < MIN_EXPONENT || e > MAX_EXPONENT || (e & 1) == 0) return null;

  const key = changetype<RsaPublicKey>(arena.allocate(offsetof<RsaPublicKey>()));
  key.modulusBits = bits;
  key.modulusBytes = length;
  key.exponent = e;
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (hasFusedMultiplyAdd()) {
      const prepared = changetype<FmaModulus>(arena.allocate(offsetof<FmaModulus>()));
      prepareFmaModulus(prepared, modulus, bits, arena);
      key.fmaModulus = prepared;
      return key;
    }
  }
  const prepared = changetype<MontgomeryModulus>(arena.allocate(offsetof<MontgomeryModulus>()));
  prepareModulus(prepared, modulus, bits, arena);
  key.modulus = prepared;
  return key;
}

/** The exponent's value, or 0 where its bytes are none, too many, or start with zero. */
function readExponent(bytes: Bytes): u64 {
  const first = addressOf(bytes);
  const length = lengthOf(bytes);
  if (length == 0 || length > MAX_EXPONENT_BYTES || load<u8>(first) == 0) return 0;
  let value: u64 = 0;
  for (let i: u32 = 0; i < length; i++) value = (value << 8) | load<u8>(first + i);
  return value;
}

/**
 * RSAVP1 (RFC 8017 §5.2.2): writes signature^e mod n as `modulusBytes` bytes at `out`. False, and nothing
 * is written, where the signature is not of that length or not below n.
 */
export function recoverMessage(out: usize, key: RsaPublicKey, signature: Bytes): bool {
  if (lengthOf(signature) != key.modulusBytes) return false;
  if (ASC_FEATURE_RELAXED_SIMD) {
    const prepared = key.fmaModulus;
    if (prepared !== null) return powerModuloFma(out, key.modulusBytes, signature, key.exponent, prepared);
  }
  const prepared = key.modulus;
  return prepared !== null && powerModulo(out, key.modulusBytes, signature, key.exponent, prepared);
}
