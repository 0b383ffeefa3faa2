import { Arena, List, lengthOf } from "as-bytes";
import { Attribute } from "../attributes/attribute";
import { Conjunction, Part, PolicySet } from "../document/policy";
import { Pattern, PatternKind } from "../patterns/pattern";
import { copyAttribute, copyPattern } from "./copies";
import { Lengths } from "./lengths";
import { HASH_START, Literal, LiteralTable, extendHash, extendHashBackwards } from "./literal-table";
import { PatternKey, Search, keyOfPattern } from "./pattern-key";
import { networkSize } from "./keys";
import { Sizes } from "./sizes";
import { AttributeIndex, Comparison, PolicyTables, TriedPattern } from "./tables";
import { TemplateTrie } from "./template-trie";
import { NO_ATOM } from "./truths";

/** Kinds of literals from here up only tell patterns apart while tables are made. */
export const IDENTITY_ONLY: u32 = 0x100;

/** What is collected of an attribute until its index can be made. */
@unmanaged
class Draft {
  index: AttributeIndex;
  prefixes: Lengths;
  suffixes: Lengths;
  networks: Lengths;
}

/** Gives each different pattern on an attribute one atom, and notes how it will be found. */
@unmanaged
export class AtomTable {
  /** Atoms are numbered from 1 to this. */
  count: u32;
  literals: LiteralTable;
  private tables: PolicyTables;
  private drafts: List<Draft>;
  /** By atom, how often rules name it. */
  private popularity: usize;
  private key: PatternKey;
  private arena: Arena;
  private working: Arena;

  static create(set: PolicySet, tables: PolicyTables, arena: Arena, working: Arena): AtomTable {
    const atoms = changetype<AtomTable>(working.allocate(offsetof<AtomTable>()));
    const attributes = set.attributes.all;
    atoms.tables = tables;
    atoms.arena = arena;
    atoms.working = working;
    atoms.key = changetype<PatternKey>(working.allocate(offsetof<PatternKey>()));
    atoms.drafts = List.create<Draft>(working, attributes.length);
    tables.indexes = List.create<AttributeIndex>(arena, attributes.length);
    for (let index: u32 = 0; index < attributes.length; index++) atoms.addAttribute(attributes.at(index));
    tables.templates = TemplateTrie.create(arena, attributes.length);
    return atoms;
  }

  private addAttribute(attribute: Attribute): void {
    const draft = changetype<Draft>(this.working.allocate(offsetof<Draft>()));
    draft.index = changetype<AttributeIndex>(this.arena.allocate(offsetof<AttributeIndex>()));
    draft.index.attribute = copyAttribute(attribute, this.arena);
    draft.prefixes = Lengths.create(this.working);
    draft.suffixes = Lengths.create(this.working);
    draft.networks = Lengths.create(this.working);
    this.drafts.push(draft);
    this.tables.indexes.push(draft.index);
  }

  /** Interns every pattern of every rule; afterwards each pattern has its atom, and `popularityOf` answers. */
  internAll(set: PolicySet, sizes: Sizes): void {
    const room = sizes.atoms + 1;
    this.literals = LiteralTable.create(this.working, room + sizes.segments);
    this.popularity = this.working.allocate(room << 2);
    this.tables.comparisons = List.create<Comparison>(this.arena, sizes.comparisons);
    const policies = set.policies;
    for (let index: u32 = 0; index < policies.length; index++) {
      const rules = policies.at(index).rules;
      for (let at: u32 = 0; at < rules.length; at++) {
        this.internAlternatives(rules.at(at).to);
        this.internAlternatives(rules.at(at).from);
        this.internParts(rules.at(at).when);
      }
    }
    this.keepIndexes();
  }

  popularityOf(atom: u32): u32 {
    return load<u32>(this.popularity + ((<usize>atom) << 2));
  }

  private internAlternatives(alternatives: List<Conjunction>): void {
    for (let index: u32 = 0; index < alternatives.length; index++) this.internParts(alternatives.at(index));
  }

  private internParts(parts: Conjunction): void {
    for (let index: u32 = 0; index < parts.length; index++) {
      const part = parts.at(index);
      if (part.sameAs !== null) {
        this.internComparison(part, part.sameAs!);
        continue;
      }
      const draft = this.drafts.at(part.attribute.id);
      if (part.known != PatternKind.NEVER) part.knownAtom = this.stateAtom(draft.index, part.known);
      for (let at: u32 = 0; at < part.patterns.length; at++) this.intern(draft, part.patterns.at(at));
    }
  }

  private intern(draft: Draft, pattern: Pattern): void {
    pattern.atom = isState(pattern)
      ? this.stateAtom(draft.index, pattern.kind)
      : this.literalAtom(draft, pattern);
    const popularity = this.popularity + ((<usize>pattern.atom) << 2);
    store<u32>(popularity, load<u32>(popularity) + 1);
  }

  /** The atom of a question that an attribute has once. */
  private stateAtom(index: AttributeIndex, kind: PatternKind): u32 {
    const place = changetype<usize>(index) + placeOfState(kind);
    let atom = load<u32>(place);
    if (atom == NO_ATOM) {
      atom = this.newAtom();
      store<u32>(place, atom);
    }
    return atom;
  }

