import {
  ABSENT,
  Arena,
  Bytes,
  JsonKind,
  JsonValue,
  copyBytes,
  indexOfWord,
  isPresent,
  lengthOf,
} from "as-bytes";
import { Refusal, RefusalCode } from "./refusal";

/** Largest integer of a document, both ways: those that binary64 holds exactly. */
export const MAX_EXACT_INTEGER: f64 = 9007199254740991;

/**
 * Reads members of a document and keeps the first refusal. After a refusal every read still answers
 * with something harmless, so callers need not ask after each; they ask `refused` before they use
 * what they built.
 */
@unmanaged
export class Reader {
  /** Where texts and whatever is built of them go. */
  arena: Arena;
  refusal: Refusal;

  static create(arena: Arena, refusal: Refusal): Reader {
    const reader = changetype<Reader>(arena.allocate(offsetof<Reader>()));
    reader.arena = arena;
    reader.refusal = refusal;
    return reader;
  }

  get refused(): bool {
    return this.refusal.code != RefusalCode.NONE;
  }

  refuse(code: RefusalCode, at: JsonValue | null, expected: string): void {
    if (this.refused) return;
    this.refusal.code = code;
    this.refusal.at = at;
    this.refusal.expected = expected;
  }

  /** `refuse` without a word of the value itself. */
  refuseSecret(code: RefusalCode, at: JsonValue | null, expected: string): void {
    if (!this.refused) this.refusal.isSecret = true;
    this.refuse(code, at, expected);
  }

  /** Whether `value` is an object with no other members than `names`, words with spaces between. */
  object(value: JsonValue, names: string): bool {
    if (!value.isObject()) {
      this.refuse(RefusalCode.WRONG_TYPE, value, "an object");
      return false;
    }
    let name = value.first();
    for (let left = value.count(); left > 0; left--) {
      if (indexOfWord(name.string(), names) < 0) {
        this.refuse(RefusalCode.UNKNOWN_MEMBER, name, "only members that the format names");
        return false;
      }
      name = name.next().next();
    }
    return true;
  }

  /** A member that must be there; null and a refusal where it is not. */
  required(object: JsonValue, name: string): JsonValue | null {
    const value = object.memberNamed(name);
    if (value === null) this.refuse(RefusalCode.MISSING_MEMBER, object, name);
    return value;
  }

  /** A copy of a string member; ABSENT where it is missing. */
  text(object: JsonValue, name: string): Bytes {
    const value = object.memberNamed(name);
    return value === null ? ABSENT : this.textOf(value);
  }

  textOf(value: JsonValue): Bytes {
    if (value.isString()) return copyBytes(value.string(), this.arena);
    this.refuse(RefusalCode.WRONG_TYPE, value, "a string");
    return ABSENT;
  }

  /** A string with at least one byte. */
  nonEmptyTextOf(value: JsonValue): Bytes {
    const text = this.textOf(value);
    if (isPresent(text) && lengthOf(text) == 0)
      this.refuse(RefusalCode.BAD_VALUE, value, "a string that is not empty");
    return text;
  }

  boolean(object: JsonValue, name: string, otherwise: bool): bool {
    const value = object.memberNamed(name);
    if (value === null) return otherwise;
    if (!value.isBoolean()) this.refuse(RefusalCode.WRONG_TYPE, value, "true or false");
    return value.kind == JsonKind.TRUE;
  }

  /** An array member; null where it is missing or refused. */
  array(object: JsonValue, name: string): JsonValue | null {
    const value = object.memberNamed(name);
    if (value === null || value.isArray()) return value;
    this.refuse(RefusalCode.WRONG_TYPE, value, "an array");
    return null;
  }

  /** An array member that is missing or has at least one element. */
  nonEmptyArray(object: JsonValue, name: string): JsonValue | null {
    const value = this.array(object, name);
    if (value !== null && value.count() == 0) {
      this.refuse(RefusalCode.BAD_VALUE, value, "at least one element, or no such member");
      return null;
    }
    return value;
  }

  /** Which of `choices`, words with spaces between, a string member is; 0, the first, where it is missing. */
  choice(object: JsonValue, name: string, choices: string, expected: string): u32 {
    const value = object.memberNamed(name);
    if (value === null) return 0;
    const index = indexOfWord(this.textOf(value), choices);
    if (index >= 0) return index;
    this.refuse(RefusalCode.BAD_VALUE, value, expected);
    return 0;
  }

  /** A part of the format that is not enforced yet: only its default loads, which is empty and of this kind. */
  onlyDefault(object: JsonValue, name: string, kind: JsonKind): void {
    const value = object.memberNamed(name);
    if (value === null) return;
    const isEmpty = value.isString() ? lengthOf(value.string()) == 0 : value.count() == 0;
    if (value.kind != kind || !isEmpty)
      this.refuse(RefusalCode.NOT_SUPPORTED, value, "this part to be absent or at its default");
  }
}

/** Whether the number is an integer that binary64 holds exactly. */
export function isExactInteger(number: f64): bool {
  return number == Math.trunc(number) && Math.abs(number) <= MAX_EXACT_INTEGER;
}
