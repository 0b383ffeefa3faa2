/**
 * Contexts: a root context is one configuration in force, a stream context is one request. The host
 * names them by number; several roots live in one VM at a time (an old configuration drains while a
 * new one serves), so a filter keeps all state with its root.
 */
import { PAGE_BYTES, takePages } from "./pages";

/** What a stream may still do; see `reply.ts`. */
export const enum Phase {
  /** It may be answered or closed, once. */
  OPEN = 0,
  /** It was. */
  ANSWERED = 1,
  /** Its log, done or delete callback has begun: hosts crash if it is answered or closed now. */
  ENDED = 2,
}


@unmanaged
class Context {
  /** The host's number; 0 for none. */
  readonly id: u32;
  isRoot: bool;
  /** Streams that refer to this root; its memory is reused only when there is none. */
  streams: u32;
  /** The filter's own: an address or a number. 0 at first. */
  data: usize;
}


@unmanaged
export class RootContext extends Context {}


@unmanaged
export class StreamContext extends Context {
  readonly root: RootContext;
  /** The SDK's own. */
  phase: Phase;
}

/** Room for either kind; unused ones form a list through their first bytes. */
const CONTEXT_BYTES: u32 = 32;

let unused: usize = 0;

function takeContext(): Context | null {
  if (unused == 0) {
    const page = takePages(1);
    if (page == 0) return null;
    for (let at = page; at < page + PAGE_BYTES; at += CONTEXT_BYTES) giveContext(at);
  }
  const address = unused;
  unused = load<usize>(address);
  memory.fill(address, 0, CONTEXT_BYTES);
  return changetype<Context>(address);
}

function giveContext(address: usize): void {
  store<usize>(address, unused);
  unused = address;
}

// The table from id to context: open addressing with linear probing, at most half full. Ids come
// from a counter of the host, so that the id itself spreads well.

const FIRST_PAGES: u32 = 1;
const SLOT_BYTES: u32 = 4;

let slots: usize = 0;
let capacity: u32 = 0;
let used: u32 = 0;

/** The slot of `id`, or the empty one where it belongs. */
function slotOf(id: u32): usize {
  const mask = capacity - 1;
  let index = id & mask;
  while (true) {
    const slot = slots + <usize>index * SLOT_BYTES;
    const address = load<u32>(slot);
    if (address == 0 || changetype<Context>(<usize>address).id == id) return slot;
    index = (index + 1) & mask;
  }
}

function find(id: u32): Context | null {
  if (capacity == 0) return null;
  return changetype<Context | null>(<usize>load<u32>(slotOf(id)));
}

/** Room for one more; false when the host gives no memory. The old table's pages go to the contexts. */
function reserve(): bool {
  if ((used + 1) * 2 <= capacity) return true;
  const pages = capacity == 0 ? FIRST_PAGES : (capacity * SLOT_BYTES * 2) / PAGE_BYTES;
  const fresh = takePages(pages);
  if (fresh == 0) return false;
  const old = slots;
  const oldEnd = old + <usize>capacity * SLOT_BYTES;
  slots = fresh;
  capacity = (pages * PAGE_BYTES) / SLOT_BYTES;
  for (let slot = old; slot < oldEnd; slot += SLOT_BYTES) {
    const address = load<u32>(slot);
    if (address != 0) store<u32>(slotOf(changetype<Context>(<usize>address).id), address);
  }
  for (let at = old; at < oldEnd; at += CONTEXT_BYTES) giveContext(at);
  return true;
}

/** Empties a slot and closes the gap, so that every chain of probes stays whole. */
function emptySlot(hole: usize): void {
  const mask = capacity - 1;
  let gap = <u32>((hole - slots) / SLOT_BYTES);
  let index = gap;
  used--;
  while (true) {
    index = (index + 1) & mask;
    const address = load<u32>(slots + <usize>index * SLOT_BYTES);
    if (address == 0) break;
    const home = changetype<Context>(<usize>address).id & mask;
    if (((index - home) & mask) >= ((index - gap) & mask)) {
      store<u32>(slots + <usize>gap * SLOT_BYTES, address);
      gap = index;
    }
  }
  store<u32>(slots + <usize>gap * SLOT_BYTES, 0);
}

function create(id: u32): Context | null {
  if (id == 0) return null;
  removeContext(id);
  if (!reserve()) return null;
  const context = takeContext();
  if (context === null) return null;
  store<u32>(changetype<usize>(context), id, offsetof<Context>("id"));
  store<u32>(slotOf(id), <u32>changetype<usize>(context));
  used++;
  return context;
}

export function createRoot(id: u32): void {
  const context = create(id);
  if (context !== null) context.isRoot = true;
}

/** A stream of the root `rootId`; of none where there is no such root. Null without memory. */
export function createStream(id: u32, rootId: u32): StreamContext | null {
  const context = create(id);
  if (context === null) return null;
  const stream = changetype<StreamContext>(context);
  const root = findRoot(rootId);
  if (root !== null) {
    root.streams++;
    store<usize>(changetype<usize>(stream), changetype<usize>(root), offsetof<StreamContext>("root"));
  }
  return stream;
}

export function findRoot(id: u32): RootContext | null {
  const context = find(id);
  return context !== null && context.isRoot ? changetype<RootContext>(context) : null;
}

export function findStream(id: u32): StreamContext | null {
  const context = find(id);
  return context !== null && !context.isRoot ? changetype<StreamContext>(context) : null;
}

/** Whether the stream belongs to a root that the host has not deleted. */
export function hasRoot(stream: StreamContext): bool {
  const root = changetype<usize>(stream.root);
  return root != 0 && changetype<RootContext>(root).isRoot;
}

/** Forgets `id`; nothing to do for an unknown one. */
export function removeContext(id: u32): void {
  const context = find(id);
  if (context === null) return;
  emptySlot(slotOf(id));
  const address = changetype<usize>(context);
  if (context.isRoot) {
    context.isRoot = false;
    if (context.streams == 0) giveContext(address);
    return;
  }
  const root = changetype<Context | null>(changetype<usize>(changetype<StreamContext>(context).root));
  giveContext(address);
  if (root === null) return;
  root.streams--;
  if (root.streams == 0 && !root.isRoot) giveContext(changetype<usize>(root));
}
