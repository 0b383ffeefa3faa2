/**
 * Memory by lifetime. An `Arena` hands out zeroed memory by moving a cursor and gives everything
 * back at once; there is no freeing of single things and no garbage collection.
 *
 * Arenas draw on runs of whole 64 KiB pages that come from `memory.grow` and go to a free list, so
 * that a steady load of requests and policy pushes stops growing memory after warm-up.
 *
 * `allocate` never fails: `MAX_PAGES` is a soft limit. A unit of work (one document, one request)
 * is bounded by its own input limits, far below the distance between the soft limit and the host's
 * hard one (Envoy: 1 GiB), so it runs to its end, after which its owner asks `overLimit()` and
 * refuses the work. Only a host that refuses `memory.grow` itself makes it trap.
 */

const PAGE_BYTES: u32 = 65536;

/** Pages that all arenas together may hold before work is refused: 64 MiB. */
export const MAX_PAGES: u32 = 1024;

/** A run of pages; its header stands in its first bytes. */
@unmanaged
class Run {
  /** The next run of the same arena or of the free list. */
  next: Run | null;
  pages: u32;
}

const RUN_HEADER_BYTES: usize = 16;

/** MEASURED: engines call out of the module for `memory.fill`, which for most objects takes longer than to zero them. */
const FEW_BYTES: u32 = 256;

let freeRuns: Run | null = null;
let heldPages: u32 = 0;

/** Pages held by arenas now; what the free list keeps does not count. */
export function pagesHeld(): u32 {
  return heldPages;
}

/** Whether arenas hold more than `MAX_PAGES`: the owner of the latest work must refuse it. */
export function overLimit(): bool {
  return heldPages > MAX_PAGES;
}

/** First fit from the free list, the rest of the run staying free; else fresh pages. */
function takeRun(pages: u32): Run {
  let previous: Run | null = null;
  let run = freeRuns;
  while (run !== null) {
    if (run.pages >= pages) {
      let rest = run.next;
      if (run.pages > pages) {
        const tail = changetype<Run>(changetype<usize>(run) + <usize>pages * PAGE_BYTES);
        tail.pages = run.pages - pages;
        tail.next = rest;
        rest = tail;
        run.pages = pages;
      }
      if (previous === null) freeRuns = rest;
      else previous.next = rest;
      heldPages += pages;
      return run;
    }
    previous = run;
    run = run.next;
  }
  const firstPage = memory.grow(<i32>pages);
  if (firstPage < 0) unreachable();
  const fresh = changetype<Run>(<usize>firstPage * PAGE_BYTES);
  fresh.pages = pages;
  heldPages += pages;
  return fresh;
}

/** Puts a run back in address order and joins it with its neighbors, so that large runs return. */
function giveRun(run: Run): void {
  heldPages -= run.pages;
  let previous: Run | null = null;
  let next = freeRuns;
  while (next !== null && changetype<usize>(next) < changetype<usize>(run)) {
    previous = next;
    next = next.next;
  }
  run.next = next;
  if (next !== null && changetype<usize>(run) + <usize>run.pages * PAGE_BYTES == changetype<usize>(next)) {
    run.pages += next.pages;
    run.next = next.next;
  }
  if (previous === null) {
    freeRuns = run;
  } else if (changetype<usize>(previous) + <usize>previous.pages * PAGE_BYTES == changetype<usize>(run)) {
    previous.pages += run.pages;
    previous.next = run.next;
  } else {
    previous.next = run;
  }
}

/** Everything of one lifetime. Lives in its own first run: `Arena.create()` … `release()`. */
@unmanaged
export class Arena {
  private runs: Run | null;
  private cursor: usize;
  private end: usize;
  private pages: u32;

  /** An arena that wants no more memory for its first `bytes`. */
  static create(bytes: u32 = 0): Arena {
    const run = takeRun(pagesFor(align16(offsetof<Arena>()) + bytes));
    run.next = null;
    const arena = changetype<Arena>(changetype<usize>(run) + RUN_HEADER_BYTES);
    arena.runs = run;
    arena.cursor = changetype<usize>(arena) + align16(offsetof<Arena>());
    arena.end = changetype<usize>(run) + <usize>run.pages * PAGE_BYTES;
    arena.pages = run.pages;
    return arena;
  }

  /** `size` zeroed bytes, 16-byte aligned. Never 0. */
  allocate(size: u32): usize {
    const start = this.take(size);
    if (size > FEW_BYTES) {
      memory.fill(start, 0, size);
      return start;
    }
    const zeros = i64x2.splat(0);
    for (let at = start; at < start + size; at += 16) v128.store(at, zeros);
    return start;
  }

  /** `size` bytes with whatever they held, 16-byte aligned, for a caller that writes them all. Never 0. */
  take(size: u32): usize {
    const rounded = align16(<usize>size);
    let start = this.cursor;
    if (rounded > this.end - start) start = this.addRun(rounded);
    this.cursor = start + rounded;
    return start;
  }

  private addRun(size: usize): usize {
    const pages = pagesFor(size);
    const run = takeRun(pages);
    run.next = this.runs;
    this.runs = run;
    this.pages += pages;
    this.end = changetype<usize>(run) + <usize>pages * PAGE_BYTES;
    return changetype<usize>(run) + RUN_HEADER_BYTES;
  }

  /** Bytes of linear memory that this arena holds. */
  heldBytes(): u32 {
    return this.pages * PAGE_BYTES;
  }

  /** Gives everything back; the arena and all that came from it must not be touched again. */
  release(): void {
    let run = this.runs;
    while (run !== null) {
      const next = run.next;
      giveRun(run);
      run = next;
    }
  }

  /** Gives back all but the first run and starts anew: for a lifetime that repeats. */
  reset(): void {
    let run = this.runs;
    while (run !== null) {
      const next = run.next;
      if (next === null) break;
      this.pages -= run.pages;
      giveRun(run);
      run = next;
    }
    this.runs = run;
    this.cursor = changetype<usize>(this) + align16(offsetof<Arena>());
    this.end = changetype<usize>(run) + <usize>this.pages * PAGE_BYTES;
  }
}

/** Pages of a run for `size` bytes. */
function pagesFor(size: usize): u32 {
  return <u32>((size + RUN_HEADER_BYTES + PAGE_BYTES - 1) / PAGE_BYTES);
}

function align16(size: usize): usize {
  return (size + 15) & ~15;
}
