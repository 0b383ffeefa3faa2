import { Arena, Bytes, List } from "as-bytes";
import { Attribute } from "./attribute";
import { Pattern } from "./pattern";

export enum Action {
  ALLOW,
  DENY,
  AUDIT,
}

/**
 * One field of a source or an operation, or one side of a condition: an attribute and values of which
 * any may match, the answer turned around where `negated`.
 */
@unmanaged
export class Part {
  attribute: Attribute;
  negated: bool;
  /** A claim that says what the token is good for: `scope` or `scp`. */
  isScope: bool;
  /** Number of the header in the document's table. */
  header: u32;
  /** Names from the top of the claims down. */
  claim: List<Bytes> | null;
  /** For REQUEST_PRINCIPAL two for each value, of the issuer and of the subject. */
  patterns: List<Pattern>;
  /** As the document calls it: a field's name, or a condition's key. */
  field: string;
  key: Bytes;
}

/** Parts that must all hold: a source, an operation, or the conditions of a rule. */
export type Conjunction = List<Part>;


@unmanaged
export class Rule {
  /** Any of them; an empty list: anybody. */
  from: List<Conjunction>;
  /** Any of them; an empty list: anything. */
  to: List<Conjunction>;
  /** All of them. */
  when: Conjunction;
}


@unmanaged
export class Policy {
  name: Bytes;
  /** ABSENT or the namespace. */
  namespace: Bytes;
  action: Action;
  dryRun: bool;
  rules: List<Rule>;
  /** Its metric, by the adapter; 0: none yet. */
  metric: u64;
}

/** All policies of a document, and what they make of the document as a whole. */
@unmanaged
export class PolicySet {
  policies: List<Policy>;
  ruleCount: u32;
  valueCount: u32;
  hasDryRun: bool;
  hasAudit: bool;
  /** A policy names methods or paths somewhere, so that headers restating them matter. */
  namesMethodsOrPaths: bool;
  /** A policy names the method CONNECT. */
  namesConnect: bool;
  readsPort: bool;
  readsServerName: bool;
  readsPeer: bool;

  static create(arena: Arena): PolicySet {
    return changetype<PolicySet>(arena.allocate(offsetof<PolicySet>()));
  }
}
