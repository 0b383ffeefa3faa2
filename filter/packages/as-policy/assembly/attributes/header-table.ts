import { Arena, Bytes, List, addressOf, copyBytes, equal, isDigit, isLetter, lengthOf } from "as-bytes";

/** Most header names that one document may read. */
export const MAX_HEADER_NAMES: u32 = 100;

/** What `intern` answers when the table is full. */
export const NO_HEADER: u32 = u32.MAX_VALUE;

/** Names of this length and longer ones share a list. */
const LONGEST: u32 = 63;

/** A header name that a document reads. */
@unmanaged
export class HeaderName {
  text: Bytes;
  /** Its number in the table. */
  header: u32;
  /** Lines in any other spelling of it are noted by `HeaderLines`. */
  isGuarded: bool;
  /** Lines in any other spelling of it count under it too. */
  isAliased: bool;
  /** The next name in the same list. */
  next: HeaderName | null;
}

/** The header names that a document reads, each known by a number. */
@unmanaged
export class HeaderTable {
  names: List<HeaderName>;
  private arena: Arena;
  /** Lists of names by their length: most headers of a request find an empty one, and go no further. */
  private byLength: List<HeaderName | null>;

  static create(arena: Arena): HeaderTable {
    const table = changetype<HeaderTable>(arena.allocate(offsetof<HeaderTable>()));
    table.arena = arena;
    table.names = List.create<HeaderName>(arena, MAX_HEADER_NAMES);
    table.byLength = List.create<HeaderName | null>(arena, LONGEST + 1);
    for (let length: u32 = 0; length <= LONGEST; length++) table.byLength.push(null);
    return table;
  }

  /** The number of `name`, a lower-case one, of which the table keeps a copy: proxies hand names over in lower case. */
  intern(name: Bytes): u32 {
    let known = this.candidatesFor(name);
    while (known !== null) {
      if (equal(known.text, name)) return known.header;
      known = known.next;
    }
    const fresh = changetype<HeaderName>(this.arena.allocate(offsetof<HeaderName>()));
    if (!this.names.push(fresh)) return NO_HEADER;
    fresh.text = copyBytes(name, this.arena);
    fresh.header = this.names.length - 1;
    fresh.next = this.candidatesFor(name);
    this.byLength.put(listOf(name), fresh);
    return fresh.header;
  }

  /** The first of the names that can be `name` or another spelling of it, or null. */
  candidatesFor(name: Bytes): HeaderName | null {
    return this.byLength.at(listOf(name));
  }

  /**
   * From now on, lines whose name is another spelling of this one count under it too: servers that hand
   * headers on as variables (CGI, RFC 3875 §4.1.18; WSGI, PHP) take both for the same one.
   */
  alias(header: u32): void {
    this.names.at(header).isAliased = true;
  }

  /**
   * Lines in any other spelling of this name are noted by `HeaderLines` from now on. False where the name is
   * itself another spelling of a guarded one: no request could have both.
   */
  guard(header: u32): bool {
    const name = this.names.at(header);
    let known = this.candidatesFor(name.text);
    while (known !== null) {
      if (known.isGuarded && isOtherSpelling(known.text, name.text)) return false;
      known = known.next;
    }
    name.isGuarded = true;
    return true;
  }
}


@inline
function listOf(name: Bytes): u32 {
  return min(lengthOf(name), LONGEST);
}

/**
 * Whether both are the same but for what is neither letter nor digit, and differ there: servers that hand
 * headers on as variables (CGI, RFC 3875 §4.1.18) have `_` for all of that.
 */
export function isOtherSpelling(name: Bytes, spelling: Bytes): bool {
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

/** The colon of pseudo-headers is none. */
function isMark(byte: u32): bool {
  return !isLetter(byte) && !isDigit(byte) && byte != 0x3a;
}
