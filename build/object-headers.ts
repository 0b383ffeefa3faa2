/**
 * asc writes a header for a garbage collector in front of every static string and array: a size that
 * only a collector reads, in a data segment of its own. The filter has no collector (runtime `stub`), so
 * those segments go, which is two hundredths of the module.
 */

const DATA = 11;
const DATA_COUNT = 12;

/** From the size to the type that follows it: two words for the collector's links, which are zero. */
const SIZE_TO_TYPE = 12;
const SIZE_BYTES = 4;
const TYPE_BYTES = 4;
const HEADER_BYTES = 16;
const BLOCK_BYTES = 16;

interface Segment {
  /** As it stands in the section. */
  bytes: Uint8Array;
  offset: number;
  content: Uint8Array;
}

/** The module without those segments. */
export function dropObjectHeaders(wasm: Uint8Array): Uint8Array {
  const reader = new Reader(wasm, 8);
  const parts: Uint8Array[] = [wasm.subarray(0, 8)];
  const sections: { id: number; body: Uint8Array }[] = [];
  while (reader.at < wasm.length) {
    const id = wasm[reader.at++]!;
    sections.push({ id, body: reader.take(reader.unsigned()) });
  }
  const data = sections.find(({ id }) => id === DATA);
  if (data === undefined) return wasm;
  const segments = readSegments(data.body);
  const kept = segments.filter((segment, index) => !isSize(segment, segments[index + 1]));
  data.body = concatenated([unsigned(kept.length), ...kept.map(({ bytes }) => bytes)]);
  const count = sections.find(({ id }) => id === DATA_COUNT);
  if (count !== undefined) count.body = unsigned(kept.length);
  for (const { id, body } of sections) parts.push(Uint8Array.of(id), unsigned(body.length), body);
  return concatenated(parts);
}

/**
 * Whether the segment is such a size: it stands where one does before the type and the length of an
 * object, and is what the length makes it, that and the header in blocks of sixteen bytes.
 */
function isSize({ offset, content }: Segment, next: Segment | undefined): boolean {
  if (next === undefined || next.offset - offset !== SIZE_TO_TYPE) return false;
  if (content.length > SIZE_BYTES || next.content.length <= TYPE_BYTES) return false;
  const length = littleEndian(next.content.subarray(TYPE_BYTES, TYPE_BYTES + SIZE_BYTES));
  const withHeader = Math.ceil((length + HEADER_BYTES + SIZE_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  return littleEndian(content) === withHeader - SIZE_BYTES;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

/** Active segments of memory 0 with a constant address, the only ones that asc writes. */
function readSegments(body: Uint8Array): Segment[] {
  const reader = new Reader(body, 0);
  return Array.from({ length: reader.unsigned() }, () => {
    const start = reader.at;
    if (body[reader.at++] !== 0 || body[reader.at++] !== 0x41)
      throw new Error("a data segment of another kind");
    const offset = reader.signed();
    if (body[reader.at++] !== 0x0b) throw new Error("a data segment with a computed address");
    const content = reader.take(reader.unsigned());
    return { bytes: body.subarray(start, reader.at), offset, content };
  });
}

/** LEB128 (WebAssembly Core §5.2.2). */
class Reader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  unsigned(): number {
    return this.#read().value;
  }

  signed(): number {
    const { value, bits } = this.#read();
    return bits < 32 && value >= 2 ** (bits - 1) ? value - 2 ** bits : value | 0;
  }

  #read(): { value: number; bits: number } {
    let value = 0;
    let bits = 0;
    let byte: number;
    do {
      byte = this.#bytes[this.at++]!;
      value += (byte & 0x7f) * 2 ** bits;
      bits += 7;
    } while (byte >= 0x80);
    return { value, bits };
  }
}

function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest !== 0);
  return Uint8Array.from(bytes);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
