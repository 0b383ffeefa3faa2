import { Arena } from "./arena";

/** A block of a region: free or taken, with the block before it known by its size. */
@unmanaged
class Block {
  /** Bytes of the block, header included; a multiple of 16. */
  size: u32;
  /** Of the block right before; 0 for the first. */
  sizeBefore: u32;
  taken: bool;
}

const HEADER_BYTES: u32 = 16;

/**
 * A fixed run of memory whose parts are taken and given back in any order, free neighbors joined.
 * `take` answers 0 where no gap is large enough: the owner gives something back and asks again.
 */
@unmanaged
export class Region {
  private start: usize;
  private end: usize;
  /** Where the latest search stopped: the next begins there (next fit). */
  private rover: usize;

  static create(arena: Arena, bytes: u32): Region {
    const region = changetype<Region>(arena.allocate(offsetof<Region>()));
    const size = bytes & ~15;
    region.start = arena.take(size);
    region.end = region.start + size;
    region.rover = region.start;
    const whole = changetype<Block>(region.start);
    whole.size = size;
    whole.sizeBefore = 0;
    whole.taken = false;
    return region;
  }

  /** `bytes` of memory with whatever it held, 16-byte aligned, or 0. Time: one walk over the blocks at most. */
  take(bytes: u32): usize {
    const size = (bytes + HEADER_BYTES + 15) & ~15;
    let address = this.rover;
    let wrapped = false;
    while (true) {
      const block = changetype<Block>(address);
      if (!block.taken && block.size >= size) return this.cut(address, size);
      address += block.size;
      if (wrapped && address > this.rover) return 0;
      if (address == this.end) {
        if (wrapped) return 0;
        wrapped = true;
        address = this.start;
      }
    }
  }

  /** Gives back what `take` gave. */
  give(memory: usize): void {
    let address = memory - HEADER_BYTES;
    const block = changetype<Block>(address);
    block.taken = false;
    const next = address + block.size;
    if (next < this.end && !changetype<Block>(next).taken) {
      if (this.rover == next) this.rover = address;
      block.size += changetype<Block>(next).size;
    }
    if (block.sizeBefore != 0) {
      const before = changetype<Block>(address - block.sizeBefore);
      if (!before.taken) {
        if (this.rover == address) this.rover = changetype<usize>(before);
        before.size += block.size;
        address = changetype<usize>(before);
      }
    }
    this.tellNext(address);
  }

  /** Takes the front of a free block, the rest of it staying free where a block fits in it. */
  private cut(address: usize, size: u32): usize {
    const block = changetype<Block>(address);
    const rest = block.size - size;
    block.taken = true;
    if (rest > HEADER_BYTES) {
      block.size = size;
      const tail = changetype<Block>(address + size);
      tail.size = rest;
      tail.taken = false;
      this.tellNext(address);
      this.tellNext(address + size);
      this.rover = address + size;
    } else {
      this.rover = address;
    }
    return address + HEADER_BYTES;
  }

  /** Writes the size of the block at `address` into the one after it. */
  private tellNext(address: usize): void {
    const size = changetype<Block>(address).size;
    if (address + size < this.end) changetype<Block>(address + size).sizeBefore = size;
  }
}
