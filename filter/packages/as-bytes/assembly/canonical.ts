import { Arena } from "./arena";
import { Bytes, addressOf, lengthOf } from "./bytes";
import { JsonKind, JsonValue } from "./json-value";
import { Writer } from "./writer";

/**
 * A byte form of a parsed text that does not depend on spelling: for each value a type byte, a
 * little-endian u32 length or count, the content. Numbers are big-endian binary64 with -0 as 0,
 * members stand in the order of their names' bytes.
 *
 * Bytes of it: 5 a value at most, 13 a number, and the strings, hence the bound on the buffer.
 */
export function canonicalForm(
  root: JsonValue,
  textLength: u32,
  except: JsonValue | null,
  arena: Arena,
): Bytes {
  const writer = Writer.create(arena, root.size * 13 + textLength);
  writeValue(root, except, writer, arena);
  return writer.written();
}

/** `except`: the name of a member of the root that does not count. Depth is bounded by the parser's limit. */
function writeValue(value: JsonValue, except: JsonValue | null, writer: Writer, arena: Arena): void {
  writer.byte(<u32>value.kind);
  switch (value.kind) {
    case JsonKind.STRING:
      writeString(value.string(), writer);
      break;
    case JsonKind.NUMBER: {
      const number = value.number();
      writeU32(8, writer);
      writeU64BigEndian(reinterpret<u64>(number == 0 ? 0.0 : number), writer);
      break;
    }
    case JsonKind.ARRAY: {
      writeU32(value.count(), writer);
      let element = value.first();
      for (let left = value.count(); left > 0; left--) {
        writeValue(element, null, writer, arena);
        element = element.next();
      }
      break;
    }
    case JsonKind.OBJECT:
      writeObject(value, except, writer, arena);
      break;
    default:
      writeU32(0, writer);
  }
}

function writeObject(object: JsonValue, except: JsonValue | null, writer: Writer, arena: Arena): void {
  const names = arena.take(object.count() * sizeof<usize>());
  let count: u32 = 0;
  let name = object.first();
  for (let left = object.count(); left > 0; left--) {
    if (except === null || changetype<usize>(name) != changetype<usize>(except)) {
      insertSorted(names, count, name);
      count += 1;
    }
    name = name.next().next();
  }
  writeU32(count, writer);
  for (let index: u32 = 0; index < count; index++) {
    const member = changetype<JsonValue>(load<usize>(names + index * sizeof<usize>()));
    writeString(member.string(), writer);
    writeValue(member.next(), null, writer, arena);
  }
}

/** Insertion sort: objects are short, and their members limited by the parser. */
function insertSorted(names: usize, count: u32, name: JsonValue): void {
  let place = count;
  while (place > 0) {
    const before = changetype<JsonValue>(load<usize>(names + (place - 1) * sizeof<usize>()));
    if (isBefore(before.string(), name.string())) break;
    store<usize>(names + place * sizeof<usize>(), changetype<usize>(before));
    place -= 1;
  }
  store<usize>(names + place * sizeof<usize>(), changetype<usize>(name));
}

function isBefore(left: Bytes, right: Bytes): bool {
  const leftLength = lengthOf(left);
  const rightLength = lengthOf(right);
  const shared = min(leftLength, rightLength);
  for (let index: u32 = 0; index < shared; index++) {
    const a = load<u8>(addressOf(left) + index);
    const b = load<u8>(addressOf(right) + index);
    if (a != b) return a < b;
  }
  return leftLength < rightLength;
}

function writeString(bytes: Bytes, writer: Writer): void {
  writeU32(lengthOf(bytes), writer);
  writer.bytes(bytes);
}

function writeU32(value: u32, writer: Writer): void {
  for (let shift: u32 = 0; shift < 32; shift += 8) writer.byte(value >> shift);
}

function writeU64BigEndian(value: u64, writer: Writer): void {
  for (let shift: i32 = 56; shift >= 0; shift -= 8) writer.byte(<u32>(value >> shift));
}
