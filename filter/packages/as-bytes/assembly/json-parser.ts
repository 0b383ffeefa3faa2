import { Arena } from "./arena";
import { Bytes, addressOf, bytesAt, lengthOf } from "./bytes";
import { equal, equalsText } from "./compare";
import { skipPlainCharacters, unescapeString } from "./json-string";
import { JsonKind, JsonValue } from "./json-value";

export enum JsonError {
  NONE,
  NOT_JSON,
  NOT_UTF8,
  DUPLICATE_MEMBER,
  TOO_DEEP,
  TOO_MANY_MEMBERS,
}

/** Reads a text onto the tape; `parseJson` sets it up. */
@unmanaged
export class JsonParser {
  arena: Arena;
  cursor: usize;
  end: usize;
  error: JsonError;
  maxDepth: u32;
  maxMembers: u32;
  tape: usize;
  /** Where the next entry goes. */
  top: usize;
  /** The containers that are open, outermost first. */
  open: usize;
  /** For each of them, which of 64 classes of names have been seen: a name of a new class is no duplicate. */
  names: usize;
  depth: u32;
  /** A part has been counted whose value is not on the tape yet. */
  awaitsValue: bool;

  /** One value, then nothing but white space. */
  parse(): void {
    this.skipSpace();
    if (!this.value()) return;
    while (this.depth > 0) {
      if (!this.afterValue()) return;
    }
    this.skipSpace();
    if (this.cursor != this.end) this.refuse(JsonError.NOT_JSON);
  }

  private refuse(error: JsonError): bool {
    this.error = error;
    return false;
  }

  private peek(): u32 {
    return this.cursor < this.end ? load<u8>(this.cursor) : 0;
  }

