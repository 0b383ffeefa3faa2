import { Bytes, lengthOf } from "./bytes";
import { equal, equalsText } from "./compare";
import { decimalToDouble } from "./decimal";

export enum JsonKind {
  NULL = 1,
  FALSE,
  TRUE,
  NUMBER,
  STRING,
  ARRAY,
  OBJECT,
}

/**
 * One entry of the tape. A container is followed by its parts: an array by its elements, an object
 * by a STRING entry and a value for each member; `size` leads over them. Nothing is copied but
 * strings with escapes.
 */
@unmanaged
export class JsonValue {
  kind: JsonKind;
  /** Entries of this value with all its parts. */
  size: u32;
  /** The bytes of a STRING, the digits of a NUMBER, the count of parts of a container. */
  private content: Bytes;

  isObject(): bool {
    return this.kind == JsonKind.OBJECT;
  }

  isArray(): bool {
    return this.kind == JsonKind.ARRAY;
  }

  isString(): bool {
    return this.kind == JsonKind.STRING;
  }

  isNumber(): bool {
    return this.kind == JsonKind.NUMBER;
  }

  isBoolean(): bool {
    return this.kind == JsonKind.TRUE || this.kind == JsonKind.FALSE;
  }

  /** The text of a STRING. */
  string(): Bytes {
    return this.content;
  }

  /** The text of a STRING, the digits of a NUMBER. */
  text(): Bytes {
    return this.content;
  }

  /** A NUMBER as the nearest binary64; ±Infinity where it is out of range. */
  number(): f64 {
    return decimalToDouble(this.content);
  }

  /** Elements of an ARRAY, members of an OBJECT. */
  count(): u32 {
    return <u32>this.content;
  }

  /** The first part of a container with a count; for an OBJECT the name of its first member. */
  first(): JsonValue {
    return changetype<JsonValue>(changetype<usize>(this) + offsetof<JsonValue>());
  }

  /** What follows this value: the next element, or after a name its value, or the next name. */
  next(): JsonValue {
    return changetype<JsonValue>(changetype<usize>(this) + <usize>this.size * offsetof<JsonValue>());
  }

  /** The value of the member `name` of an OBJECT, or null; a value that is no object has no members. */
  member(name: Bytes): JsonValue | null {
    if (!this.isObject()) return null;
    let key = this.first();
    for (let left = this.count(); left > 0; left--) {
      if (equal(key.string(), name)) return key.next();
      key = key.next().next();
    }
    return null;
  }

  /** `member` by a literal of the program. */
  memberNamed(name: string): JsonValue | null {
    if (!this.isObject()) return null;
    let key = this.first();
    for (let left = this.count(); left > 0; left--) {
      if (equalsText(key.string(), name)) return key.next();
      key = key.next().next();
    }
    return null;
  }

  /** About the bytes of its text: without white space, an escape counted as what it stands for. */
  textBytes(): u32 {
    let bytes: u32 = 0;
    let entry = changetype<usize>(this);
    for (let left = this.size; left > 0; left--) {
      const part = changetype<JsonValue>(entry);
      bytes += part.isString() || part.isNumber() ? lengthOf(part.content) + 3 : 5;
      entry += offsetof<JsonValue>();
    }
    return bytes;
  }

  /** @internal The parser's own. */
  set(kind: JsonKind, size: u32, content: Bytes): void {
    this.kind = kind;
    this.size = size;
    this.content = content;
  }
}
