import { Bytes, addressOf, bytesAt, lengthOf } from "./bytes";
import { JsonKind, JsonValue } from "./json-value";

/** Bytes of memory that `copyJson` needs for the value. */
export function jsonCopyBytes(value: JsonValue): u32 {
  let total: u32 = value.size * <u32>offsetof<JsonValue>();
  let entry = value;
  for (let left = value.size; left > 0; left--) {
    if (hasText(entry)) total += lengthOf(entry.text());
    entry = entry.first();
  }
  return total;
}

/** Copies a value, strings and all, into memory at `target`, so that it outlives the text it came from. */
export function copyJson(value: JsonValue, target: usize): JsonValue {
  const size = <usize>value.size * offsetof<JsonValue>();
  memory.copy(target, changetype<usize>(value), size);
  let strings = target + size;
  let entry = changetype<JsonValue>(target);
  for (let left = value.size; left > 0; left--) {
    if (hasText(entry)) {
      const text: Bytes = entry.text();
      memory.copy(strings, addressOf(text), lengthOf(text));
      entry.set(entry.kind, entry.size, bytesAt(strings, lengthOf(text)));
      strings += lengthOf(text);
    }
    entry = entry.first();
  }
  return changetype<JsonValue>(target);
}

function hasText(entry: JsonValue): bool {
  return entry.kind == JsonKind.STRING || entry.kind == JsonKind.NUMBER;
}
