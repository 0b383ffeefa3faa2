/** The static strings and arrays that asc lays out in a module's data segments. */
import binaryen from "assemblyscript/binaryen";

export interface Segment {
  offset: number;
  data: Uint8Array;
}

/** A string of ASCII: its length in bytes stands at `offset`, its UTF-16 behind. */
export interface Text {
  offset: number;
  characters: Uint8Array;
}

const SIZE_BYTES = 4;
const TYPE_BYTES = 4;
const LENGTH_BYTES = 4;
/** What objects hold lies at multiples of sixteen; the size that their header begins with, as far in front. */
const SIZE_IN_BLOCK = 12;
/** From the size to the type: the links between them are zero, and asc parts its segments there. */
const SIZE_TO_TYPE = 12;
const HEADER_BYTES = 16;
const BLOCK_BYTES = 16;
/** The type of strings, the same in every module. */
const STRING = 2;
const LAST_ASCII = 0x7f;

/** As the library of this version has them; its own declarations name others. */
interface DataSegments {
  getNumDataSegments(): number;
  getDataSegmentByIndex(index: number): number;
  getDataSegmentInfo(segment: number): { offset: number | null; data: ArrayBuffer };
}

export function segmentsOf(module: binaryen.Module): Segment[] {
  const library = module as unknown as DataSegments;
  return Array.from({ length: library.getNumDataSegments() }, (_, index) => {
    const { offset, data } = library.getDataSegmentInfo(library.getDataSegmentByIndex(index));
    if (offset === null) throw new Error("a passive data segment, which asc does not write");
    return { offset, data: new Uint8Array(data) };
  });
}

/**
 * The segments without the headers that asc writes in front of each string and array for a garbage
 * collector, a size, two links and a type, and the texts among them, which are in no segment any more.
 * Only the length that follows a header is ever read, and the type of objects that are no strings.
 */
export function withoutHeaders(segments: readonly Segment[]): { segments: Segment[]; texts: Text[] } {
  const kept: Segment[] = [];
  const texts: Text[] = [];
  segments.forEach((segment, index) => {
    if (isSize(segment, segments[index + 1])) return;
    const hasHeader = index > 0 && isSize(segments[index - 1]!, segment);
    if (!hasHeader || littleEndian(segment.data.subarray(0, TYPE_BYTES)) !== STRING) {
      kept.push(segment);
      return;
    }
    const untyped = { offset: segment.offset + TYPE_BYTES, data: segment.data.subarray(TYPE_BYTES) };
    const text = textIn(untyped);
    if (text === null) kept.push(untyped);
    else texts.push(text);
  });
  return { segments: kept, texts };
}

/**
 * Whether the segment is such a size: it stands where one does before the type and the length of an
 * object, and is what the length makes it, that and the header in blocks of sixteen bytes.
 */
function isSize({ offset, data }: Segment, next: Segment | undefined): boolean {
  if (next === undefined || next.offset - offset !== SIZE_TO_TYPE) return false;
  if (offset % BLOCK_BYTES !== SIZE_IN_BLOCK) return false;
  if (data.length > SIZE_BYTES || next.data.length <= TYPE_BYTES) return false;
  const length = littleEndian(next.data.subarray(TYPE_BYTES, TYPE_BYTES + LENGTH_BYTES));
  const withHeader = Math.ceil((length + HEADER_BYTES + SIZE_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  return littleEndian(data) === withHeader - SIZE_BYTES;
}

/**
 * The text of a string's length and UTF-16; null if not all of it is ASCII, and in this segment. Segments
 * leave out the zeros at their end, here half a character, and end in front of many, to go on behind them.
 */
function textIn({ offset, data }: Segment): Text | null {
  const units = new Uint8Array(littleEndian(data.subarray(0, LENGTH_BYTES)));
  if (LENGTH_BYTES + units.length - data.length > 1) return null;
  units.set(data.subarray(LENGTH_BYTES));
  const characters = units.filter((_, index) => index % 2 === 0);
  const isAscii = units.every((byte, index) => (index % 2 === 0 ? byte <= LAST_ASCII : byte === 0));
  return isAscii ? { offset, characters } : null;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
