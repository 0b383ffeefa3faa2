import {
  Arena,
  Bytes,
  List,
  addressOf,
  copyBytes,
  equal,
  isDigit,
  isLetter,
  isSpace,
  lengthOf,
} from "as-bytes";

/** Most header names that one document may read. */
export const MAX_HEADER_NAMES: u32 = 100;

/** What `intern` answers when the table is full. */
export const NO_HEADER: u32 = u32.MAX_VALUE;

/** The header names that a document reads, each known by a number. */
@unmanaged
export class HeaderTable {
  names: List<Bytes>;
  private arena: Arena;
  /** Names from the first number up to the second count in spellings with `_` for `-` too. */
  private aliasedFrom: u32;
  private aliasedEnd: u32;
  /** Bit n: some name has n bytes; bit 63: or more. Most headers of a request are none of ours, and go no further. */
  private lengths: u64;
  /** Bit n: name n is guarded; bit 63: one from there up, and all of them are taken for it. */
  private guarded: u64;
  private guardedLengths: u64;

  static create(arena: Arena): HeaderTable {
    const table = changetype<HeaderTable>(arena.allocate(offsetof<HeaderTable>()));
    table.arena = arena;
    table.names = List.create<Bytes>(arena, MAX_HEADER_NAMES);
    return table;
  }

  /** The number of `name`, a lower-case one, of which the table keeps a copy: proxies hand names over in lower case. */
  intern(name: Bytes): u32 {
    const known = this.find(name);
    if (known != NO_HEADER) return known;
    if (!this.names.push(copyBytes(name, this.arena))) return NO_HEADER;
    this.lengths |= lengthBit(name);
    return this.names.length - 1;
  }

  /** False: no name and no other spelling of one is as long as `name`. */
  mayKnow(name: Bytes): bool {
    return (this.lengths & lengthBit(name)) != 0;
  }

  find(name: Bytes): u32 {
    const names = this.names;
    for (let index: u32 = 0; index < names.length; index++) {
      if (equal(names.at(index), name)) return index;
    }
    return NO_HEADER;
  }

  /**
   * From now on, lines whose name is one of these with `_` for some `-` count under it too: servers
   * that hand headers on as variables (CGI, RFC 3875 §4.1.18; WSGI, PHP) take both for the same one.
   */
  alias(from: u32, end: u32): void {
    this.aliasedFrom = from;
    this.aliasedEnd = end;
  }

  /**
   * Lines in any other spelling of this name are noted by `HeaderLines` from now on. False where the name is
   * itself another spelling of a guarded one: no request could have both.
   */
  guard(header: u32): bool {
    const name = this.names.at(header);
    if (!hasMark(name)) return true;
    if (this.isGuarded(name)) return false;
    this.guarded |= (<u64>1) << min<u64>(header, 63);
    this.guardedLengths |= lengthBit(name);
    return true;
  }

  /** Whether `name` is another spelling of a guarded one. */
  isGuarded(name: Bytes): bool {
    if ((this.guardedLengths & lengthBit(name)) == 0) return false;
    for (let index: u32 = 0; index < this.names.length; index++) {
      const isMeant = ((this.guarded >> min<u64>(index, 63)) & 1) != 0;
      if (isMeant && isOtherSpelling(this.names.at(index), name)) return true;
    }
    return false;
  }

  /** The number of the name that `name` is another spelling of, or `NO_HEADER`. */
  findAlias(name: Bytes): u32 {
    for (let index = this.aliasedFrom; index < this.aliasedEnd; index++) {
      if (isOtherSpelling(this.names.at(index), name)) return index;
    }
    return NO_HEADER;
  }
}


@inline
function lengthBit(name: Bytes): u64 {
  return (<u64>1) << min<u64>(lengthOf(name), 63);
}

/**
 * Whether both are the same but for what is neither letter nor digit, and differ there: servers that hand
 * headers on as variables (CGI, RFC 3875 §4.1.18) have `_` for all of that.
 */
function isOtherSpelling(name: Bytes, spelling: Bytes): bool {
  if (lengthOf(name) != lengthOf(spelling)) return false;
  let differs = false;
  for (let index: u32 = 0; index < lengthOf(name); index++) {
    const expected: u32 = load<u8>(addressOf(name) + index);
    const byte: u32 = load<u8>(addressOf(spelling) + index);
    if (byte == expected) continue;
    if (!isMark(byte) || !isMark(expected)) return false;
    differs = true;
  }
  return differs;
}

/** Only such a name has another spelling. */
function hasMark(name: Bytes): bool {
  for (let index: u32 = 0; index < lengthOf(name); index++) {
    if (isMark(load<u8>(addressOf(name) + index))) return true;
  }
  return false;
}

/** The colon of pseudo-headers is none. */
function isMark(byte: u32): bool {
  return !isLetter(byte) && !isDigit(byte) && byte != 0x3a;
}

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

  /** Takes in a line of the request if the table has its name. */
  collect(name: Bytes, value: Bytes, arena: Arena): void {
    if (!this.table.mayKnow(name)) return;
    const header = this.table.find(name);
    if (header != NO_HEADER) this.append(header, value, arena);
    if (this.table.isGuarded(name)) this.noteOtherSpelling(name, arena);
    const alias = this.table.findAlias(name);
    if (alias != NO_HEADER) this.append(alias, value, arena);
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
