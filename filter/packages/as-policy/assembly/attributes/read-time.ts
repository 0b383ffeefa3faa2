import { Arena, Bytes, indexOfWord, wordAt } from "as-bytes";
import { AttributeKind } from "./attribute";
import { AttributeValue } from "./value";

const SECONDS_A_DAY: f64 = 86400;

/** From the day of the epoch, a Thursday. */
const WEEKDAYS = "thu fri sat sun mon tue wed";

/** The time of the request in UTC: seconds since the epoch, seconds of the day, or the day of the week. */
export function readTime(kind: AttributeKind, now: f64, arena: Arena): AttributeValue {
  if (kind == AttributeKind.TIME) return AttributeValue.ofNumber(now, arena);
  const day = Math.floor(now / SECONDS_A_DAY);
  if (kind == AttributeKind.TIME_OF_DAY) return AttributeValue.ofNumber(now - day * SECONDS_A_DAY, arena);
  return AttributeValue.ofText(weekday(<u32>(<u64>day % 7), arena), arena);
}

function weekday(number: u32, arena: Arena): Bytes {
  return wordAt(WEEKDAYS, number, arena);
}

/** Whether the text is one of the days' names. */
export function isWeekday(text: Bytes): bool {
  return indexOfWord(text, WEEKDAYS) >= 0;
}
