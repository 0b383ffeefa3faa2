/** as-bytes for tests: every function by address and length. */
import {
  Arena,
  Bytes,
  JsonError,
  JsonKind,
  JsonValue,
  Writer,
  bytesAt,
  canonicalForm,
  decimalToDouble,
  decodeBase64Url,
  isUtf8,
  overLimit,
  pagesHeld,
  parseJson,
  writeJsonPointer,
} from "as-bytes";

const arena = Arena.create();

export function take(size: u32): usize {
  return arena.allocate(size);
}

export function reset(): void {
  arena.reset();
}

export function utf8(address: usize, length: u32): bool {
  return isUtf8(bytesAt(address, length));
}

/** The decoded bytes as one value, 0 where refused. */
export function base64url(address: usize, length: u32): Bytes {
  return decodeBase64Url(bytesAt(address, length), arena.take(length + 1));
}

export function double(address: usize, length: u32): f64 {
  return decimalToDouble(bytesAt(address, length));
}

export function jsonError(address: usize, length: u32, depth: u32, members: u32): JsonError {
  return parseJson(bytesAt(address, length), arena, depth, members).error;
}

/** The parsed text written out again, without white space. */
export function jsonPrinted(address: usize, length: u32): Bytes {
  const text = parseJson(bytesAt(address, length), arena, 64, 512);
  if (text.error != JsonError.NONE) return 0;
  const writer = Writer.create(arena, length * 6 + 64);
  print(text.root, writer);
  return writer.written();
}

export function jsonCanonical(address: usize, length: u32): Bytes {
  const text = parseJson(bytesAt(address, length), arena, 64, 512);
  return text.error == JsonError.NONE ? canonicalForm(text.root, length, null, arena) : 0;
}

/** The pointer to the last entry of the tape. */
export function jsonLastPointer(address: usize, length: u32): Bytes {
  const text = parseJson(bytesAt(address, length), arena, 64, 512);
  const writer = Writer.create(arena, length * 2 + 64);
  const last = changetype<JsonValue>(
    changetype<usize>(text.root) + (text.root.size - 1) * offsetof<JsonValue>(),
  );
  writeJsonPointer(text.root, last, writer);
  return writer.written();
}

export function escaped(address: usize, length: u32, limit: u32): Bytes {
  const writer = Writer.create(arena, length * 6 + 64);
  writer.jsonString(bytesAt(address, length), limit);
  return writer.written();
}

/** Takes and gives arenas of the given size; pages that remain held. */
export function arenaCycle(size: u32, rounds: u32): u32 {
  const before = pagesHeld();
  for (let round: u32 = 0; round < rounds; round++) {
    const one = Arena.create();
    const two = Arena.create();
    memory.fill(one.take(size), 0xff, size);
    memory.fill(two.take(size * 2), 0xff, size * 2);
    const zeroed = two.allocate(size);
    for (let index: u32 = 0; index < size; index++) if (load<u8>(zeroed + index) != 0) return u32.MAX_VALUE;
    one.release();
    two.release();
  }
  return pagesHeld() - before;
}

/** Whether so many pages, held by all arenas together, are over the limit, 0 or 1; 2 where they cannot be held. */
export function overLimitWith(pages: u32): u32 {
  const filler = Arena.create();
  // A run of pages has a header in its first 16 bytes.
  filler.take((pages - pagesHeld()) * 65536 - 16);
  const over: u32 = pagesHeld() != pages ? 2 : overLimit() ? 1 : 0;
  filler.release();
  return over;
}

function print(value: JsonValue, writer: Writer): void {
  switch (value.kind) {
    case JsonKind.NULL:
      writer.text("null");
      break;
    case JsonKind.TRUE:
      writer.text("true");
      break;
    case JsonKind.FALSE:
      writer.text("false");
      break;
    case JsonKind.NUMBER:
      writer.text('"');
      writer.decimal(reinterpret<u64>(value.number()));
      writer.text('"');
      break;
    case JsonKind.STRING:
      writer.jsonString(value.string());
      break;
    default: {
      const object = value.isObject();
      writer.byte(object ? 0x7b : 0x5b);
      let part = value.first();
      for (let left = value.count(); left > 0; left--) {
        if (object) {
          writer.jsonString(part.string());
          writer.byte(0x3a);
          part = part.next();
        }
        print(part, writer);
        if (left > 1) writer.byte(0x2c);
        part = part.next();
      }
      writer.byte(object ? 0x7d : 0x5d);
    }
  }
}
