import { Arena, List } from "as-bytes";
import { readAttribute } from "../attributes/read-attribute";
import { RequestAttributes } from "../attributes/request";
import { compareValues } from "../attributes/same";
import { Truth } from "../attributes/truth";
import { Action, Conjunction, Part, PolicySet, Rule } from "../document/policy";
import { Pattern, PatternKind } from "../patterns/pattern";
import { isTrueOf } from "./pattern-truth";

/**
 * The decision as the format defines it, with no table and no shortcut: what the compiled form is held
 * against. A DENY rule applies unless it is false, the others where they are true; a rule of a DENY
 * policy that applies denies, else one of an ALLOW policy allows, else the default decides.
 */
export function decideByReference(
  set: PolicySet,
  request: RequestAttributes,
  allowByDefault: bool,
  withDryRun: bool,
  arena: Arena,
): bool {
  if (appliesByReference(set, Action.DENY, request, withDryRun, arena)) return false;
  if (appliesByReference(set, Action.ALLOW, request, withDryRun, arena)) return true;
  return allowByDefault;
}

/** Whether a rule of a policy with this action applies. */
export function appliesByReference(
  set: PolicySet,
  action: Action,
  request: RequestAttributes,
  withDryRun: bool,
  arena: Arena,
): bool {
  for (let index: u32 = 0; index < set.policies.length; index++) {
    const policy = set.policies.at(index).policy;
    const rules = set.policies.at(index).rules;
    if (policy.action != action || (policy.dryRun && !withDryRun)) continue;
    for (let rule: u32 = 0; rule < rules.length; rule++) {
      const truth = truthOfRule(rules.at(rule), request, arena);
      if (truth == Truth.TRUE || (action == Action.DENY && truth == Truth.UNKNOWN)) return true;
    }
  }
  return false;
}

function truthOfRule(rule: Rule, request: RequestAttributes, arena: Arena): Truth {
  const to = truthOfAny(rule.to, request, arena);
  const from = truthOfAny(rule.from, request, arena);
  const when = truthOfAll(rule.when, request, arena);
  return min(to, min(from, when));
}

/** No alternatives: nothing is asked. */
function truthOfAny(alternatives: List<Conjunction>, request: RequestAttributes, arena: Arena): Truth {
  let truth = alternatives.length == 0 ? Truth.TRUE : Truth.FALSE;
  for (let index: u32 = 0; index < alternatives.length; index++)
    truth = max(truth, truthOfAll(alternatives.at(index), request, arena));
  return truth;
}

/** False if any part is false, else unknown if any is unknown, else true. */
function truthOfAll(parts: Conjunction, request: RequestAttributes, arena: Arena): Truth {
  let truth = Truth.TRUE;
  for (let index: u32 = 0; index < parts.length; index++)
    truth = min(truth, truthOfPart(parts.at(index), request, arena));
  return truth;
}

function truthOfPart(part: Part, request: RequestAttributes, arena: Arena): Truth {
  const value = readAttribute(part.attribute, request, arena);
  const sameAs = part.sameAs;
  if (sameAs !== null) return compareValues(value, readAttribute(sameAs, request, arena));
  if (part.known != PatternKind.NEVER && !isTrueOf(Pattern.create(part.known, 0, arena), value))
    return Truth.UNKNOWN;
  let matches: u32 = 0;
  for (let index: u32 = 0; index < part.patterns.length; index++) {
    if (isTrueOf(part.patterns.at(index), value)) matches += 1;
  }
  const holds = part.all ? matches == part.patterns.length : matches != 0;
  return holds != part.negated ? Truth.TRUE : Truth.FALSE;
}