  private newAtom(): u32 {
    this.count += 1;
    return this.count;
  }

  private literalAtom(draft: Draft, pattern: Pattern): u32 {
    const key = this.key;
    keyOfPattern(draft.index.attribute.kind, pattern, key, this.working);
    const isLookedUp = key.search == Search.LITERAL || key.search == Search.LITERAL_IF_USUAL;
    const kind = isLookedUp ? <u32>pattern.kind : IDENTITY_ONLY | (<u32>pattern.kind);
    const owner = draft.index.attribute.id;
    const isSuffix = pattern.kind == PatternKind.SUFFIX;
    const length = lengthOf(key.text);
    const hash = isSuffix
      ? extendHashBackwards(HASH_START, key.text, 0, length)
      : extendHash(HASH_START, key.text, 0, length);
    const known = this.literals.find(owner, kind, key.text, hash);
    if (known !== null) return known.value;

    const literal = changetype<Literal>(this.working.allocate(offsetof<Literal>()));
    literal.text = key.text;
    literal.owner = owner;
    literal.kind = kind;
    literal.hash = hash;
    literal.value = this.newAtom();
    this.literals.insert(literal);
    this.prepareSearch(draft, pattern, key.search, literal.value);
    return literal.value;
  }

  /** What looking for a new atom takes: a length to hash at, a pattern to try, a way through the trie. */
  private prepareSearch(draft: Draft, pattern: Pattern, search: Search, atom: u32): void {
    draft.index.kinds |= 1 << pattern.kind;
    switch (search) {
      case Search.TRY:
      case Search.LITERAL_IF_USUAL:
        this.addTried(draft, pattern, atom, search == Search.LITERAL_IF_USUAL);
        break;
      case Search.TEMPLATE:
        this.tables.templates.insert(
          pattern.text,
          pattern.anyByte,
          atom,
          this.literals,
          this.arena,
          this.working,
        );
        break;
      default:
        if (pattern.kind == PatternKind.PREFIX) draft.prefixes.add(lengthOf(pattern.text));
        if (pattern.kind == PatternKind.SUFFIX) draft.suffixes.add(lengthOf(pattern.text));
        if (pattern.kind == PatternKind.NETWORK)
          draft.networks.add(networkSize(pattern.text, <u32>pattern.number));
    }
  }

  private addTried(draft: Draft, pattern: Pattern, atom: u32, ifUnusual: bool): void {
    const tried = changetype<TriedPattern>(this.arena.allocate(offsetof<TriedPattern>()));
    tried.pattern = copyPattern(pattern, this.arena);
    tried.atom = atom;
    tried.next = ifUnusual ? draft.index.triedIfUnusual : draft.index.tried;
    if (ifUnusual) draft.index.triedIfUnusual = tried;
    else draft.index.tried = tried;
  }

  private internComparison(part: Part, sameAs: Attribute): void {
    const comparisons = this.tables.comparisons;
    const left = this.drafts.at(part.attribute.id).index.attribute;
    const right = this.drafts.at(sameAs.id).index.attribute;
    for (let index: u32 = 0; index < comparisons.length; index++) {
      const known = comparisons.at(index);
      if (known.left !== left || known.right !== right) continue;
      part.knownAtom = known.known;
      part.sameAtom = known.same;
      return;
    }
    const comparison = changetype<Comparison>(this.arena.allocate(offsetof<Comparison>()));
    comparison.left = left;
    comparison.right = right;
    comparison.known = this.newAtom();
    comparison.same = this.newAtom();
    comparisons.push(comparison);
    part.knownAtom = comparison.known;
    part.sameAtom = comparison.same;
  }

  private keepIndexes(): void {
    for (let index: u32 = 0; index < this.drafts.length; index++) {
      const draft = this.drafts.at(index);
      draft.index.prefixes = draft.prefixes.keep(this.arena);
      draft.index.suffixes = draft.suffixes.keep(this.arena);
      draft.index.networks = draft.networks.keep(this.arena);
    }
  }
}

/** Kinds that an attribute has at most one pattern of. */
function isState(pattern: Pattern): bool {
  return pattern.kind == PatternKind.PRESENT || pattern.kind == PatternKind.NON_EMPTY;
}

/** Where the index keeps the atom. */
function placeOfState(kind: PatternKind): usize {
  switch (kind) {
    case PatternKind.PRESENT:
      return offsetof<AttributeIndex>("present");
    case PatternKind.NON_EMPTY:
      return offsetof<AttributeIndex>("nonEmpty");
    case PatternKind.KNOWN_TEXT:
      return offsetof<AttributeIndex>("knownText");
    case PatternKind.KNOWN_NUMBER:
      return offsetof<AttributeIndex>("knownNumber");
    case PatternKind.KNOWN_BOOLEAN:
      return offsetof<AttributeIndex>("knownBoolean");
    default:
      return offsetof<AttributeIndex>("knownElements");
  }
}
