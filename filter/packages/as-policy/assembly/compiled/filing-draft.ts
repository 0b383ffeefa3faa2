import { Arena } from "as-bytes";
import { Filing } from "./tables";

const ENTRY_BYTES: u32 = 8;

/** Entries of an atom and a rule, in the order of rules, until they are sorted by atom. */
@unmanaged
export class FilingDraft {
  private entries: usize;
  count: u32;

  static create(room: u32, working: Arena): FilingDraft {
    const draft = changetype<FilingDraft>(working.allocate(offsetof<FilingDraft>()));
    draft.entries = working.take(room * ENTRY_BYTES);
    return draft;
  }

  /** The caller guarantees room. */
  add(atom: u32, rule: u32): void {
    const entry = this.entries + <usize>this.count * ENTRY_BYTES;
    store<u32>(entry, atom);
    store<u32>(entry, rule, 4);
    this.count += 1;
  }

  /** Sorted by atom, up to `atoms`, and under each by rule: by counting, so rules stay in order. */
  keep(atoms: u32, arena: Arena): Filing {
    const filing = changetype<Filing>(arena.allocate(offsetof<Filing>()));
    filing.starts = arena.allocate((atoms + 2) << 2);
    filing.rules = arena.take(this.count << 2);
    const end = this.entries + <usize>this.count * ENTRY_BYTES;
    for (let entry = this.entries; entry < end; entry += ENTRY_BYTES)
      increment(filing.starts + after(load<u32>(entry)));
    for (let atom: u32 = 0; atom <= atoms; atom++) {
      const place = filing.starts + after(atom);
      store<u32>(place, load<u32>(place) + load<u32>(place - 4));
    }
    // Each start serves as the cursor of its atom, and is one atom further when all are placed.
    for (let entry = this.entries; entry < end; entry += ENTRY_BYTES) {
      const cursor = filing.starts + ((<usize>load<u32>(entry)) << 2);
      store<u32>(filing.rules + ((<usize>load<u32>(cursor)) << 2), load<u32>(entry, 4));
      increment(cursor);
    }
    for (let atom = atoms + 1; atom > 0; atom--) {
      const place = filing.starts + ((<usize>atom) << 2);
      store<u32>(place, load<u32>(place - 4));
    }
    store<u32>(filing.starts, 0);
    return filing;
  }
}

function after(atom: u32): usize {
  return (<usize>atom + 1) << 2;
}

function increment(place: usize): void {
  store<u32>(place, load<u32>(place) + 1);
}
