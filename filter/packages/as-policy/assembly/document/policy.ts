import { Arena, Bytes, List } from "as-bytes";
import { Attribute, AttributeTable } from "../attributes/attribute";
import { Pattern, PatternKind } from "../patterns/pattern";

export enum Action {
  ALLOW,
  DENY,
  AUDIT,
}

/**
 * One field of a source or an operation, or one operator of a condition: whether any of the patterns
 * is true of the attribute, or all, the answer turned around where `negated`.
 */
@unmanaged
export class Part {
  attribute: Attribute;
  negated: bool;
  all: bool;
  /** Asked first: where it is not true the part is unknown. NEVER: the part is true or false. */
  known: PatternKind;
  patterns: List<Pattern>;
  /** Of `sameAs`, which has no patterns. */
  sameAs: Attribute | null;
  /** Which condition of `when` it belongs to. */
  condition: u32;
  /** In the tables: of `known`, or that the attributes of `sameAs` can be compared, and that they are the same. */
  knownAtom: u32;
  sameAtom: u32;
}

/** Parts that must all hold: a source, an operation, or the conditions of a rule. */
export type Conjunction = List<Part>;


@unmanaged
export class Rule {
  /** Its place among the rules of the document; one with names in its paths is several in a row. */
  index: u32;
  /** Any of them; an empty list: anybody. */
  from: List<Conjunction>;
  /** Any of them; an empty list: anything. */
  to: List<Conjunction>;
  /** All of them. */
  when: Conjunction;
}


@unmanaged
export class ResponseHeader {
  /** In lower case. */
  name: Bytes;
  value: Bytes;
}

/** What the client is told where a DENY policy denies. */
@unmanaged
export class PolicyResponse {
  /** HTTP status; 0: the reason's own. */
  status: u32;
  headers: List<ResponseHeader>;
  /** ABSENT: none. */
  body: Bytes;
  /** The headers as the proxy takes them, by the adapter. */
  pairs: Bytes;
}


@unmanaged
export class Policy {
  name: Bytes;
  /** ABSENT or the namespace. */
  namespace: Bytes;
  action: Action;
  dryRun: bool;
  /** Its place in the document. */
  index: u32;
  response: PolicyResponse | null;
  /** Its metric, by the adapter; 0: none yet. */
  metric: u64;
}

/** A policy as it is read. */
@unmanaged
export class PolicyWithRules {
  policy: Policy;
  rules: List<Rule>;
}

/** All policies of a document as they stand there, and what they make of the document as a whole. */
@unmanaged
export class PolicySet {
  policies: List<PolicyWithRules>;
  attributes: AttributeTable;
  /** Numbers of the attributes that `sameAs` compares, the left one in the high 32 bits; each pair once. */
  comparisons: List<u64>;
  ruleCount: u32;
  valueCount: u32;
  queryAttributes: u32;
  /** A policy names methods or paths somewhere, so that headers restating them matter. */
  namesMethodsOrPaths: bool;
  /** A policy names the method CONNECT. */
  namesConnect: bool;

  static create(arena: Arena): PolicySet {
    return changetype<PolicySet>(arena.allocate(offsetof<PolicySet>()));
  }
}
