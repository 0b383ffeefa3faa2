/** The line that is being built; bytes outside of printable ASCII, and `%`, as `%XX`. */
import { proxy_log } from "./host";

const CAPACITY: u32 = 16384;
const LINE: usize = memory.data(16384);
const INFO: i32 = 2;

let length: u32 = 0;

export function write(byte: u8): void {
  if (length < CAPACITY) store<u8>(LINE + length++, byte);
}

export function writeText(text: string): void {
  for (let i = 0; i < text.length; i++) write(<u8>text.charCodeAt(i));
}

export function writeBytes(address: usize, size: u32): void {
  for (let i: u32 = 0; i < size; i++) {
    const byte = load<u8>(address + i);
    if (byte >= 0x21 && byte <= 0x7e && byte != 0x25) {
      write(byte);
    } else {
      write(0x25);
      write(hexadecimal(byte >> 4));
      write(hexadecimal(byte & 15));
    }
  }
}

function hexadecimal(digit: u8): u8 {
  return digit < 10 ? 0x30 + digit : 0x37 + digit;
}

export function writeNumber(value: u32): void {
  if (value >= 10) writeNumber(value / 10);
  write(<u8>(0x30 + (value % 10)));
}

/** Logs the line and starts the next. */
export function flush(): void {
  proxy_log(INFO, LINE, length);
  length = 0;
}
