import { Arena, Writer, addressOf, lengthOf } from "as-bytes";
import { LogLevel, log } from "proxy-wasm-assemblyscript-sdk";

const LINE_BYTES: u32 = 128;

/** Says in the proxy's log why this VM refuses every request; `why` is a literal of at most 100 characters. */
export function reportNotReady(why: string): void {
  const arena = Arena.create();
  const writer = Writer.create(arena, LINE_BYTES);
  writer.text("lictor not ready: ");
  writer.text(why);
  const line = writer.written();
  log(LogLevel.ERROR, addressOf(line), lengthOf(line));
  arena.release();
}
