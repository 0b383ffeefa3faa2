import { Arena, List } from "as-bytes";

const FIRST_ROOM: u32 = 4;

/** Different numbers, ascending. Of one attribute there are few: a document has no room for the texts of many lengths. */
@unmanaged
export class Lengths {
  private list: List<u32>;
  private room: u32;
  private arena: Arena;

  static create(arena: Arena): Lengths {
    const lengths = changetype<Lengths>(arena.allocate(offsetof<Lengths>()));
    lengths.list = List.create<u32>(arena, FIRST_ROOM);
    lengths.room = FIRST_ROOM;
    lengths.arena = arena;
    return lengths;
  }

  add(length: u32): void {
    let place = this.list.length;
    while (place > 0 && this.list.at(place - 1) > length) place -= 1;
    if (place > 0 && this.list.at(place - 1) == length) return;
    if (this.list.length == this.room) {
      this.room <<= 1;
      this.list = this.keep(this.arena, this.room);
    }
    this.list.push(length);
    for (let index = this.list.length - 1; index > place; index--)
      this.list.put(index, this.list.at(index - 1));
    this.list.put(place, length);
  }

  /** A copy with this much room, at least as much as it needs. */
  keep(arena: Arena, room: u32 = 0): List<u32> {
    const copy = List.create<u32>(arena, max(room, this.list.length));
    for (let index: u32 = 0; index < this.list.length; index++) copy.push(this.list.at(index));
    return copy;
  }
}
