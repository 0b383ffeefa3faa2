import { List } from "as-bytes";
import { Attribute } from "../attributes/attribute";
import { Policy } from "../document/policy";
import { Pattern } from "../patterns/pattern";
import { LiteralTable } from "./literal-table";
import { TemplateTrie } from "./template-trie";

/** Classes of rules, in the order in which rules are numbered. */
export enum RuleClass {
  DENY,
  ALLOW,
  AUDIT,
  DRY_RUN_DENY,
  DRY_RUN_ALLOW,
  /** A dry run of an AUDIT policy: nothing would follow from it. */
  NONE,
}

/** Without `NONE`. */
export const RULE_CLASSES: u32 = 5;

/** A pattern that no table can look up: it is tried. */
@unmanaged
export class TriedPattern {
  pattern: Pattern;
  atom: u32;
  next: TriedPattern | null;
}

/** How the atoms of one attribute are found from its value. */
@unmanaged
export class AttributeIndex {
  attribute: Attribute;
  /** Bit n: there are literals of pattern kind n. */
  kinds: u32;
  /** Atoms of the kinds that have no literal, NO_ATOM where no rule asks. */
  present: u32;
  nonEmpty: u32;
  knownText: u32;
  knownNumber: u32;
  knownBoolean: u32;
  knownElements: u32;
  /** Different lengths of the literals, ascending; of networks, of both families, see `networkSize`. */
  prefixes: List<u32>;
  suffixes: List<u32>;
  networks: List<u32>;
  tried: TriedPattern | null;
  /** Only where the caller's identity is not of Istio's form: then the table does not do. */
  triedIfUnusual: TriedPattern | null;
}

/** A pair of attributes that some rule wants to be the same. */
@unmanaged
export class Comparison {
  left: Attribute;
  right: Attribute;
  /** Atoms: they can be compared, and they are the same. */
  known: u32;
  same: u32;
}

/** Lists of rule numbers (see `rule-words.ts`), ascending: of atom n from word `starts[n]` up to `starts[n + 1]`. Atom 0 has the rules that are always looked at. */
@unmanaged
export class Filing {
  starts: usize;
  rules: usize;
}

/** The policies of a document in the form that decides. Rules are written class by class in document order. */
@unmanaged
export class PolicyTables {
  /** In document order, without their rules. */
  policies: List<Policy>;
  /** By attribute number. */
  indexes: List<AttributeIndex>;
  comparisons: List<Comparison>;
  literals: LiteralTable;
  templates: TemplateTrie;
  atomCount: u32;

  /** Address of the words of all rules. */
  words: usize;
  wordCount: u32;
  /** Address of a u32 for each class: numbers from there up are of a later one. */
  classEnds: usize;
  /** Under which atoms each rule is looked at: one of them is true wherever the rule applies. */
  filing: Filing;
  /** The same for `to` alone, of enforced ALLOW rules. */
  nearestFiling: Filing;

  namesMethodsOrPaths: bool;
  namesConnect: bool;
  hasDryRun: bool;
  hasAudit: bool;
  /** Some rule reads the token of a named JWT rule. */
  readsNamedTokens: bool;
  readsPeer: bool;
  readsPort: bool;
  readsServerName: bool;
  readsSourceAddress: bool;
  readsRemoteAddress: bool;
  readsDestinationAddress: bool;

  /** The address of a rule. */
  rule(number: u32): usize {
    return this.words + ((<usize>number) << 2);
  }

  classEnd(ruleClass: u32): u32 {
    return load<u32>(this.classEnds + ((<usize>ruleClass) << 2));
  }
}
