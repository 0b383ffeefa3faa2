import { Writer } from "as-bytes";

const NANOSECONDS_A_MILLISECOND: u64 = 1000000;
const MILLISECONDS_A_DAY: u64 = 86400000;

/** RFC 3339 in UTC with milliseconds, of nanoseconds since 1970 (proleptic Gregorian, days to civil by eras of 400 years). */
export function writeTime(nanoseconds: u64, writer: Writer): void {
  const milliseconds = nanoseconds / NANOSECONDS_A_MILLISECOND;
  const shifted = milliseconds / MILLISECONDS_A_DAY + 719468; // days since 0000-03-01
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
  const ofDay = milliseconds % MILLISECONDS_A_DAY;
  writer.paddedDecimal(ofDay / 3600000, 2);
  writer.text(":");
  writer.paddedDecimal((ofDay / 60000) % 60, 2);
  writer.text(":");
  writer.paddedDecimal((ofDay / 1000) % 60, 2);
  writer.text(".");
  writer.paddedDecimal(ofDay % 1000, 3);
  writer.text("Z");
}
