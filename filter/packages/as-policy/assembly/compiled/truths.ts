import { Arena } from "as-bytes";

/** The zero atom: none. */
export const NO_ATOM: u32 = 0;

const FIRST_ROOM: u32 = 64;

/**
 * Which of a document's atoms are true of one request. An atom is a pattern on an attribute, known by
 * its number, from 1.
 */
@unmanaged
export class Truths {
  private bits: usize;
  private arena: Arena;
  /** The true ones in the order in which they were noted, as u32. */
  private list: usize;
  private room: u32;
  count: u32;

  /** Room for atoms up to `atoms`. */
  static create(arena: Arena, atoms: u32): Truths {
    const truths = changetype<Truths>(arena.allocate(offsetof<Truths>()));
    truths.arena = arena;
    truths.bits = arena.allocate(((atoms >> 5) + 1) << 2);
    truths.list = arena.take(FIRST_ROOM << 2);
    truths.room = FIRST_ROOM;
    return truths;
  }

  /** Notes that an atom is true; nothing where it is NO_ATOM. */
  note(atom: u32): void {
    if (atom == NO_ATOM || this.has(atom)) return;
    const word = this.bits + (((<usize>atom) >> 5) << 2);
    store<u32>(word, load<u32>(word) | (1 << (atom & 31)));
    if (this.count == this.room) this.grow();
    store<u32>(this.list + ((<usize>this.count) << 2), atom);
    this.count += 1;
  }

  has(atom: u32): bool {
    return ((load<u32>(this.bits + (((<usize>atom) >> 5) << 2)) >> (atom & 31)) & 1) != 0;
  }

  /** The `index`-th that was noted. */
  @inline
  at(index: u32): u32 {
    return load<u32>(this.list + ((<usize>index) << 2));
  }

  /** Address of the list from its `index`-th entry on. */
  listFrom(index: u32): usize {
    return this.list + ((<usize>index) << 2);
  }

  private grow(): void {
    const list = this.arena.take(this.room << 3);
    memory.copy(list, this.list, this.room << 2);
    this.list = list;
    this.room <<= 1;
  }
}
