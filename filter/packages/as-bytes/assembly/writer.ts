import { Arena } from "./arena";
import { Bytes, addressOf, bytesAt, lengthOf } from "./bytes";
import { utf8SequenceAt } from "./utf8";
import { characterAt, endOfWord } from "./words";

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
    let index: usize = 0;
    for (; index + 8 <= length; index += 8) {
      const characters = v128.load(from + (index << 1));
      v128.store64_lane(to + index, i8x16.narrow_i16x8_u(characters, characters), 0);
    }
    for (; index < length; index++) store<u8>(to + index, load<u16>(from + (index << 1)));
  }

  /** One of the words of a literal, see `words.ts`; the caller guarantees that there are so many. */
  word(words: string, index: u32): void {
    let start: u32 = 0;
    for (let left = index; left > 0; left--) start = endOfWord(words, start) + 1;
    const end = endOfWord(words, start);
    for (let at = start; at < end; at++) this.byte(characterAt(words, at));
  }

  decimal(value: u64): void {
    let digits: u32 = 1;
    let rest = value / 10;
    while (rest != 0) {
      digits += 1;
      rest /= 10;
    }
    this.paddedDecimal(value, digits);
  }

  /** The last `digits` decimal digits of a number, zeros in front. */
  paddedDecimal(value: u64, digits: u32): void {
    const to = this.advance(digits);
    if (to == 0) return;
    let rest = value;
    for (let at = to + digits; at > to; at--) {
      const quotient = rest / 10;
      store<u8>(at - 1, 0x30 + <u32>(rest - quotient * 10));
      rest = quotient;
    }
  }

  hexadecimal(value: Bytes): void {
    const length = lengthOf(value);
    const from = addressOf(value);
    const to = this.advance(length * 2);
    if (to == 0) return;
    for (let index: usize = 0; index < length; index++) {
      const byte: u32 = load<u8>(from + index);
      store<u8>(to + index * 2, hexDigit(byte >> 4));
      store<u8>(to + index * 2, hexDigit(byte & 15), 1);
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
      const plain = plainUntil(from, cut);
      if (plain != from) {
        this.bytes(bytesAt(from, <u32>(plain - from)));
        from = plain;
        continue;
      }
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

  /** An ASCII byte that does not stand for itself. */
  private escapedByte(byte: u32): void {
    if (byte != 0x22 && byte != 0x5c) {
      this.escape(byte);
      return;
    }
    this.byte(0x5c);
    this.byte(byte);
  }

  /** A backslash, `u` and four digits. */
  private escape(codePoint: u32): void {
    this.byte(0x5c);
    this.byte(0x75);
    for (let shift: i32 = 12; shift >= 0; shift -= 4) this.byte(hexDigit((codePoint >> shift) & 15));
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

function hexDigit(value: u32): u32 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** The first byte at or after `from` that is not plain, at most `end`: plain is printable ASCII but `"` and `\\`. */
function plainUntil(from: usize, end: usize): usize {
  let at = from;
  while (at + 16 <= end) {
    const block = v128.load(at);
    const outside = i8x16.gt_u(i8x16.sub(block, i8x16.splat(0x20)), i8x16.splat(0x5e));
    const special = v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c)));
    const mask = <u32>i8x16.bitmask(v128.or(outside, special));
    if (mask != 0) return at + ctz<u32>(mask);
    at += 16;
  }
  while (at < end && isPlain(load<u8>(at))) at += 1;
  return at;
}

function isPlain(byte: u32): bool {
  return byte - 0x20 <= 0x5e && byte != 0x22 && byte != 0x5c;
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
