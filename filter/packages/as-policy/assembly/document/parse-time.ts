import { Bytes, addressOf, lengthOf } from "as-bytes";

const SECONDS_A_DAY: f64 = 86400;
const COLON: u32 = 0x3a;
const DASH: u32 = 0x2d;

/** `HH:MM` and `HH:MM:SS` are times of day; a moment has a date in front. */
export function isTimeOfDay(text: Bytes): bool {
  return lengthOf(text) == 5 || lengthOf(text) == 8;
}

/**
 * `HH:MM` or `HH:MM:SS` as seconds of the day, `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339 §5.6 in UTC, years from
 * 1970) as seconds since the epoch; NaN for anything else.
 */
export function parseTime(text: Bytes): f64 {
  if (isTimeOfDay(text)) return secondsOfDay(addressOf(text), lengthOf(text));
  const address = addressOf(text);
  if (lengthOf(text) != 20 || load<u8>(address, 10) != 0x54 || load<u8>(address, 19) != 0x5a) return NaN;
  if (load<u8>(address, 4) != DASH || load<u8>(address, 7) != DASH) return NaN;
  const high = digits(address);
  const low = digits(address + 2);
  const month = digits(address + 5);
  const day = digits(address + 8);
  if (high < 0 || low < 0 || month < 1 || month > 12 || day < 1) return NaN;
  const year = high * 100 + low;
  if (year < 1970 || day > daysOfMonth(year, month)) return NaN;
  return daysSinceEpoch(year, month, day) * SECONDS_A_DAY + secondsOfDay(address + 11, 8);
}

function secondsOfDay(address: usize, length: u32): f64 {
  const hour = digits(address);
  const minute = digits(address + 3);
  if (hour < 0 || hour > 23 || load<u8>(address, 2) != COLON || minute < 0 || minute > 59) return NaN;
  if (length == 5) return hour * 3600 + minute * 60;
  const second = digits(address + 6);
  if (load<u8>(address, 5) != COLON || second < 0 || second > 59) return NaN;
  return hour * 3600 + minute * 60 + second;
}

/** Two decimal digits, or -1. */
function digits(address: usize): i32 {
  const tens = <i32>load<u8>(address) - 0x30;
  const ones = <i32>load<u8>(address, 1) - 0x30;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

function daysOfMonth(year: i32, month: i32): i32 {
  if (month == 2) return isLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

function isLeap(year: i32): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

function daysSinceEpoch(year: i32, month: i32, day: i32): f64 {
  let days = day - 1;
  for (let before = 1; before < month; before++) days += daysOfMonth(year, before);
  const years = year - 1;
  return <f64>(years * 365 + years / 4 - years / 100 + years / 400 + days - DAYS_BEFORE_EPOCH);
}

/** From 0001-01-01 to 1970-01-01. */
const DAYS_BEFORE_EPOCH: i32 = 719162;
