/** A file that is watched by its path: whatever is there counts, through links and folders that change. */
import { watch, type FSWatcher } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemReason } from "../files/files.ts";

export interface Watching {
  /** The file holds something else; one call at a time. */
  changed(bytes: Buffer): Promise<void>;
  /** It cannot be read any more, said once for each reason. */
  lost(why: string): void;
  /** It can be read again. */
  found(): void;
}

/** Links above the file change without an event in its folder, and some file systems have no events. */
const POLL_MS = 1000;

/** How long a file may be empty or away while it is replaced. */
const SETTLE_MS = 200;

/** Watches until the function that it returns is called. `last` is what the file is known to hold. */
export function watchFile(file: string, last: Buffer, watching: Watching): () => void {
  const path = resolve(file);
  let known = last;
  let lostFor: string | undefined;

  const look = async () => {
    const content = await settled(path);
    if (typeof content === "string") {
      if (content !== lostFor) watching.lost(content);
      lostFor = content;
      return;
    }
    if (lostFor !== undefined) watching.found();
    lostFor = undefined;
    if (content.equals(known)) return;
    known = content;
    await watching.changed(content);
  };

  const wake = oneAtATime(look);
  const timer = setInterval(wake, POLL_MS);
  const events = eventsIn(dirname(path), wake);
  return () => {
    clearInterval(timer);
    events?.close();
  };
}

/** Calls that come while one is running end in a single further one. */
function oneAtATime(call: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      await call();
    } while (again);
    running = false;
  };
  return () => {
    again = true;
    if (!running) void run();
  };
}

/** Of any name: a ConfigMap's files are links through `..data`, and that is what is replaced. */
function eventsIn(folder: string, wake: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, wake);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined; // No watches left: the poll sees it too.
  }
}

/** What the file holds, or why it cannot be read. */
async function settled(path: string): Promise<Buffer | string> {
  const first = await contentOf(path);
  if (typeof first !== "string" && first.length > 0) return first;
  await sleep(SETTLE_MS);
  return contentOf(path);
}

async function contentOf(path: string): Promise<Buffer | string> {
  try {
    if (!(await stat(path)).isFile()) return "no regular file";
    return await readFile(path);
  } catch (error) {
    return systemReason(error);
  }
}
