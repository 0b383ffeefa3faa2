import { Writer, addressOf, bytesAt, lengthOf } from "as-bytes";

const MILLISECONDS_A_SECOND: u64 = 1000;
const NANOSECONDS_A_MILLISECOND: u64 = 1000000;
const SECONDS_A_DAY: u64 = 86400;

/** Length of `2026-11-24T20:31:10`. */
const SECOND_BYTES: u32 = 19;

/** The latest second as it is written, since most requests share theirs with another. */
const SECOND = memory.data(SECOND_BYTES);
let latestSecond: u64 = u64.MAX_VALUE;

/** RFC 3339 in UTC with milliseconds, of nanoseconds since 1970. */
export function writeTime(nanoseconds: u64, writer: Writer): void {
  const milliseconds = nanoseconds / NANOSECONDS_A_MILLISECOND;
  const seconds = milliseconds / MILLISECONDS_A_SECOND;
  if (seconds == latestSecond) {
    writer.bytes(bytesAt(SECOND, SECOND_BYTES));
  } else {
    writeSecond(seconds, writer);
    const written = writer.written();
    if (!writer.overflowed) {
      memory.copy(SECOND, addressOf(written) + lengthOf(written) - SECOND_BYTES, SECOND_BYTES);
      latestSecond = seconds;
    }
  }
  writer.text(".");
  writer.paddedDecimal(milliseconds % MILLISECONDS_A_SECOND, 3);
  writer.text("Z");
}

/** Proleptic Gregorian, days to civil by eras of 400 years. */
function writeSecond(seconds: u64, writer: Writer): void {
  const shifted = seconds / SECONDS_A_DAY + 719468; // days since 0000-03-01
  const era = shifted / 146097;
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  writer.paddedDecimal(year, 4);
  writer.text("-");
  writer.paddedDecimal(month, 2);
  writer.text("-");
  writer.paddedDecimal(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
  writer.text("T");
  const ofDay = seconds % SECONDS_A_DAY;
  writer.paddedDecimal(ofDay / 3600, 2);
  writer.text(":");
  writer.paddedDecimal((ofDay / 60) % 60, 2);
  writer.text(":");
  writer.paddedDecimal(ofDay % 60, 2);
}
