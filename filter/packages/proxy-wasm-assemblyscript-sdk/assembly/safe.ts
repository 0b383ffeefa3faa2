/**
 * What may leave the guest. Hosts write header values, reply details and filter state as they are
 * given: a CR or LF splits an HTTP/1.1 response or a line of the access log, a NUL ends a value early.
 */

/** Whether no byte is CR, LF or NUL: safe in a header value, in reply details, in a property. */
export function isSafeHeaderValue(address: usize, length: u32): bool {
  const end = address + length;
  while (end - address >= 16) {
    const block = v128.load(address);
    const line = v128.or(i8x16.eq(block, i8x16.splat(0x0d)), i8x16.eq(block, i8x16.splat(0x0a)));
    if (v128.any_true(v128.or(line, i8x16.eq(block, i8x16.splat(0))))) return false;
    address += 16;
  }
  while (address < end) {
    const byte = load<u8>(address);
    if (byte == 0x0d || byte == 0x0a || byte == 0) return false;
    address++;
  }
  return true;
}

/** Whether the bytes are a token (RFC 9110 §5.6.2), or one behind the colon of a pseudo-header. */
export function isSafeHeaderName(address: usize, length: u32): bool {
  const end = address + length;
  if (length != 0 && load<u8>(address) == 0x3a) address++;
  if (address == end) return false;
  while (address < end) {
    if (!isTokenByte(load<u8>(address))) return false;
    address++;
  }
  return true;
}

function isTokenByte(byte: u8): bool {
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  if (byte >= 0x30 && byte <= 0x39) return true;
  switch (byte) {
    case 0x21: // !
    case 0x23: // #
    case 0x24: // $
    case 0x25: // %
    case 0x26: // &
    case 0x27: // '
    case 0x2a: // *
    case 0x2b: // +
    case 0x2d: // -
    case 0x2e: // .
    case 0x5e: // ^
    case 0x5f: // _
    case 0x60: // `
    case 0x7c: // |
    case 0x7e: // ~
      return true;
    default:
      return false;
  }
}
