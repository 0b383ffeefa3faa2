import { Arena } from "./arena";
import { Bytes, addressOf, bytesAt, lengthOf } from "./bytes";
import { utf8SequenceAt } from "./utf8";

const HEX = "0123456789abcdef";

/** The default of `limit`: nothing is cut. */
const NO_LIMIT: u32 = u32.MAX_VALUE;

/**
 * Appends to a fixed run of memory. What does not fit is dropped whole and remembered in
 * `overflowed`, so that a caller can never send off a cut value unknowingly.
 */
@unmanaged
export class Writer {
  private start: usize;
  private cursor: usize;
  private end: usize;
  overflowed: bool;

  static create(arena: Arena, capacity: u32): Writer {
    const writer = changetype<Writer>(arena.allocate(offsetof<Writer>()));
    writer.start = arena.take(capacity);
    writer.cursor = writer.start;
    writer.end = writer.start + capacity;
    return writer;
  }

  written(): Bytes {
    return bytesAt(this.start, <u32>(this.cursor - this.start));
  }

  clear(): void {
    this.cursor = this.start;
    this.overflowed = false;
  }

  /** Room for `size` more bytes, or 0 and `overflowed`. */
  private advance(size: u32): usize {
    const from = this.cursor;
    if (this.overflowed || <usize>size > this.end - from) {
      this.overflowed = true;
      return 0;
    }
    this.cursor = from + size;
    return from;
  }

  byte(value: u32): void {
    const to = this.advance(1);
    if (to != 0) store<u8>(to, value);
  }

  bytes(value: Bytes): void {
    const length = lengthOf(value);
    const to = this.advance(length);
    if (to != 0) memory.copy(to, addressOf(value), length);
  }

  /** A literal of the program; ASCII only. */
  text(value: string): void {
    const length = <u32>value.length;
    const to = this.advance(length);
    if (to == 0) return;
    const from = changetype<usize>(value);
    for (let index: usize = 0; index < length; index++) store<u8>(to + index, load<u16>(from + (index << 1)));
  }

  decimal(value: u64): void {
    let divisor: u64 = 1;
    while (value / divisor >= 10) divisor *= 10;
    while (divisor != 0) {
      this.byte(0x30 + <u32>((value / divisor) % 10));
      divisor /= 10;
    }
  }

  /** A number of exactly `digits` decimal digits, zeros in front. */
  paddedDecimal(value: u64, digits: u32): void {
    let divisor: u64 = 1;
    for (let index: u32 = 1; index < digits; index++) divisor *= 10;
    while (divisor != 0) {
      this.byte(0x30 + <u32>((value / divisor) % 10));
      divisor /= 10;
    }
  }

  hexadecimal(value: Bytes): void {
    const from = addressOf(value);
    for (let index: u32 = 0; index < lengthOf(value); index++) {
      const byte: u32 = load<u8>(from + index);
      this.byte(HEX.charCodeAt(byte >> 4));
      this.byte(HEX.charCodeAt(byte & 15));
    }
  }

  /** A JSON string with its quotes; see `escaped`. */
  jsonString(value: Bytes, limit: u32 = NO_LIMIT): void {
    this.byte(0x22);
    this.escaped(value, limit);
    this.byte(0x22);
  }

  /**
   * The inside of a JSON string: `"`, `\` and every control character escaped, DEL, C1 (U+0080 to
   * U+009F) and the separators U+2028 and U+2029 among them: one line to every reader, and nothing
   * that moves a terminal. Ill-formed UTF-8 as U+FFFD, cut before the sequence that would pass `limit`
   * bytes of the value, with `…` then.
   */
  escaped(value: Bytes, limit: u32 = NO_LIMIT): void {
    let from = addressOf(value);
    const end = from + lengthOf(value);
    const cut = lengthOf(value) > limit ? from + limit : end;
    while (from < cut) {
      const size = utf8SequenceAt(from, end);
      if (from + size > cut) break;
      if (size > 1) {
        const control = controlOrSeparatorAt(from);
        if (control != 0) this.escape(control);
        else this.bytes(bytesAt(from, size));
        from += size;
        continue;
      }
      if (size == 0) this.replacement();
      else this.escapedByte(load<u8>(from));
      from += 1;
    }
    if (cut < end) this.ellipsis();
  }

  private escapedByte(byte: u32): void {
    if (byte >= 0x20 && byte != 0x22 && byte != 0x5c && byte != 0x7f) {
      this.byte(byte);
      return;
    }
    if (byte == 0x22 || byte == 0x5c) {
      this.byte(0x5c);
      this.byte(byte);
      return;
    }
    this.escape(byte);
  }

  /** A backslash, `u` and four digits. */
  private escape(codePoint: u32): void {
    this.byte(0x5c);
    this.byte(0x75);
    for (let shift: i32 = 12; shift >= 0; shift -= 4) this.byte(HEX.charCodeAt((codePoint >> shift) & 15));
  }

  /** U+FFFD */
  private replacement(): void {
    this.byte(0xef);
    this.byte(0xbf);
    this.byte(0xbd);
  }

  /** U+2026 */
  private ellipsis(): void {
    this.byte(0xe2);
    this.byte(0x80);
    this.byte(0xa6);
  }
}

/** The code point of the well-formed sequence of two bytes or more at `address` if it is C1, U+2028 or U+2029; else 0. */
function controlOrSeparatorAt(address: usize): u32 {
  const lead: u32 = load<u8>(address);
  const second: u32 = load<u8>(address, 1);
  if (lead == 0xc2) return second < 0xa0 ? second : 0;
  if (lead != 0xe2 || second != 0x80) return 0;
  const third: u32 = load<u8>(address, 2);
  return third == 0xa8 || third == 0xa9 ? 0x2000 | (third & 0x3f) : 0;
}
