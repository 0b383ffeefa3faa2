import binaryen from "assemblyscript/binaryen";

/*
 * What asc leaves in a module that nothing needs. In front of each static string and array it writes a
 * header for a garbage collector: a size, two links and a type. The filter has no collector (runtime
 * `stub`), and only the length that follows is ever read.
 */

const SIZE_BYTES = 4;
const TYPE_BYTES = 4;
const LENGTH_BYTES = 4;
/** From the size to the type: the links between them are zero, and asc parts its segments there. */
const SIZE_TO_TYPE = 12;
const HEADER_BYTES = 16;
const BLOCK_BYTES = 16;
/** The type of strings, the same in every module. */
const STRING = 2;

/** What asc may use with the options of `asconfig.json`; the portable module has no relaxed SIMD to keep. */
const { Features } = binaryen;
const FEATURES =
  Features.MutableGlobals |
  Features.SignExt |
  Features.NontrappingFPToInt |
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.SIMD128 |
  Features.RelaxedSIMD;

/** A function with one caller costs less inside it, however long it is. */
const ANY_SIZE = -1;

interface Segment {
  offset: number;
  data: Uint8Array;
}

/**
 * The module without those headers, and optimized once more: asc runs its passes once, and constants that
 * a function uses often are cheaper in a local.
 */
export function shrink(wasm: Uint8Array): Uint8Array {
  const module = binaryen.readBinaryWithFeatures(wasm, FEATURES);
  try {
    const segments = withoutHeaders(segmentsOf(module));
    const { initial, max } = module.getMemoryInfo();
    module.setMemory(
      initial,
      max ?? -1,
      null,
      segments.map(({ offset, data }) => ({ offset: module.i32.const(offset), data })),
    );
    binaryen.setOptimizeLevel(2);
    binaryen.setShrinkLevel(1);
    binaryen.setOneCallerInlineMaxSize(ANY_SIZE);
    module.optimize();
    module.runPasses(["const-hoisting"]);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** As the library of this version has them; its own declarations name others. */
interface DataSegments {
  getNumDataSegments(): number;
  getDataSegmentByIndex(index: number): number;
  getDataSegmentInfo(segment: number): { offset: number | null; data: ArrayBuffer };
}

function segmentsOf(module: binaryen.Module): Segment[] {
  const library = module as unknown as DataSegments;
  return Array.from({ length: library.getNumDataSegments() }, (_, index) => {
    const { offset, data } = library.getDataSegmentInfo(library.getDataSegmentByIndex(index));
    if (offset === null) throw new Error("a passive data segment, which asc does not write");
    return { offset, data: new Uint8Array(data) };
  });
}

function withoutHeaders(segments: readonly Segment[]): Segment[] {
  return segments.flatMap((segment, index) => {
    if (isSize(segment, segments[index + 1])) return [];
    return index > 0 && isSize(segments[index - 1]!, segment) ? [withoutType(segment)] : [segment];
  });
}

/**
 * Whether the segment is such a size: it stands where one does before the type and the length of an
 * object, and is what the length makes it, that and the header in blocks of sixteen bytes.
 */
function isSize({ offset, data }: Segment, next: Segment | undefined): boolean {
  if (next === undefined || next.offset - offset !== SIZE_TO_TYPE) return false;
  if (data.length > SIZE_BYTES || next.data.length <= TYPE_BYTES) return false;
  const length = littleEndian(next.data.subarray(TYPE_BYTES, TYPE_BYTES + LENGTH_BYTES));
  const withHeader = Math.ceil((length + HEADER_BYTES + SIZE_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  return littleEndian(data) === withHeader - SIZE_BYTES;
}

/** Types of other objects can be asked for while a module runs. */
function withoutType({ offset, data }: Segment): Segment {
  if (littleEndian(data.subarray(0, TYPE_BYTES)) !== STRING) return { offset, data };
  return { offset: offset + TYPE_BYTES, data: data.subarray(TYPE_BYTES) };
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
