import { Arena } from "as-bytes";
import { FEWEST_WORDS_SHIFT, FILED_OFTEN, RULE_TO } from "../compiled/rule-words";
import { PolicyTables } from "../compiled/tables";

/** Which rules that are filed under several atoms have been looked at, so that none is looked at twice. */
@unmanaged
export class TriedRules {
  private tables: PolicyTables;
  private arena: Arena;
  /** A bit for each rule, by its number; 0 until the first is noted. */
  private bits: usize;

  static create(tables: PolicyTables, arena: Arena): TriedRules {
    const tried = changetype<TriedRules>(arena.allocate(offsetof<TriedRules>()));
    tried.tables = tables;
    tried.arena = arena;
    return tried;
  }

  /** Whether the rule was asked about before; notes that it was. Never for a rule that is met once. */
  wasTried(number: u32): bool {
    if ((load<u32>(this.tables.rule(number), RULE_TO) & FILED_OFTEN) == 0) return false;
    if (this.bits == 0)
      this.bits = this.arena.allocate((this.tables.wordCount >> (FEWEST_WORDS_SHIFT + 3)) + 1);
    const bit = number >> FEWEST_WORDS_SHIFT;
    const place = this.bits + (bit >> 3);
    const byte: u32 = load<u8>(place);
    const mask: u32 = 1 << (bit & 7);
    store<u8>(place, byte | mask);
    return (byte & mask) != 0;
  }
}
