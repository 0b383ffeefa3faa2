import { Arena, Bytes, List, addressOf, equal, equalIgnoreCase, lengthOf, part } from "as-bytes";
import { globMatches } from "./glob";
import { templateMatches } from "./template";

export enum PatternKind {
  /** Matches nothing: the zero value. */
  NEVER,
  /** Present, even if empty. */
  PRESENT,
  /** Present and not empty. */
  NON_EMPTY,
  EXACT,
  PREFIX,
  SUFFIX,
  /** `*` anywhere stands for any bytes. */
  GLOB,
  /** A path template with `{*}` and `{**}`. */
  TEMPLATE,
}

/** One value of a rule, ready to be matched. */
@unmanaged
export class Pattern {
  kind: PatternKind;
  ignoreCase: bool;
  /** What a TEMPLATE's operators take: any byte, or only those of the template set. */
  anyByte: bool;
  text: Bytes;

  static create(kind: PatternKind, text: Bytes, arena: Arena): Pattern {
    const pattern = changetype<Pattern>(arena.allocate(offsetof<Pattern>()));
    pattern.kind = kind;
    pattern.text = text;
    return pattern;
  }

  /** Whether a value that is present matches. */
  matches(value: Bytes): bool {
    switch (this.kind) {
      case PatternKind.PRESENT:
        return true;
      case PatternKind.NON_EMPTY:
        return lengthOf(value) != 0;
      case PatternKind.EXACT:
        return this.ignoreCase ? equalIgnoreCase(value, this.text) : equal(value, this.text);
      case PatternKind.PREFIX:
        return this.matchesPart(value, 0, lengthOf(this.text));
      case PatternKind.SUFFIX:
        return this.matchesPart(value, lengthOf(value) - lengthOf(this.text), lengthOf(value));
      case PatternKind.GLOB:
        return globMatches(this.text, value);
      case PatternKind.TEMPLATE:
        return templateMatches(this.text, value, this.anyByte);
      default:
        return false;
    }
  }

  private matchesPart(value: Bytes, start: u32, end: u32): bool {
    if (lengthOf(value) < lengthOf(this.text)) return false;
    const piece = part(value, start, end);
    return this.ignoreCase ? equalIgnoreCase(piece, this.text) : equal(piece, this.text);
  }
}

/**
 * Istio's string matching: `*` is `presence`, `*x` a suffix, `x*` a prefix, the leading `*` looked at
 * first; a `*` elsewhere stands for itself.
 */
export function stringPattern(value: Bytes, presence: PatternKind, arena: Arena): Pattern {
  const length = lengthOf(value);
  const address = addressOf(value);
  if (length == 1 && load<u8>(address) == STAR) return Pattern.create(presence, value, arena);
  if (length > 0 && load<u8>(address) == STAR) {
    return Pattern.create(PatternKind.SUFFIX, part(value, 1, length), arena);
  }
  if (length > 0 && load<u8>(address + length - 1) == STAR) {
    return Pattern.create(PatternKind.PREFIX, part(value, 0, length - 1), arena);
  }
  return Pattern.create(PatternKind.EXACT, value, arena);
}

/** Whether any of the patterns matches the value. */
export function anyMatches(patterns: List<Pattern>, value: Bytes): bool {
  for (let index: u32 = 0; index < patterns.length; index++) {
    if (patterns.at(index).matches(value)) return true;
  }
  return false;
}

const STAR: u8 = 0x2a;
