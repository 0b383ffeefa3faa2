import { Bytes, JsonValue, addressOf, lengthOf } from "as-bytes";
import { Reader, RefusalCode } from "as-policy";

/** Longest duration of a document: a year. */
const MAX_SECONDS: f64 = 31536000;

/** A member like `60s`, `1m30s`, `250ms` in seconds; `otherwise` where it is missing or empty. */
export function readDuration(object: JsonValue, name: string, otherwise: f64, reader: Reader): f64 {
  const value = object.memberNamed(name);
  if (value === null) return otherwise;
  const text = reader.textOf(value);
  if (lengthOf(text) == 0) return otherwise;
  const seconds = parseDuration(text);
  if (seconds < 0) {
    reader.refuse(RefusalCode.BAD_VALUE, value, "a duration like 60s, at most a year");
    return otherwise;
  }
  return seconds;
}

/** Whole numbers, each with one of `ms`, `s`, `m`, `h`; seconds, or -1. */
function parseDuration(text: Bytes): f64 {
  let at = addressOf(text);
  const end = at + lengthOf(text);
  let total: f64 = 0;
  while (at < end) {
    let number: f64 = 0;
    const firstDigit = at;
    while (at < end && <u32>load<u8>(at) - 0x30 < 10) {
      number = number * 10 + <f64>(load<u8>(at) - 0x30);
      at += 1;
    }
    if (at == firstDigit || at == end) return -1;
    const unit: u32 = load<u8>(at);
    at += 1;
    if (unit == 0x6d && at < end && load<u8>(at) == 0x73) {
      at += 1;
      total += number / 1000;
    } else if (unit == 0x73) total += number;
    else if (unit == 0x6d) total += number * 60;
    else if (unit == 0x68) total += number * 3600;
    else return -1;
    if (total > MAX_SECONDS) return -1;
  }
  return total;
}
