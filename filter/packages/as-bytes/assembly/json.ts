import { Arena } from "./arena";
import { Bytes, addressOf, lengthOf } from "./bytes";
import { JsonError, JsonParser } from "./json-parser";
import { JsonValue } from "./json-value";
import { isUtf8 } from "./utf8";

/**
 * What became of a text. With an error `position` is the byte that was refused, and `at` the value on the
 * tape that the text came to, or null; `root` leads there, and to nothing else that may be used.
 */
@unmanaged
export class JsonText {
  error: JsonError;
  position: u32;
  root: JsonValue;
  at: JsonValue | null;
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
  parser.tape = arena.take((2 + countOpenings(text)) * <u32>offsetof<JsonValue>());
  parser.top = parser.tape;
  parser.open = arena.take((maxDepth + 1) * sizeof<usize>());
  parser.names = arena.take((maxDepth + 1) * sizeof<u64>());
  parser.parse();
  result.error = parser.error;
  if (parser.error != JsonError.NONE) result.at = parser.abandon();
  result.position = <u32>(parser.cursor - addressOf(text));
  result.root = changetype<JsonValue>(parser.tape);
  return result;
}

/** Every value and every name but the root follows one of `[ { , :`, so this bounds the tape but for a value that is missing. */
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