  private skipSpace(): void {
    while (this.cursor < this.end) {
      const byte: u32 = load<u8>(this.cursor);
      if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) return;
      this.cursor += 1;
    }
  }

  /**
   * Ends what is open, so that the tape of a refused text can be walked as far as it came; where it came to,
   * or null before the first value and behind the last.
   */
  abandon(): JsonValue | null {
    if (this.depth == 0) return null;
    let at = this.container();
    if (this.awaitsValue) {
      at = changetype<JsonValue>(this.top);
      this.push(JsonKind.NULL, 0);
    }
    while (this.depth > 0) this.close();
    return at;
  }

  private push(kind: JsonKind, content: Bytes): void {
    this.awaitsValue = false;
    changetype<JsonValue>(this.top).set(kind, 1, content);
    this.top += offsetof<JsonValue>();
  }

  private container(): JsonValue {
    return changetype<JsonValue>(load<usize>(this.open + <usize>(this.depth - 1) * sizeof<usize>()));
  }

  /** After a value inside a container: a comma and the next part, or the end of the container. */
  private afterValue(): bool {
    this.skipSpace();
    const container = this.container();
    const byte = this.peek();
    if (byte == (container.isArray() ? 0x5d : 0x7d)) {
      this.cursor += 1;
      this.close();
      return true;
    }
    if (byte != 0x2c) return this.refuse(JsonError.NOT_JSON);
    this.cursor += 1;
    this.skipSpace();
    return container.isArray() ? this.element() : this.memberPart();
  }

  private close(): void {
    const container = this.container();
    container.size = <u32>((this.top - changetype<usize>(container)) / offsetof<JsonValue>());
    this.depth -= 1;
  }

  private element(): bool {
    const container = this.container();
    container.set(JsonKind.ARRAY, 1, container.count() + 1);
    this.awaitsValue = true;
    return this.value();
  }

  private memberPart(): bool {
    const container = this.container();
    if (container.count() == this.maxMembers) return this.refuse(JsonError.TOO_MANY_MEMBERS);
    const name = changetype<JsonValue>(this.top);
    if (this.peek() != 0x22 || !this.string()) return this.refuse(JsonError.NOT_JSON);
    const isKnown = this.seen(container, name.string());
    container.set(JsonKind.OBJECT, 1, container.count() + 1);
    this.awaitsValue = true;
    if (isKnown) return this.refuse(JsonError.DUPLICATE_MEMBER);
    this.skipSpace();
    if (this.peek() != 0x3a) return this.refuse(JsonError.NOT_JSON);
    this.cursor += 1;
    this.skipSpace();
    return this.value();
  }

  private seen(container: JsonValue, name: Bytes): bool {
    const slot = this.names + <usize>(this.depth - 1) * sizeof<u64>();
    const mark = (<u64>1) << nameClass(name);
    const known = load<u64>(slot);
    store<u64>(slot, known | mark);
    if ((known & mark) == 0) return false;
    let key = container.first();
    for (let left = container.count(); left > 0; left--) {
      if (equal(key.string(), name)) return true;
      key = key.next().next();
    }
    return false;
  }

  private value(): bool {
    const byte = this.peek();
    if (byte == 0x22) return this.string() || this.refuse(JsonError.NOT_JSON);
    if (byte == 0x7b) return this.enter(JsonKind.OBJECT, 0x7d);
    if (byte == 0x5b) return this.enter(JsonKind.ARRAY, 0x5d);
    if (byte == 0x74) return this.literal("true", JsonKind.TRUE);
    if (byte == 0x66) return this.literal("false", JsonKind.FALSE);
    if (byte == 0x6e) return this.literal("null", JsonKind.NULL);
    return this.number() || this.refuse(JsonError.NOT_JSON);
  }

  private enter(kind: JsonKind, closing: u32): bool {
    if (this.depth == this.maxDepth) return this.refuse(JsonError.TOO_DEEP);
    store<usize>(this.open + <usize>this.depth * sizeof<usize>(), this.top);
    store<u64>(this.names + <usize>this.depth * sizeof<u64>(), 0);
    this.depth += 1;
    this.push(kind, 0);
    this.cursor += 1;
    this.skipSpace();
    if (this.peek() == closing) {
      this.cursor += 1;
      this.close();
      return true;
    }
    return kind == JsonKind.ARRAY ? this.element() : this.memberPart();
  }

  private literal(text: string, kind: JsonKind): bool {
    const length = <u32>text.length;
    if (this.end - this.cursor < length || !equalsText(bytesAt(this.cursor, length), text)) {
      return this.refuse(JsonError.NOT_JSON);
    }
    this.cursor += length;
    this.push(kind, 0);
    return true;
  }

  private digits(): bool {
    const from = this.cursor;
    while (this.peek() - 0x30 < 10) this.cursor += 1;
    return this.cursor != from;
  }

  private number(): bool {
    const from = this.cursor;
    if (this.peek() == 0x2d) this.cursor += 1;
    if (this.peek() == 0x30) this.cursor += 1;
    else if (!this.digits()) return false;
    if (this.peek() == 0x2e) {
      this.cursor += 1;
      if (!this.digits()) return false;
    }
    if ((this.peek() | 0x20) == 0x65) {
      this.cursor += 1;
      if (this.peek() == 0x2b || this.peek() == 0x2d) this.cursor += 1;
      if (!this.digits()) return false;
    }
    this.push(JsonKind.NUMBER, bytesAt(from, <u32>(this.cursor - from)));
    return true;
  }

  private string(): bool {
    const from = this.cursor + 1;
    let at = skipPlainCharacters(from, this.end);
    if (at < this.end && load<u8>(at) == 0x22) {
      this.cursor = at + 1;
      this.push(JsonKind.STRING, bytesAt(from, <u32>(at - from)));
      return true;
    }
    // Escapes only ever shrink a string, so its end in the text bounds the copy.
    while (at < this.end && load<u8>(at) == 0x5c) at = skipPlainCharacters(at + 2, this.end);
    this.cursor = at;
    if (at >= this.end || load<u8>(at) != 0x22) return false;
    const raw = bytesAt(from, <u32>(at - from));
    const copy = unescapeString(raw, this.arena.take(lengthOf(raw)));
    if (copy == 0) return false;
    this.cursor = at + 1;
    this.push(JsonKind.STRING, copy);
    return true;
  }
}

/** One of 64 classes by length and ends of a name. */
function nameClass(name: Bytes): u64 {
  const length = lengthOf(name);
  if (length == 0) return 0;
  const address = addressOf(name);
  const first: u32 = load<u8>(address);
  const last: u32 = load<u8>(address + length - 1);
  return (first * 31 + last * 7 + length) & 63;
}
