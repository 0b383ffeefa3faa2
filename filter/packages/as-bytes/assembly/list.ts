import { Arena } from "./arena";

/** A list of fixed room in an arena; `T` is a number type or an unmanaged class. */
@unmanaged
export class List<T> {
  length: u32;
  private room: u32;

  static create<T>(arena: Arena, room: u32): List<T> {
    const list = changetype<List<T>>(arena.allocate(<u32>HEADER_BYTES + room * <u32>sizeof<T>()));
    list.room = room;
    return list;
  }

  /** The element at `index`; the caller guarantees index < length. */
  @inline
  at(index: u32): T {
    return load<T>(changetype<usize>(this) + HEADER_BYTES + <usize>index * sizeof<T>());
  }

  /** Appends, unless the list is full: whether it did. */
  push(element: T): bool {
    if (this.length == this.room) return false;
    store<T>(changetype<usize>(this) + HEADER_BYTES + <usize>this.length * sizeof<T>(), element);
    this.length += 1;
    return true;
  }

  /** Replaces the element at `index`; the caller guarantees index < length. */
  put(index: u32, element: T): void {
    store<T>(changetype<usize>(this) + HEADER_BYTES + <usize>index * sizeof<T>(), element);
  }

  clear(): void {
    this.length = 0;
  }
}

const HEADER_BYTES: usize = 8;
