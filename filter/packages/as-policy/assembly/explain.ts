import { List } from "as-bytes";
import { isRequestIdentity } from "./attribute";
import { anyHolds, partHolds } from "./evaluate";
import { Action, Conjunction, Part, Policy, PolicySet, Rule } from "./policy";
import { RequestAttributes } from "./request";

/** The ALLOW rule that came nearest to allowing, and what of it failed. `policy` null: none had a `to` that holds. */
@unmanaged
export class NearestRule {
  policy: Policy | null;
  rule: u32;
  /** Parts of it that do not hold. */
  failures: u32;
  /** Every failing part asks for an end-user identity. */
  onlyIdentity: bool;
  /** Every failing part asks for a scope. */
  onlyScope: bool;
  /** The first part that does not hold. */
  failed: Part | null;
  /** It stands in the rule's `when`, else in its `from`. */
  failedInWhen: bool;
  /** Index of the condition, or of the source that came nearest. */
  failedIndex: u32;
}

/** Of the enforced ALLOW rules whose `to` holds, the one with the fewest failing parts, ties in document order. */
export function findNearestRule(
  set: PolicySet,
  request: RequestAttributes,
  nearest: NearestRule,
  trial: NearestRule,
): void {
  nearest.policy = null;
  nearest.failures = u32.MAX_VALUE;
  const policies = set.policies;
  for (let index: u32 = 0; index < policies.length; index++) {
    const policy = policies.at(index);
    if (policy.action != Action.ALLOW || policy.dryRun) continue;
    for (let rule: u32 = 0; rule < policy.rules.length; rule++) {
      if (!anyHolds(policy.rules.at(rule).to, request)) continue;
      clear(trial);
      countFailures(policy.rules.at(rule), request, trial);
      if (trial.failures >= nearest.failures) continue;
      memory.copy(changetype<usize>(nearest), changetype<usize>(trial), offsetof<NearestRule>());
      nearest.policy = policy;
      nearest.rule = rule;
    }
  }
}

function clear(trial: NearestRule): void {
  trial.policy = null;
  trial.failures = 0;
  trial.onlyIdentity = true;
  trial.onlyScope = true;
  trial.failed = null;
}

function countFailures(rule: Rule, request: RequestAttributes, trial: NearestRule): void {
  const source = nearestSource(rule.from, request);
  if (source >= 0) {
    const parts = rule.from.at(<u32>source);
    for (let index: u32 = 0; index < parts.length; index++) {
      if (!partHolds(parts.at(index), request)) note(trial, parts.at(index), false, <u32>source);
    }
  }
  for (let index: u32 = 0; index < rule.when.length; index++) {
    if (!partHolds(rule.when.at(index), request)) note(trial, rule.when.at(index), true, index);
  }
}

/** The source with the fewest failing parts, or -1 where the rule asks for none. */
function nearestSource(sources: List<Conjunction>, request: RequestAttributes): i32 {
  let best: i32 = -1;
  let fewest = u32.MAX_VALUE;
  for (let index: u32 = 0; index < sources.length; index++) {
    const parts = sources.at(index);
    let failures: u32 = 0;
    for (let part: u32 = 0; part < parts.length; part++) {
      if (!partHolds(parts.at(part), request)) failures += 1;
    }
    if (failures < fewest) {
      fewest = failures;
      best = <i32>index;
    }
  }
  return best;
}

function note(trial: NearestRule, part: Part, inWhen: bool, index: u32): void {
  if (trial.failures == 0) {
    trial.failed = part;
    trial.failedInWhen = inWhen;
    trial.failedIndex = index;
  }
  trial.failures += 1;
  if (!isRequestIdentity(part.attribute)) trial.onlyIdentity = false;
  if (!part.isScope) trial.onlyScope = false;
}
