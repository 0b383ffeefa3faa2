import { Arena, Bytes, addressOf, bytesAt, equal, lengthOf } from "as-bytes";

/** A text that means something to its owner, an attribute or a node of the trie. */
@unmanaged
export class Literal {
  text: Bytes;
  owner: u32;
  /** In which way it is compared; the owner's own numbers. */
  kind: u32;
  /** Of the text alone, see `extendHash`. */
  hash: u32;
  value: u32;
}

/** FNV-1a. The texts of a table are those of the document, so nobody who sends requests can make it slow. */
export const HASH_START: u32 = 0x811c9dc5;

/** Takes `text` from `start` up to `end` into a hash, byte by byte, so that each prefix has its own on the way. */
export function extendHash(hash: u32, text: Bytes, start: u32, end: u32): u32 {
  const address = addressOf(text);
  let result = hash;
  for (let index = start; index < end; index++) result = (result ^ load<u8>(address + index)) * 0x01000193;
  return result;
}

/** The same from the last byte backwards, for suffixes: of the `end` bytes before it down to the `start`. */
export function extendHashBackwards(hash: u32, text: Bytes, start: u32, end: u32): u32 {
  const last = addressOf(text) + lengthOf(text) - 1;
  let result = hash;
  for (let index = start; index < end; index++) result = (result ^ load<u8>(last - index)) * 0x01000193;
  return result;
}

/** Literals by owner, kind and text: open addressing with linear probing, at most two thirds full. */
@unmanaged
export class LiteralTable {
  private slots: usize;
  private mask: u32;

  static create(arena: Arena, literals: u32): LiteralTable {
    const table = changetype<LiteralTable>(arena.allocate(offsetof<LiteralTable>()));
    const capacity: u32 = 1 << (32 - clz<u32>(literals + (literals >> 1) + 1));
    table.slots = arena.allocate(capacity * SLOT_BYTES);
    table.mask = capacity - 1;
    return table;
  }

  find(owner: u32, kind: u32, text: Bytes, hash: u32): Literal | null {
    let slot = mixed(hash, owner, kind) & this.mask;
    while (true) {
      const address = load<u32>(this.slots + <usize>slot * SLOT_BYTES);
      if (address == 0) return null;
      const literal = changetype<Literal>(<usize>address);
      if (literal.hash == hash && literal.owner == owner && literal.kind == kind && equal(literal.text, text))
        return literal;
      slot = (slot + 1) & this.mask;
    }
  }

  /** Adds one that is not there; the caller guarantees room. */
  insert(literal: Literal): void {
    let slot = mixed(literal.hash, literal.owner, literal.kind) & this.mask;
    while (load<u32>(this.slots + <usize>slot * SLOT_BYTES) != 0) slot = (slot + 1) & this.mask;
    store<u32>(this.slots + <usize>slot * SLOT_BYTES, <u32>changetype<usize>(literal));
  }

  /**
   * A table of the literals whose kind is below `endOfKinds`, with their texts, and no more room than
   * they need: all in three runs of memory, since a document may have a hundred thousand of them.
   */
  tightCopy(endOfKinds: u32, arena: Arena): LiteralTable {
    let count: u32 = 0;
    let textBytes: u32 = 0;
    for (let slot: u32 = 0; slot <= this.mask; slot++) {
      const literal = this.at(slot);
      if (literal === null || literal.kind >= endOfKinds) continue;
      count += 1;
      textBytes += lengthOf(literal.text);
    }
    const copies = LiteralTable.create(arena, count);
    let place = arena.take(count * <u32>offsetof<Literal>());
    let text = arena.take(textBytes);
    for (let slot: u32 = 0; slot <= this.mask; slot++) {
      const literal = this.at(slot);
      if (literal === null || literal.kind >= endOfKinds) continue;
      const copy = changetype<Literal>(place);
      memory.copy(place, changetype<usize>(literal), offsetof<Literal>());
      memory.copy(text, addressOf(literal.text), lengthOf(literal.text));
      copy.text = bytesAt(text, lengthOf(literal.text));
      copies.insert(copy);
      place += offsetof<Literal>();
      text += lengthOf(literal.text);
    }
    return copies;
  }

  private at(slot: u32): Literal | null {
    return changetype<Literal | null>(<usize>load<u32>(this.slots + <usize>slot * SLOT_BYTES));
  }
}

const SLOT_BYTES: u32 = 4;

function mixed(hash: u32, owner: u32, kind: u32): u32 {
  let result = hash ^ (owner * 0x9e3779b1 + kind * 0x85ebca6b);
  result = (result ^ (result >> 15)) * 0x2c1b3c6d;
  return result ^ (result >> 12);
}
