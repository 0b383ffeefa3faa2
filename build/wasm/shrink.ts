import binaryen from "assemblyscript/binaryen";
import { packTexts } from "./pack-texts.ts";
import { segmentsOf, withoutHeaders } from "./static-objects.ts";

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

const PAGE_BYTES = 65_536;

/** A function with one caller costs less inside it, however long it is. */
const ANY_SIZE = -1;

/**
 * The module without what nothing needs: headers for a collector that it does not have (runtime `stub`),
 * zeros between the letters of its texts, and what one more optimization finds, since asc runs its passes
 * once, and constants that a function uses often are cheaper in a local.
 */
export function shrink(wasm: Uint8Array): Uint8Array {
  const module = binaryen.readBinaryWithFeatures(wasm, FEATURES);
  try {
    const { segments, texts } = withoutHeaders(segmentsOf(module));
    if (texts.length > 0) segments.push(packTexts(module, texts, segments));
    const { initial, max } = module.getMemoryInfo();
    const end = Math.max(...segments.map(({ offset, data }) => offset + data.length));
    module.setMemory(
      Math.max(initial, Math.ceil(end / PAGE_BYTES)),
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
