/** Texts at one byte a character in the module, and at two in memory, as AssemblyScript has them. */
import binaryen from "assemblyscript/binaryen";
import type { Segment, Text } from "./static-objects.ts";

const LENGTH_BYTES = 4;
const MAX_U16 = 0xffff;
/** Of a packed text: its distance from the one before in blocks, and its number of characters, each of 16 bits. */
const PREFIX_BYTES = 4;
/** Objects of asc lie in blocks of sixteen bytes. */
const LOG_BLOCK_BYTES = 4;

/**
 * Makes the module's `_initialize` write `texts` before anything else, and returns the segment to read
 * them from. It lies behind all others, in memory that is zeros again afterwards.
 */
export function packTexts(
  module: binaryen.Module,
  texts: readonly Text[],
  segments: readonly Segment[],
): Segment {
  const data = packed(texts);
  const offset = Math.max(
    ...segments.map((segment) => segment.offset + segment.data.length),
    ...texts.map(endOf),
  );
  const start = binaryen.getExportInfo(module.getExport("_initialize")).value;
  const { none } = binaryen;
  addUnpack(module, texts[0]!.offset, offset, data.length);
  const calls = [module.call("unpackTexts", [], none), module.call(start, [], none)];
  module.addFunction("initialize", none, none, [], module.block(null, calls));
  module.removeExport("_initialize");
  module.addFunctionExport("initialize", "_initialize");
  return { offset, data };
}

function endOf({ offset, characters }: Text): number {
  return offset + LENGTH_BYTES + 2 * characters.length;
}

function packed(texts: readonly Text[]): Uint8Array {
  return Uint8Array.from(
    texts.flatMap(({ offset, characters }, index) => {
      const distance = offset - texts[Math.max(index - 1, 0)]!.offset;
      return [
        ...sixteenBits(distance / 2 ** LOG_BLOCK_BYTES),
        ...sixteenBits(characters.length),
        ...characters,
      ];
    }),
  );
}

function sixteenBits(value: number): [number, number] {
  if (!Number.isInteger(value) || value < 0 || value > MAX_U16) {
    throw new Error(`${value} does not fit into the prefix of a packed text`);
  }
  return [value & 0xff, value >> 8];
}

/** Adds a function that writes the packed texts, the first at `target`, and fills where they were with zeros. */
function addUnpack(module: binaryen.Module, target: number, source: number, bytes: number): void {
  const { i32 } = module;
  const [from, to, left, cursor] = [0, 1, 2, 3];
  const get = (local: number) => module.local.get(local, binaryen.i32);
  const advance = (local: number, by: number) => module.local.set(local, i32.add(get(local), by));
  const body = [
    module.local.set(from, i32.const(source)),
    module.local.set(to, i32.const(target)),
    module.loop(
      "texts",
      module.block(null, [
        advance(to, i32.shl(i32.load16_u(0, 1, get(from)), i32.const(LOG_BLOCK_BYTES))),
        module.local.set(left, i32.load16_u(2, 1, get(from))),
        i32.store(0, 4, get(to), i32.shl(get(left), i32.const(1))),
        module.local.set(cursor, get(to)),
        advance(from, i32.const(PREFIX_BYTES)),
        module.loop(
          "characters",
          module.if(
            get(left),
            module.block(null, [
              i32.store16(LENGTH_BYTES, 2, get(cursor), i32.load8_u(0, 1, get(from))),
              advance(cursor, i32.const(2)),
              advance(from, i32.const(1)),
              advance(left, i32.const(-1)),
              module.br("characters"),
            ]),
          ),
        ),
        module.br_if("texts", i32.lt_u(get(from), i32.const(source + bytes))),
      ]),
    ),
    module.memory.fill(i32.const(source), i32.const(0), i32.const(bytes)),
  ];
  const locals = [binaryen.i32, binaryen.i32, binaryen.i32, binaryen.i32];
  module.addFunction("unpackTexts", binaryen.none, binaryen.none, locals, module.block(null, body));
}
