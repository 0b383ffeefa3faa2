import { Arena, List } from "as-bytes";
import { Conjunction, Part, Rule } from "../document/policy";
import { PatternKind } from "../patterns/pattern";
import { ALL, ATOM_COUNT_SHIFT, FILED_OFTEN, HAS_KNOWN, NEGATED, PLACE_SHIFT } from "./rule-words";
import { Sizes } from "./sizes";

/** Words of a rule's head and of an alternative's and a part's at most. */
const RULE_WORDS: u32 = 4;
const CONJUNCTION_WORDS: u32 = 1;
const PART_WORDS: u32 = 3;

/** Writes rules one behind the other, in the form of `rule-words.ts`. */
@unmanaged
export class RuleWriter {
  private words: usize;
  private cursor: usize;

  static create(rules: u32, sizes: Sizes, working: Arena): RuleWriter {
    const writer = changetype<RuleWriter>(working.allocate(offsetof<RuleWriter>()));
    const words =
      rules * RULE_WORDS + sizes.conjunctions * CONJUNCTION_WORDS + sizes.parts * PART_WORDS + sizes.atoms;
    writer.words = working.take(words << 2);
    writer.cursor = writer.words;
    return writer;
  }

  /** The number that the next rule gets. */
  get number(): u32 {
    return (<u32>(this.cursor - this.words)) >> 2;
  }

  write(rule: Rule, policy: u32, filedOften: bool): void {
    this.word(policy);
    this.word(rule.index);
    this.word(filedOften ? rule.to.length | FILED_OFTEN : rule.to.length);
    this.word(rule.from.length);
    this.writeAlternatives(rule.to);
    this.writeAlternatives(rule.from);
    this.writeConjunction(rule.when);
  }

  /** The words without spare room. */
  keepWords(arena: Arena): usize {
    const bytes = <u32>(this.cursor - this.words);
    const copy = arena.take(bytes);
    memory.copy(copy, this.words, bytes);
    return copy;
  }

  private word(value: u32): void {
    store<u32>(this.cursor, value);
    this.cursor += 4;
  }

  private writeAlternatives(alternatives: List<Conjunction>): void {
    for (let index: u32 = 0; index < alternatives.length; index++)
      this.writeConjunction(alternatives.at(index));
  }

  private writeConjunction(parts: Conjunction): void {
    const length = this.cursor;
    this.word(0);
    for (let index: u32 = 0; index < parts.length; index++) this.writePart(parts.at(index));
    store<u32>(length, (<u32>(this.cursor - length - 4)) >> 2);
  }

  private writePart(part: Part): void {
    const isComparison = part.sameAs !== null;
    const hasKnown = isComparison || part.known != PatternKind.NEVER;
    const atoms: u32 = isComparison ? 1 : part.patterns.length;
    let head = atoms << ATOM_COUNT_SHIFT;
    if (part.negated) head |= NEGATED;
    if (part.all) head |= ALL;
    if (hasKnown) head |= HAS_KNOWN;
    this.word(head);
    this.word(part.attribute.id | (part.condition << PLACE_SHIFT));
    if (hasKnown) this.word(part.knownAtom);
    if (isComparison) this.word(part.sameAtom);
    for (let index: u32 = 0; index < part.patterns.length; index++) this.word(part.patterns.at(index).atom);
  }
}
