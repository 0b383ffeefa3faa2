import { Arena, Bytes, addressOf, equal, isSpace, lengthOf } from "as-bytes";
import { HeaderTable, isOtherSpelling } from "./header-table";

/** One header line of a request; several of one name are separate lines, in order. */
@unmanaged
export class HeaderLine {
  value: Bytes;
  next: HeaderLine | null;
}

/** A slot holds the first line of a name and the last one, behind which the next goes. */
const SLOT_BYTES: u32 = 8;
const LAST: usize = 4;

/** The lines of one request under every name of a table. */
@unmanaged
export class HeaderLines {
  private table: HeaderTable;
  /** The names of lines, as their values, that are other spellings of guarded names; the latest first. */
  otherSpellings: HeaderLine | null;
  /** A value begins or ends with a space or a tab, which HTTP/2 lets through (RFC 9113 §8.2.1 forbids it) and servers take off. */
  hasSpaceAround: bool;

  static create(table: HeaderTable, arena: Arena): HeaderLines {
    const slots = table.names.length * SLOT_BYTES;
    const lines = changetype<HeaderLines>(arena.allocate(<u32>offsetof<HeaderLines>() + slots));
    lines.table = table;
    return lines;
  }

  /** Takes in a line of the request if the table has its name, or means it by one that it has. */
  collect(name: Bytes, value: Bytes, arena: Arena): void {
    let known = this.table.candidatesFor(name);
    while (known !== null) {
      if (equal(known.text, name)) this.append(known.header, value, arena);
      else if ((known.isGuarded || known.isAliased) && isOtherSpelling(known.text, name)) {
        if (known.isGuarded) this.noteOtherSpelling(name, arena);
        if (known.isAliased) this.append(known.header, value, arena);
      }
      known = known.next;
    }
  }

  private noteOtherSpelling(name: Bytes, arena: Arena): void {
    const line = changetype<HeaderLine>(arena.allocate(offsetof<HeaderLine>()));
    line.value = name;
    line.next = this.otherSpellings;
    this.otherSpellings = line;
  }

  private append(header: u32, value: Bytes, arena: Arena): void {
    const line = changetype<HeaderLine>(arena.allocate(offsetof<HeaderLine>()));
    line.value = value;
    if (beginsOrEndsWithSpace(value)) this.hasSpaceAround = true;
    const slot = this.slot(header);
    const last = load<usize>(slot, LAST);
    store<usize>(last == 0 ? slot : last + offsetof<HeaderLine>("next"), changetype<usize>(line));
    store<usize>(slot, changetype<usize>(line), LAST);
  }

  /** The first line of a header that the table knows, or null. */
  first(header: u32): HeaderLine | null {
    return changetype<HeaderLine | null>(load<usize>(this.slot(header)));
  }

  /** Takes all lines of a header away, for what is read after it was used up. */
  remove(header: u32): void {
    store<usize>(this.slot(header), 0);
    store<usize>(this.slot(header), 0, LAST);
  }

  /** One line in place of all that a header has. */
  set(header: u32, value: Bytes, arena: Arena): void {
    const line = changetype<HeaderLine>(arena.allocate(offsetof<HeaderLine>()));
    line.value = value;
    store<usize>(this.slot(header), changetype<usize>(line));
  }


  @inline
  private slot(header: u32): usize {
    return changetype<usize>(this) + offsetof<HeaderLines>() + <usize>header * SLOT_BYTES;
  }
}

function beginsOrEndsWithSpace(value: Bytes): bool {
  const length = lengthOf(value);
  if (length == 0) return false;
  return isSpace(load<u8>(addressOf(value))) || isSpace(load<u8>(addressOf(value) + length - 1));
}
