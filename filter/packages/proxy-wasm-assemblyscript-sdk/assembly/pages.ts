/** Memory that is never given back: whole pages from the host, and small pieces of them. */

export const PAGE_BYTES: u32 = 65536;

let cursor: usize = 0;
let end: usize = 0;

/** `count` fresh zeroed pages; 0 when the host gives none. */
export function takePages(count: u32): usize {
  const page = memory.grow(<i32>count);
  return page < 0 ? 0 : <usize>page * PAGE_BYTES;
}

/** `size` zeroed bytes for good, 16-byte aligned, at most a page; 0 when the host gives no memory. */
export function takeForGood(size: u32): usize {
  const rounded = (<usize>size + 15) & ~15;
  if (rounded > PAGE_BYTES) return 0;
  if (rounded > end - cursor) {
    const page = takePages(1);
    if (page == 0) return 0;
    cursor = page;
    end = page + PAGE_BYTES;
  }
  const address = cursor;
  cursor += rounded;
  return address;
}
