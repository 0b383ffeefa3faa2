/**
 * The callback arena: the memory behind `malloc`, through which hosts hand data over. Whatever comes
 * from the host, and whatever a filter takes from `malloc`, lives until the outermost callback
 * returns; then the whole arena is empty again. What must live longer has to be copied.
 *
 * The arena consists of blocks of whole pages that it keeps, so that a steady load stops growing
 * memory. Hosts call `malloc` in the middle of their own calls and allow it next to nothing
 * (Envoy: only logging); it calls nothing.
 */
import { takePages, PAGE_BYTES } from "./pages";

/** LIMIT: what one callback may hold, 64 MiB; a host that asks for more gets no memory. */
export const MAX_CALLBACK_BYTES: u32 = 64 << 20;

/** A block's header, in its first bytes. */
@unmanaged
class Block {
  next: Block | null;
  end: usize;
}

const HEADER_BYTES: usize = 16;

let first: Block | null = null;
let current: Block | null = null;
let cursor: usize = 0;
let heldBytes: u32 = 0;

/**
 * `size` bytes, 16-byte aligned, not zeroed; 0 when `size` is 0, beyond the limit, or when the host
 * gives no memory. Hosts take 0 as a failure of the call at hand.
 */
export function malloc(size: usize): usize {
  if (size == 0 || size > MAX_CALLBACK_BYTES) return 0;
  const rounded = (size + 15) & ~15;
  let block = current;
  while (block !== null) {
    if (rounded <= block.end - cursor) {
      const address = cursor;
      cursor += rounded;
      return address;
    }
    block = block.next;
    if (block === null) break;
    current = block;
    cursor = changetype<usize>(block) + HEADER_BYTES;
  }
  return addBlock(rounded);
}

/**
 * Makes a block the last and the current one, and takes `size` bytes from it; 0 without memory. A
 * block is as large as all before it together: were it just as large as needed, values that grow a
 * little each time would leave a block each and use the limit up.
 */
function addBlock(size: usize): usize {
  const needed = <u32>((size + HEADER_BYTES + PAGE_BYTES - 1) / PAGE_BYTES);
  const room = (MAX_CALLBACK_BYTES + PAGE_BYTES - heldBytes) / PAGE_BYTES;
  if (needed > room) return 0;
  const pages = min(max(needed, heldBytes / PAGE_BYTES), room);
  const bytes = pages * PAGE_BYTES;
  const start = takePages(pages);
  if (start == 0) return 0;
  heldBytes += bytes;
  const block = changetype<Block>(start);
  block.next = null;
  block.end = start + bytes;
  const last = current;
  if (last === null) first = block;
  else last.next = block;
  current = block;
  cursor = start + HEADER_BYTES + size;
  return start + HEADER_BYTES;
}

/** Empties the arena: all that came from `malloc` is gone. */
export function resetCallbackMemory(): void {
  const block = first;
  current = block;
  if (block !== null) cursor = changetype<usize>(block) + HEADER_BYTES;
}
