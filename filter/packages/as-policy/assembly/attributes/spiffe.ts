import { Bytes, addressOf, bytesAt, lengthOf } from "as-bytes";

/** Longest SPIFFE ID (SPIFFE-ID §2.3). */
export const MAX_SPIFFE_ID_BYTES: u32 = 2048;

/** Longest trust domain name (SPIFFE-ID §2.1). */
export const MAX_TRUST_DOMAIN_BYTES: u32 = 255;

/** Bytes of `spiffe://`. */
export const SPIFFE_SCHEME_BYTES: u32 = 9;

const SCHEME_LOW: u64 = 0x2f3a656666697073; // "spiffe:/", little-endian

/**
 * Whether `text` is exactly one SPIFFE ID (SPIFFE-ID §2), byte for byte: lower-case scheme and trust
 * domain, no port or user, path segments of letters, digits and `.-_`, none of them empty, `.` or `..`.
 */
export function isSpiffeId(text: Bytes): bool {
  const length = lengthOf(text);
  if (length <= SPIFFE_SCHEME_BYTES || length > MAX_SPIFFE_ID_BYTES) return false;
  const address = addressOf(text);
  if (load<u64>(address) != SCHEME_LOW || load<u8>(address, 8) != 0x2f) return false;
  let at = SPIFFE_SCHEME_BYTES;
  while (at < length && load<u8>(address + at) != 0x2f) {
    if (!isTrustDomainByte(load<u8>(address + at))) return false;
    at += 1;
  }
  if (!isTrustDomainLength(at - SPIFFE_SCHEME_BYTES)) return false;
  while (at < length) {
    const segment = at + 1;
    at = segment;
    while (at < length && load<u8>(address + at) != 0x2f) {
      if (!isSegmentByte(load<u8>(address + at))) return false;
      at += 1;
    }
    if (isEmptyOrDots(address + segment, at - segment)) return false;
  }
  return true;
}

/** Whether `text` is the name of a trust domain (SPIFFE-ID §2.1). */
export function isTrustDomain(text: Bytes): bool {
  for (let index: u32 = 0; index < lengthOf(text); index++) {
    if (!isTrustDomainByte(load<u8>(addressOf(text) + index))) return false;
  }
  return isTrustDomainLength(lengthOf(text));
}

function isTrustDomainLength(length: u32): bool {
  return length != 0 && length <= MAX_TRUST_DOMAIN_BYTES;
}

/** The trust domain of a text that `isSpiffeId`. */
export function trustDomainOf(spiffeId: Bytes): Bytes {
  const address = addressOf(spiffeId);
  const length = lengthOf(spiffeId);
  let at = SPIFFE_SCHEME_BYTES;
  while (at < length && load<u8>(address + at) != 0x2f) at += 1;
  return bytesAt(address + SPIFFE_SCHEME_BYTES, at - SPIFFE_SCHEME_BYTES);
}

function isEmptyOrDots(address: usize, length: u32): bool {
  if (length == 0) return true;
  if (length > 2 || load<u8>(address) != 0x2e) return false;
  return length == 1 || load<u8>(address, 1) == 0x2e;
}

function isTrustDomainByte(byte: u32): bool {
  return byte - 0x61 < 26 || byte - 0x30 < 10 || byte == 0x2e || byte == 0x2d || byte == 0x5f;
}

function isSegmentByte(byte: u32): bool {
  return isTrustDomainByte(byte) || byte - 0x41 < 26;
}
