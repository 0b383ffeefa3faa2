import { Arena, Bytes, List, addressOf, equal, lengthOf } from "as-bytes";

/** Most header names that one document may read. */
export const MAX_HEADER_NAMES: u32 = 100;

/** What `intern` answers when the table is full. */
export const NO_HEADER: u32 = u32.MAX_VALUE;

/** The header names that a document reads, each known by a number. */
@unmanaged
export class HeaderTable {
  names: List<Bytes>;

  static create(arena: Arena): HeaderTable {
    const table = changetype<HeaderTable>(arena.allocate(offsetof<HeaderTable>()));
    table.names = List.create<Bytes>(arena, MAX_HEADER_NAMES);
    return table;
  }

  /** The number of `name`, a lower-case one: proxies hand names over in lower case. */
  intern(name: Bytes): u32 {
    const known = this.find(name);
    if (known != NO_HEADER) return known;
    return this.names.push(name) ? this.names.length - 1 : NO_HEADER;
  }

  find(name: Bytes): u32 {
    const names = this.names;
    for (let index: u32 = 0; index < names.length; index++) {
      if (equal(names.at(index), name)) return index;
    }
    return NO_HEADER;
  }
}

/** One header line of a request; several of one name are separate lines, in order. */
@unmanaged
export class HeaderLine {
  value: Bytes;
  next: HeaderLine | null;
}

/** The lines of one request under every name of a table. */
@unmanaged
export class HeaderLines {
  private table: HeaderTable;

  static create(table: HeaderTable, arena: Arena): HeaderLines {
    const slots = table.names.length * <u32>sizeof<usize>();
    const lines = changetype<HeaderLines>(arena.allocate(<u32>offsetof<HeaderLines>() + slots));
    lines.table = table;
    return lines;
  }

  /** Takes in a line of the request if the table has its name. */
  collect(name: Bytes, value: Bytes, arena: Arena): void {
    const header = this.table.find(name);
    if (header == NO_HEADER) return;
    const line = changetype<HeaderLine>(arena.allocate(offsetof<HeaderLine>()));
    line.value = value;
    let slot = this.slot(header);
    let last = load<usize>(slot);
    while (last != 0) {
      slot = last + offsetof<HeaderLine>("next");
      last = load<usize>(slot);
    }
    store<usize>(slot, changetype<usize>(line));
  }

  /** The first line of a header that the table knows, or null. */
  first(header: u32): HeaderLine | null {
    return changetype<HeaderLine | null>(load<usize>(this.slot(header)));
  }

  /** Takes all lines of a header away, for what is read after it was used up. */
  remove(header: u32): void {
    store<usize>(this.slot(header), 0);
  }

  private slot(header: u32): usize {
    return changetype<usize>(this) + offsetof<HeaderLines>() + <usize>header * sizeof<usize>();
  }
}

/** Whether the bytes are a field name, RFC 9110 §5.6.2 `token`. */
export function isFieldName(name: Bytes): bool {
  for (let index: u32 = 0; index < lengthOf(name); index++) {
    if (!isTokenByte(load<u8>(addressOf(name) + index))) return false;
  }
  return lengthOf(name) != 0;
}

function isTokenByte(byte: u32): bool {
  if ((byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10) return true;
  switch (byte) {
    case 0x21: // ! # $ % & ' * + - . ^ _ ` | ~
    case 0x23:
    case 0x24:
    case 0x25:
    case 0x26:
    case 0x27:
    case 0x2a:
    case 0x2b:
    case 0x2d:
    case 0x2e:
    case 0x5e:
    case 0x5f:
    case 0x60:
    case 0x7c:
    case 0x7e:
      return true;
    default:
      return false;
  }
}
