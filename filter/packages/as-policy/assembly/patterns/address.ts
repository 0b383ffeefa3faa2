import { ABSENT, Arena, Bytes, addressOf, bytesAt, hexDigit, indexOfByte, lengthOf, part } from "as-bytes";

const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;
const DOT: u8 = 0x2e;
const PERCENT: u8 = 0x25;
const IPV4_BYTES: u32 = 4;
const IPV6_BYTES: u32 = 16;

/** A network of addresses: those that share the first `bits` bits with `address`. */
@unmanaged
export class Network {
  address: Bytes;
  bits: u32;
}

/** Whether a raw address of 4 or 16 bytes lies in the network; one of the other family never does. */
export function inNetwork(address: Bytes, network: Bytes, bits: u32): bool {
  if (lengthOf(address) != lengthOf(network)) return false;
  const whole = bits >> 3;
  for (let index: u32 = 0; index < whole; index++) {
    if (load<u8>(addressOf(address) + index) != load<u8>(addressOf(network) + index)) return false;
  }
  const rest = bits & 7;
  if (rest == 0) return true;
  const difference =
    (<u32>load<u8>(addressOf(address) + whole)) ^ (<u32>load<u8>(addressOf(network) + whole));
  return difference >> (8 - rest) == 0;
}

/** `10.0.0.0/8`, `2001:db8::/32` or one address; null for anything else. Bits behind the prefix are cleared. */
export function parseNetwork(text: Bytes, arena: Arena): Network | null {
  const slash = indexOfByte(text, SLASH);
  if (indexOfByte(text, PERCENT) >= 0) return null;
  const address = parseAddress(slash < 0 ? text : part(text, 0, <u32>slash), arena);
  const length = lengthOf(address);
  if (length == 0) return null;
  let bits = length * 8;
  if (slash >= 0) {
    const parsed = decimal(part(text, <u32>slash + 1, lengthOf(text)), bits);
    if (parsed < 0) return null;
    bits = <u32>parsed;
  }
  const network = changetype<Network>(arena.allocate(offsetof<Network>()));
  network.address = masked(address, bits, arena);
  network.bits = bits;
  return network;
}

/** The address with all bits behind the first `bits` cleared. */
export function masked(address: Bytes, bits: u32, arena: Arena): Bytes {
  const length = lengthOf(address);
  const copy = arena.take(length);
  for (let index: u32 = 0; index < length; index++) {
    const kept = bits <= index * 8 ? 0 : min<u32>(8, bits - index * 8);
    store<u8>(copy + index, (<u32>load<u8>(addressOf(address) + index)) & (0xff00 >> kept));
  }
  return bytesAt(copy, length);
}

/**
 * The raw bytes of an IPv4 (RFC 6943 §3.1.1, the strict form) or IPv6 (RFC 4291 §2.2) address, or
 * ABSENT; a zone behind it (RFC 4007 §11) is left out. An IPv4-mapped one (`::ffff:a.b.c.d`) is an IPv6 address, as it is for Envoy.
 */
export function parseAddress(text: Bytes, arena: Arena): Bytes {
  if (indexOfByte(text, COLON) < 0) {
    const address = arena.allocate(IPV4_BYTES);
    return parseIpv4(text, address) ? bytesAt(address, IPV4_BYTES) : ABSENT;
  }
  const address = arena.allocate(IPV6_BYTES);
  const zone = indexOfByte(text, PERCENT);
  const numbers = zone < 0 ? text : part(text, 0, <u32>zone);
  return parseIpv6(numbers, address) ? bytesAt(address, IPV6_BYTES) : ABSENT;
}

/** The address of `address:port` or `[address]:port`, as Envoy writes them. */
export function parseHostAndPort(text: Bytes, arena: Arena): Bytes {
  const length = lengthOf(text);
  let colon = <i32>length - 1;
  while (colon >= 0 && load<u8>(addressOf(text) + colon) != COLON) colon -= 1;
  if (colon <= 0) return ABSENT;
  let host = part(text, 0, <u32>colon);
  const end = lengthOf(host) - 1;
  const isBracketed = load<u8>(addressOf(host)) == 0x5b && load<u8>(addressOf(host) + end) == 0x5d;
  if (isBracketed) host = part(host, 1, end);
  return parseAddress(host, arena);
}

function parseIpv4(text: Bytes, to: usize): bool {
  let start: u32 = 0;
  for (let index: u32 = 0; index < IPV4_BYTES; index++) {
    const dot = indexOfByte(text, DOT, start);
    if (dot < 0 != (index == IPV4_BYTES - 1)) return false;
    const end: u32 = dot < 0 ? lengthOf(text) : <u32>dot;
    const byte = decimal(part(text, start, end), 255);
    if (byte < 0) return false;
    store<u8>(to + index, byte);
    start = end + 1;
  }
  return true;
}

/** Groups before `::` are written from the front, those behind it moved to the end. */
function parseIpv6(text: Bytes, to: usize): bool {
  const length = lengthOf(text);
  const from = addressOf(text);
  let written: u32 = 0;
  let gap: i32 = -1;
  let at: u32 = 0;
  if (length >= 2 && load<u16>(from) == 0x3a3a) {
    gap = 0;
    at = 2;
  }
  while (at < length) {
    const colon = indexOfByte(text, COLON, at);
    const end: u32 = colon < 0 ? length : <u32>colon;
    const group = part(text, at, end);
    if (colon < 0 && indexOfByte(group, DOT) >= 0) {
      if (written > 12 || !parseIpv4(group, to + written)) return false;
      written += 4;
      break;
    }
    const value = hexadecimal(group);
    if (value < 0 || written > 14) return false;
    store<u8>(to + written, value >> 8);
    store<u8>(to + written, value, 1);
    written += 2;
    if (colon < 0) break;
    at = end + 1;
    if (at == length) return false;
    if (load<u8>(from + at) == COLON) {
      if (gap >= 0) return false;
      gap = <i32>written;
      at += 1;
    }
  }
  if (gap < 0) return written == IPV6_BYTES;
  if (written == IPV6_BYTES) return false;
  const tail = written - <u32>gap;
  memory.copy(to + IPV6_BYTES - tail, to + gap, tail);
  memory.fill(to + gap, 0, IPV6_BYTES - written);
  return true;
}

/** Decimal digits without leading zeros, at most `most`; else -1. */
function decimal(text: Bytes, most: u32): i32 {
  const length = lengthOf(text);
  if (length == 0 || length > 3 || (length > 1 && load<u8>(addressOf(text)) == 0x30)) return -1;
  let value: u32 = 0;
  for (let index: u32 = 0; index < length; index++) {
    const digit = <u32>load<u8>(addressOf(text) + index) - 0x30;
    if (digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= most ? <i32>value : -1;
}

/** One to four hexadecimal digits, or -1. */
function hexadecimal(text: Bytes): i32 {
  const length = lengthOf(text);
  if (length == 0 || length > 4) return -1;
  let value: i32 = 0;
  for (let index: u32 = 0; index < length; index++) {
    const digit = hexDigit(load<u8>(addressOf(text) + index));
    if (digit < 0) return -1;
    value = (value << 4) | digit;
  }
  return value;
}
