import { ABSENT, Bytes, addressOf, bytesAt, indexOfByte, lengthOf, part, sameIgnoreCase } from "as-bytes";
import { HeaderLines } from "as-policy";
import { TokenPlace } from "./document";

export enum FindOutcome {
  /** There is no token of ours in this place. */
  NONE,
  FOUND,
  /** Two tokens in one place, as lines or merged into one. */
  MERGED,
}

/** What stands in one place; `text` only with FOUND, and may be empty. */
@unmanaged
export class FoundToken {
  outcome: FindOutcome;
  text: Bytes;
}

const COMMA: u8 = 0x2c;
const SPACE: u32 = 0x20;

/**
 * Looks for exactly one token in a place. Proxies join repeated lines of some headers with a comma,
 * so a value with a comma is a merged duplicate where some part of it begins with the prefix, and
 * else none of our business (AWS SigV4, Digest).
 */
export function findToken(place: TokenPlace, lines: HeaderLines, found: FoundToken): void {
  found.outcome = FindOutcome.NONE;
  let line = lines.first(place.header);
  while (line !== null) {
    const comma = indexOfByte(line.value, COMMA);
    if (comma >= 0) {
      if (anyPartBegins(line.value, place.prefix)) found.outcome = FindOutcome.MERGED;
    } else {
      const text = afterPrefix(line.value, place.prefix);
      if (text != ABSENT) {
        found.outcome = found.outcome == FindOutcome.NONE ? FindOutcome.FOUND : FindOutcome.MERGED;
        found.text = text;
      }
    }
    if (found.outcome == FindOutcome.MERGED) return;
    line = line.next;
  }
}

/** What follows the prefix and its spaces; empty for the bare scheme; ABSENT where the value begins otherwise. */
function afterPrefix(value: Bytes, prefix: Bytes): Bytes {
  if (isBareScheme(value, prefix)) return part(value, lengthOf(value), lengthOf(value));
  if (!begins(value, prefix)) return ABSENT;
  let start = addressOf(value) + lengthOf(prefix);
  let end = addressOf(value) + lengthOf(value);
  while (start < end && load<u8>(start) == SPACE) start += 1;
  while (start < end && load<u8>(end - 1) == SPACE) end -= 1;
  return bytesAt(start, <u32>(end - start));
}

/** The scheme is compared without regard to case (RFC 9110 §11.1), and only where the value starts. */
function begins(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(prefix);
  return lengthOf(value) >= length && sameIgnoreCase(addressOf(value), addressOf(prefix), length);
}

/** `Bearer` where the prefix is `Bearer `: proxies trim the space off. */
function isBareScheme(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(value);
  if (length == 0 || lengthOf(prefix) != length + 1) return false;
  return (
    load<u8>(addressOf(prefix) + length) == SPACE &&
    sameIgnoreCase(addressOf(value), addressOf(prefix), length)
  );
}

function anyPartBegins(value: Bytes, prefix: Bytes): bool {
  const length = lengthOf(value);
  let start: u32 = 0;
  while (start <= length) {
    while (start < length && load<u8>(addressOf(value) + start) == SPACE) start += 1;
    const comma = indexOfByte(value, COMMA, start);
    const end: u32 = comma < 0 ? length : <u32>comma;
    const piece = part(value, start, end);
    if (begins(piece, prefix) || isBareScheme(piece, prefix)) return true;
    start = end + 1;
  }
  return false;
}
