import { Arena, JsonValue, List } from "as-bytes";
import { HeaderTable } from "./header-table";
import { parseRule } from "./parse-rule";
import { Action, Policy, PolicySet, Rule } from "./policy";
import { Reader } from "./reader";
import { RefusalCode } from "./refusal";

/** Most policies of a document. */
export const MAX_POLICIES: u32 = 20000;

/** Most rules of a document. */
export const MAX_RULES: u32 = 20000;

/** Most values of all rules together. */
export const MAX_VALUES: u32 = 200000;

const POLICY_MEMBERS: StaticArray<string> = ["name", "namespace", "action", "dryRun", "rules", "response"];
const ACTIONS: StaticArray<string> = ["ALLOW", "DENY", "AUDIT"];

/** What the readers of policies share. */
@unmanaged
export class PolicyReader {
  reader: Reader;
  headers: HeaderTable;
  set: PolicySet;
  /** Of the policy being read. */
  action: Action;
}

/** Reads `policies` of a document; header names that rules ask about go into `headers`. */
export function parsePolicies(value: JsonValue | null, headers: HeaderTable, reader: Reader): PolicySet {
  const arena = reader.arena;
  const set = PolicySet.create(arena);
  set.policies = List.create<Policy>(arena, value === null || !value.isArray() ? 0 : value.count());
  if (value === null) return set;
  if (!value.isArray()) {
    reader.refuse(RefusalCode.WRONG_TYPE, value, "an array");
    return set;
  }
  if (value.count() > MAX_POLICIES) reader.refuse(RefusalCode.TOO_MANY, value, "at most 20000 policies");
  const context = changetype<PolicyReader>(arena.allocate(offsetof<PolicyReader>()));
  context.reader = reader;
  context.headers = headers;
  context.set = set;
  let entry = value.first();
  for (let left = value.count(); left > 0 && !reader.refused; left--) {
    if (reader.object(entry, POLICY_MEMBERS)) set.policies.push(parsePolicy(entry, context, arena));
    entry = entry.next();
  }
  return set;
}

function parsePolicy(value: JsonValue, context: PolicyReader, arena: Arena): Policy {
  const reader = context.reader;
  const policy = changetype<Policy>(arena.allocate(offsetof<Policy>()));
  const name = reader.required(value, "name");
  if (name !== null) policy.name = reader.nonEmptyTextOf(name);
  policy.namespace = reader.text(value, "namespace");
  policy.action = reader.choice(value, "action", ACTIONS, "one of ALLOW, DENY, AUDIT");
  policy.dryRun = reader.boolean(value, "dryRun", false);
  reader.onlyDefault(value, "response");
  context.action = policy.action;
  if (policy.dryRun) context.set.hasDryRun = true;
  if (policy.action == Action.AUDIT) context.set.hasAudit = true;

  const rules = reader.array(value, "rules");
  const count: u32 = rules === null ? 0 : rules.count();
  if (count == 0 && policy.action == Action.DENY) {
    reader.refuse(RefusalCode.MISSING_MEMBER, value, "at least one rule in a DENY policy");
  }
  context.set.ruleCount += count;
  if (context.set.ruleCount > MAX_RULES) reader.refuse(RefusalCode.TOO_MANY, rules, "at most 20000 rules");
  policy.rules = List.create<Rule>(arena, count);
  if (rules === null) return policy;
  let rule = rules.first();
  for (let left = count; left > 0 && !reader.refused; left--) {
    policy.rules.push(parseRule(rule, context));
    rule = rule.next();
  }
  return policy;
}
