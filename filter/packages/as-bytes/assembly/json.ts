import { Arena } from "./arena";
import { Bytes, addressOf, bytesAt, lengthOf } from "./bytes";
import { equal, equalsText } from "./compare";
import { decimalToDouble } from "./decimal";
import { skipPlainCharacters, unescapeString } from "./json-string";
import { isUtf8 } from "./utf8";

export enum JsonKind {
  NULL = 1,
  FALSE,
  TRUE,
  NUMBER,
  STRING,
  ARRAY,
  OBJECT,
}

export enum JsonError {
  NONE,
  NOT_JSON,
  NOT_UTF8,
  DUPLICATE_MEMBER,
  TOO_DEEP,
  TOO_MANY_MEMBERS,
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

  /** @internal The parser's own. */
  set(kind: JsonKind, size: u32, content: Bytes): void {
    this.kind = kind;
    this.size = size;
    this.content = content;
  }
}

/** What became of a text: `root` is valid only with `error` NONE; else `position` is the byte that was refused. */
@unmanaged
export class JsonText {
  error: JsonError;
  position: u32;
  root: JsonValue;
}

/**
 * Parses exactly one JSON text (RFC 8259): strict UTF-8, no byte order mark, no lone surrogate, no
 * member twice in one object (RFC 7515 §4), containers nested at most `maxDepth`, at most
 * `maxMembers` members in one object. Time is linear in the text, times `maxMembers` at worst.
 */
export function parseJson(text: Bytes, arena: Arena, maxDepth: u32, maxMembers: u32): JsonText {
  const parser = changetype<JsonParser>(arena.allocate(offsetof<JsonParser>()));
  const result = changetype<JsonText>(arena.allocate(offsetof<JsonText>()));
  if (!isUtf8(text)) {
    result.error = JsonError.NOT_UTF8;
    return result;
  }
  parser.arena = arena;
  parser.cursor = addressOf(text);
  parser.end = addressOf(text) + lengthOf(text);
  parser.maxDepth = maxDepth;
  parser.maxMembers = maxMembers;
  parser.tape = arena.take((1 + countOpenings(text)) * <u32>offsetof<JsonValue>());
  parser.top = parser.tape;
  parser.open = arena.take((maxDepth + 1) * sizeof<usize>());
  parser.names = arena.take((maxDepth + 1) * sizeof<u64>());
  parser.parse();
  result.error = parser.error;
  result.position = <u32>(parser.cursor - addressOf(text));
  result.root = changetype<JsonValue>(parser.tape);
  return result;
}

/** Every value and every name but the root follows one of `[ { , :`, so this bounds the tape. */
function countOpenings(text: Bytes): u32 {
  let address = addressOf(text);
  const end = address + lengthOf(text);
  let count: u32 = 0;
  while (end - address >= 16) {
    const block = v128.load(address);
    const marks = v128.or(
      v128.or(i8x16.eq(block, i8x16.splat(0x2c)), i8x16.eq(block, i8x16.splat(0x3a))),
      v128.or(i8x16.eq(block, i8x16.splat(0x5b)), i8x16.eq(block, i8x16.splat(0x7b))),
    );
    count += popcnt<u32>(<u32>i8x16.bitmask(marks));
    address += 16;
  }
  while (address < end) {
    const byte: u32 = load<u8>(address);
    if (byte == 0x2c || byte == 0x3a || byte == 0x5b || byte == 0x7b) count += 1;
    address += 1;
  }
  return count;
}


@unmanaged
class JsonParser {
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

  private push(kind: JsonKind, content: Bytes): void {
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
    return this.value();
  }

  private memberPart(): bool {
    const container = this.container();
    if (container.count() == this.maxMembers) return this.refuse(JsonError.TOO_MANY_MEMBERS);
    const name = changetype<JsonValue>(this.top);
    if (this.peek() != 0x22 || !this.string()) return this.refuse(JsonError.NOT_JSON);
    if (this.seen(container, name.string())) return this.refuse(JsonError.DUPLICATE_MEMBER);
    container.set(JsonKind.OBJECT, 1, container.count() + 1);
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
