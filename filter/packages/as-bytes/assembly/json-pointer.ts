import { addressOf, lengthOf, part as slice } from "./bytes";
import { JsonValue } from "./json-value";
import { Writer } from "./writer";

/** Bytes of a member's name that are written at most. */
const MAX_TOKEN_BYTES: u32 = 64;

/** Bytes of a pointer behind which names are left out but for the last, so that what follows it on a line has room. */
const MAX_HEAD_BYTES: u32 = 256;

/**
 * Writes the JSON pointer (RFC 6901) from `root` to `target`, a value or a member's name on the same tape.
 * A name that is left out is `…`.
 */
export function writeJsonPointer(root: JsonValue, target: JsonValue, writer: Writer): void {
  const start = lengthOf(writer.written());
  let value = root;
  while (changetype<usize>(value) != changetype<usize>(target)) {
    const inside = partWith(value, target);
    if (inside === null) return;
    writer.byte(0x2f);
    if (value.isArray()) {
      writer.decimal(indexOf(value, inside));
      value = inside;
    } else {
      value = changetype<usize>(inside) == changetype<usize>(target) ? inside : inside.next();
      const isLast = changetype<usize>(value) == changetype<usize>(target);
      const hasRoom = lengthOf(writer.written()) - start <= MAX_HEAD_BYTES;
      writeToken(inside, isLast || hasRoom ? MAX_TOKEN_BYTES : 0, writer);
    }
  }
}

/** The element, or the name of the member, whose entries include `target`. */
function partWith(container: JsonValue, target: JsonValue): JsonValue | null {
  if (!container.isArray() && !container.isObject()) return null;
  let part = container.first();
  for (let left = container.count(); left > 0; left--) {
    const after = container.isArray() ? part.next() : part.next().next();
    if (changetype<usize>(target) < changetype<usize>(after)) return part;
    part = after;
  }
  return null;
}

function indexOf(array: JsonValue, element: JsonValue): u32 {
  let index: u32 = 0;
  let part = array.first();
  while (changetype<usize>(part) != changetype<usize>(element)) {
    part = part.next();
    index += 1;
  }
  return index;
}

/**
 * A reference token: `~` as `~0`, `/` as `~1`, the rest as in a JSON string (RFC 6901 §5), so that a
 * pointer is one line whatever the name holds; a name over `limit` bytes is cut.
 */
function writeToken(name: JsonValue, limit: u32, writer: Writer): void {
  const bytes = name.string();
  const length = lengthOf(bytes);
  const kept = min(length, limit);
  let start: u32 = 0;
  for (let index: u32 = 0; index < kept; index++) {
    const byte: u32 = load<u8>(addressOf(bytes) + index);
    if (byte != 0x7e && byte != 0x2f) continue;
    writer.escaped(slice(bytes, start, index));
    writer.text(byte == 0x7e ? "~0" : "~1");
    start = index + 1;
  }
  writer.escaped(slice(bytes, start, length), kept - start);
}
