import { Arena } from "as-bytes";
import { Truth } from "../attributes/truth";
import { RULE_INDEX } from "../compiled/rule-words";
import { Filing, PolicyTables, RULE_CLASSES, RuleClass } from "../compiled/tables";
import { NO_ATOM, Truths } from "../compiled/truths";
import { Policy } from "../document/policy";
import { truthOfRule } from "./rule";
import { TriedRules } from "./tried";

/** No rule. */
const NONE: u32 = u32.MAX_VALUE;

/** The first rule of each class that applies to a request. */
@unmanaged
export class Applying {
  private tables: PolicyTables;
  private numbers: usize;

  static create(tables: PolicyTables, arena: Arena): Applying {
    const applying = changetype<Applying>(arena.allocate(offsetof<Applying>()));
    applying.tables = tables;
    applying.numbers = arena.take(RULE_CLASSES << 2);
    memory.fill(applying.numbers, 0xff, RULE_CLASSES << 2);
    return applying;
  }

  has(ruleClass: RuleClass): bool {
    return this.number(ruleClass) != NONE;
  }

  number(ruleClass: u32): u32 {
    return load<u32>(this.numbers + ((<usize>ruleClass) << 2));
  }

  note(ruleClass: u32, number: u32): void {
    store<u32>(this.numbers + ((<usize>ruleClass) << 2), number);
  }

  /** The policy of the rule that applies; the caller guarantees `has`. */
  policy(ruleClass: RuleClass): Policy {
    const tables = this.tables;
    return tables.policies.at(load<u32>(tables.rule(this.number(ruleClass))));
  }

  /** Its place among the policy's rules in the document. */
  ruleIndex(ruleClass: RuleClass): u32 {
    return load<u32>(this.tables.rule(this.number(ruleClass)), RULE_INDEX);
  }
}

/**
 * Finds the rules that apply: DENY rules unless they are false, others where they are true. Only rules
 * filed under a true atom can; of each class the first in document order is named, which the order of
 * looking does not change.
 */
export function findApplying(tables: PolicyTables, truths: Truths, arena: Arena): Applying {
  const applying = Applying.create(tables, arena);
  const tried = TriedRules.create(tables, arena);
  lookThrough(tables, NO_ATOM, truths, tried, applying);
  for (let index: u32 = 0; index < truths.count; index++)
    lookThrough(tables, truths.at(index), truths, tried, applying);
  return applying;
}

/** The rules filed under one atom. */
function lookThrough(
  tables: PolicyTables,
  atom: u32,
  truths: Truths,
  tried: TriedRules,
  applying: Applying,
): void {
  const filing = tables.filing;
  let at = filingStart(filing, atom);
  const end = filingStart(filing, atom + 1);
  let ruleClass: u32 = 0;
  while (at < end) {
    const number = load<u32>(filing.rules + ((<usize>at) << 2));
    while (number >= tables.classEnd(ruleClass)) ruleClass += 1;
    if (number < applying.number(ruleClass) && !tried.wasTried(number)) {
      const truth = truthOfRule(tables.rule(number), truths);
      if (truth == Truth.TRUE || (truth == Truth.UNKNOWN && isDeny(ruleClass)))
        applying.note(ruleClass, number);
    }
    at += 1;
  }
}


@inline
export function filingStart(filing: Filing, atom: u32): u32 {
  return load<u32>(filing.starts + ((<usize>atom) << 2));
}

function isDeny(ruleClass: u32): bool {
  return ruleClass == RuleClass.DENY || ruleClass == RuleClass.DRY_RUN_DENY;
}

/** A DENY rule that applies denies; else an ALLOW rule that applies allows; else the default says. */
export function isAllowed(applying: Applying, allowByDefault: bool): bool {
  if (applying.has(RuleClass.DENY)) return false;
  return applying.has(RuleClass.ALLOW) || allowByDefault;
}

/** The same as if the policies of dry runs were enforced. */
export function wouldBeAllowed(applying: Applying, allowByDefault: bool): bool {
  if (applying.has(RuleClass.DENY) || applying.has(RuleClass.DRY_RUN_DENY)) return false;
  return applying.has(RuleClass.ALLOW) || applying.has(RuleClass.DRY_RUN_ALLOW) || allowByDefault;
}
