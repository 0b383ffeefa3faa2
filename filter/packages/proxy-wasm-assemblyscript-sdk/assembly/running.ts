/** The callback that runs now. Should a host nest callbacks, the outermost one ends with an empty arena. */
import { resetCallbackMemory } from "./callback-memory";
import { StreamContext } from "./contexts";
import { forgetLogLevel } from "./log";

let depth: u32 = 0;
let running: StreamContext | null = null;

/** At the start of each callback; `stream` null for one of a root. */
export function enter(stream: StreamContext | null): void {
  depth++;
  running = stream;
}

/** At the end of each callback. */
export function leave(): void {
  running = null;
  if (--depth != 0) return;
  resetCallbackMemory();
  forgetLogLevel();
}

/** Whether the host acts on this stream now: replies go to the stream whose callback runs. */
export function isRunning(stream: StreamContext): bool {
  return running === stream;
}
