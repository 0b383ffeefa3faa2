import { ABSENT, Arena, Bytes, JsonValue, List, equal, lengthOf } from "as-bytes";
import { Attribute, AttributeTable } from "../attributes/attribute";
import { HeaderTable } from "../attributes/header-table";
import { parseResponse } from "./parse-response";
import { parseRules } from "./parse-rule";
import { Action, Policy, PolicySet, PolicyWithRules } from "./policy";
import { Reader } from "./reader";
import { RefusalCode } from "./refusal";

/** Most policies of a document. */
export const MAX_POLICIES: u32 = 20000;

/** Most rules of a document; a rule whose conditions use names of its paths counts once a path. */
export const MAX_RULES: u32 = 20000;

/** Most values of all rules together. */
export const MAX_VALUES: u32 = 200000;

/** Most different attributes that the rules of a document ask about. */
export const MAX_ATTRIBUTES: u32 = 1000;

const POLICY_MEMBERS = "name namespace action dryRun rules response";
const ACTIONS = "ALLOW DENY AUDIT";

/** Most memory that reading a document may take. */
const MAX_POLICY_MEMORY: u32 = 33554432;

/** Most different pairs of attributes that rules want to be the same: each is compared on every request. */
export const MAX_COMPARISONS: u32 = 256;

/** What policies are read against: the rest of the document. */
@unmanaged
export class PolicySurroundings {
  /** Header names that rules ask about are added here. */
  headers: HeaderTable;
  /** Names of the JWT rules, by index. */
  tokenNames: List<Bytes>;
  /** Ours first; the others are aliases (Istio's trust domain migration). */
  trustDomains: List<Bytes>;
  /** The document says where the address of the connection's peer comes from. */
  hasPeerAddress: bool;
}

/** What the readers of policies share. */
@unmanaged
export class PolicyReader {
  reader: Reader;
  set: PolicySet;
  surroundings: PolicySurroundings;
  /** The policy being read. */
  policy: Policy;

  /** Refuses a document that takes too much room while it is read, before it takes more. */
  checkMemory(at: JsonValue): void {
    if (this.reader.arena.heldBytes() > MAX_POLICY_MEMORY)
      this.reader.refuse(RefusalCode.TOO_LARGE, at, "policies that take at most 32 MiB of memory to read");
  }

  /** Counts different pairs of attributes against the limit. */
  countComparison(left: Attribute, right: Attribute, at: JsonValue): void {
    const pairs = this.set.comparisons;
    const pair = ((<u64>left.id) << 32) | right.id;
    for (let index: u32 = 0; index < pairs.length; index++) {
      if (pairs.at(index) == pair) return;
    }
    if (!pairs.push(pair))
      this.reader.refuse(RefusalCode.TOO_MANY, at, "at most 256 different pairs in sameAs");
  }

  /** Counts values against the limit. */
  countValues(values: JsonValue, count: u32): void {
    this.set.valueCount += count;
    if (this.set.valueCount > MAX_VALUES)
      this.reader.refuse(RefusalCode.TOO_MANY, values, "at most 200000 values");
  }
}

/** Reads `policies` of a document into the arena of the reader. */
export function parsePolicies(
  value: JsonValue | null,
  surroundings: PolicySurroundings,
  reader: Reader,
): PolicySet {
  const arena = reader.arena;
  const set = PolicySet.create(arena);
  set.policies = List.create<PolicyWithRules>(arena, value === null || !value.isArray() ? 0 : value.count());
  set.comparisons = List.create<u64>(arena, MAX_COMPARISONS);
  set.attributes = AttributeTable.create(arena, MAX_ATTRIBUTES);
  if (value === null) return set;
  if (!value.isArray()) {
    reader.refuse(RefusalCode.WRONG_TYPE, value, "an array");
    return set;
  }
  if (value.count() > MAX_POLICIES) reader.refuse(RefusalCode.TOO_MANY, value, "at most 20000 policies");
  const context = changetype<PolicyReader>(arena.allocate(offsetof<PolicyReader>()));
  context.reader = reader;
  context.set = set;
  context.surroundings = surroundings;
  let entry = value.first();
  for (let left = value.count(); left > 0 && !reader.refused; left--) {
    if (reader.object(entry, POLICY_MEMBERS)) parsePolicy(entry, context, arena);
    entry = entry.next();
  }
  return set;
}

function parsePolicy(value: JsonValue, context: PolicyReader, arena: Arena): void {
  const reader = context.reader;
  const policies = context.set.policies;
  const policy = changetype<Policy>(arena.allocate(offsetof<Policy>()));
  const entry = changetype<PolicyWithRules>(arena.allocate(offsetof<PolicyWithRules>()));
  entry.policy = policy;
  policy.index = policies.length;
  const name = reader.required(value, "name");
  if (name !== null) policy.name = reader.nonEmptyTextOf(name);
  policy.namespace = sharedNamespace(reader.text(value, "namespace"), policies);
  policy.action = reader.choice(value, "action", ACTIONS, "one of ALLOW, DENY, AUDIT");
  policy.dryRun = reader.boolean(value, "dryRun", false);
  context.policy = policy;
  policy.response = parseResponse(value.memberNamed("response"), context);

  const rules = reader.array(value, "rules");
  const count: u32 = rules === null ? 0 : rules.count();
  if (count == 0 && policy.action == Action.DENY) {
    reader.refuse(RefusalCode.MISSING_MEMBER, value, "at least one rule in a DENY policy");
  }
  entry.rules = parseRules(rules, context);
  policies.push(entry);
}

/** The namespace of the policy before where it is the same, so that most policies share one text. */
function sharedNamespace(namespace: Bytes, policies: List<PolicyWithRules>): Bytes {
  if (lengthOf(namespace) == 0) return ABSENT;
  if (policies.length == 0) return namespace;
  const before = policies.at(policies.length - 1).policy.namespace;
  return equal(before, namespace) ? before : namespace;
}
