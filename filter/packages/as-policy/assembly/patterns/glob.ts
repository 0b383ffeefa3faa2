import { Bytes, addressOf, lengthOf } from "as-bytes";

const STAR: u32 = 0x2a;

/**
 * Whether `value` as a whole is `glob` with each `*` standing for any bytes, none included. Only the
 * latest `*` is ever tried again, so time is at most the product of the lengths.
 */
export function globMatches(glob: Bytes, value: Bytes): bool {
  const pattern = addressOf(glob);
  const patternLength = lengthOf(glob);
  const text = addressOf(value);
  const length = lengthOf(value);
  let at: u32 = 0;
  let from: u32 = 0;
  let star: i32 = -1;
  let retry: u32 = 0;
  while (at < length) {
    const expected: u32 = from < patternLength ? load<u8>(pattern + from) : 0;
    if (from < patternLength && expected == STAR) {
      star = <i32>from;
      retry = at;
      from += 1;
    } else if (from < patternLength && expected == load<u8>(text + at)) {
      from += 1;
      at += 1;
    } else if (star >= 0) {
      retry += 1;
      at = retry;
      from = <u32>star + 1;
    } else {
      return false;
    }
  }
  while (from < patternLength && load<u8>(pattern + from) == STAR) from += 1;
  return from == patternLength;
}
