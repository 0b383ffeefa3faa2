import { List } from "as-bytes";
import { ruleHolds } from "./evaluate";
import { Action, Policy, PolicySet } from "./policy";
import { RequestAttributes } from "./request";

/** Who decided: a policy with the index of its rule, or nobody, which leaves it to the default. */
@unmanaged
export class Decider {
  policy: Policy | null;
  rule: u32;
}

/**
 * The decision: a DENY policy that matches denies; else an ALLOW policy that matches allows; else
 * `allowByDefault` says. Writes the deciding policy to `decider`. The order of policies and rules
 * changes who is named, never the answer. With `withDryRun`, as if dry-run policies were enforced.
 */
export function decide(
  set: PolicySet,
  request: RequestAttributes,
  allowByDefault: bool,
  withDryRun: bool,
  decider: Decider,
): bool {
  if (findMatch(set.policies, Action.DENY, request, withDryRun, decider)) return false;
  if (findMatch(set.policies, Action.ALLOW, request, withDryRun, decider)) return true;
  return allowByDefault;
}

/** The first policy of this action that matches; whether there is one. */
export function findMatch(
  policies: List<Policy>,
  action: Action,
  request: RequestAttributes,
  withDryRun: bool,
  decider: Decider,
): bool {
  for (let index: u32 = 0; index < policies.length; index++) {
    const policy = policies.at(index);
    if (policy.action != action || (policy.dryRun && !withDryRun)) continue;
    for (let rule: u32 = 0; rule < policy.rules.length; rule++) {
      if (ruleHolds(policy.rules.at(rule), request)) {
        decider.policy = policy;
        decider.rule = rule;
        return true;
      }
    }
  }
  decider.policy = null;
  decider.rule = 0;
  return false;
}
