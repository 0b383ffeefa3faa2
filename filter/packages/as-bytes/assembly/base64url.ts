import { ABSENT, Bytes, addressOf, bytesAt, lengthOf } from "./bytes";

/** Value of each byte as a base64url digit (RFC 4648 §5); 0xff where it is none. */
const DIGITS: usize = memory.data(256);

let digitsReady = false;

function prepareDigits(): void {
  memory.fill(DIGITS, 0xff, 256);
  for (let index: u32 = 0; index < 26; index++) {
    store<u8>(DIGITS + 0x41 + index, index);
    store<u8>(DIGITS + 0x61 + index, index + 26);
  }
  for (let index: u32 = 0; index < 10; index++) store<u8>(DIGITS + 0x30 + index, index + 52);
  store<u8>(DIGITS + 0x2d, 62);
  store<u8>(DIGITS + 0x5f, 63);
  digitsReady = true;
}

/** Bytes that `length` digits decode to. */
export function base64UrlDecodedLength(length: u32): u32 {
  return (length >> 2) * 3 + (((length & 3) * 3) >> 2);
}

/**
 * Decodes base64url without padding (RFC 7515 §2) into memory at `target`, which has room for
 * `base64UrlDecodedLength` bytes. ABSENT where a byte is no digit, the length is impossible or an
 * unused bit is not zero, so that every value has exactly one spelling.
 */
export function decodeBase64Url(text: Bytes, target: usize): Bytes {
  if (!digitsReady) prepareDigits();
  const length = lengthOf(text);
  const rest = length & 3;
  if (rest == 1) return ABSENT;
  let from = addressOf(text);
  const whole = from + (length - rest);
  let to = target;
  let invalid: u32 = 0;
  while (from < whole) {
    const first: u32 = load<u8>(DIGITS + load<u8>(from));
    const second: u32 = load<u8>(DIGITS + load<u8>(from, 1));
    const third: u32 = load<u8>(DIGITS + load<u8>(from, 2));
    const fourth: u32 = load<u8>(DIGITS + load<u8>(from, 3));
    invalid |= first | second | third | fourth;
    const group = (first << 18) | (second << 12) | (third << 6) | fourth;
    store<u8>(to, group >> 16);
    store<u8>(to, group >> 8, 1);
    store<u8>(to, group, 2);
    from += 4;
    to += 3;
  }
  if (rest != 0) {
    const first: u32 = load<u8>(DIGITS + load<u8>(from));
    const second: u32 = load<u8>(DIGITS + load<u8>(from, 1));
    invalid |= first | second;
    store<u8>(to, (first << 2) | (second >> 4));
    to += 1;
    if (rest == 2) {
      if ((second & 0x0f) != 0) return ABSENT;
    } else {
      const third: u32 = load<u8>(DIGITS + load<u8>(from, 2));
      invalid |= third;
      if ((third & 0x03) != 0) return ABSENT;
      store<u8>(to, (second << 4) | (third >> 2));
      to += 1;
    }
  }
  if (invalid > 63) return ABSENT;
  return bytesAt(target, <u32>(to - target));
}
