import { Arena } from "as-bytes";
import { Attribute } from "../attributes/attribute";
import { Truth } from "../attributes/truth";
import {
  ATTRIBUTE_MASK,
  CONJUNCTION_HEAD,
  NEGATED,
  PART_PLACE,
  PLACE_SHIFT,
  RULE_FROM,
  RULE_HEAD,
  RULE_INDEX,
} from "../compiled/rule-words";
import { PolicyTables } from "../compiled/tables";
import { NO_ATOM, Truths } from "../compiled/truths";
import { Policy } from "../document/policy";
import { filingStart } from "./decide";
import { anyHolds, nextConjunction, nextPart, skipConjunctions, toCount, truthOfPart } from "./rule";
import { TriedRules } from "./tried";

/** The ALLOW rule that came nearest to allowing, and what of it failed. `policy` null: none had a `to` that holds. */
@unmanaged
export class NearestRule {
  policy: Policy | null;
  /** Its place among the policy's rules in the document. */
  rule: u32;
  number: u32;
  /** Parts of it that are not true. */
  failures: u32;
  /** Every failing part asks for an end-user identity. */
  onlyIdentity: bool;
  /** Every failing part asks for a scope. */
  onlyScope: bool;
  /** What the first part that is not true looks at. */
  failed: Attribute | null;
  failedNegated: bool;
  /** It stands in the rule's `when`, else in its `from`. */
  failedInWhen: bool;
  /** Index of the condition, or of the source that came nearest. */
  failedIndex: u32;
}

/** Of the enforced ALLOW rules whose `to` holds, the one with the fewest parts that are not true, ties in document order. */
export function findNearest(tables: PolicyTables, truths: Truths, nearest: NearestRule, arena: Arena): void {
  const trial = changetype<NearestRule>(arena.allocate(offsetof<NearestRule>()));
  const tried = TriedRules.create(tables, arena);
  nearest.policy = null;
  nearest.failures = u32.MAX_VALUE;
  lookThrough(tables, NO_ATOM, truths, tried, nearest, trial);
  for (let index: u32 = 0; index < truths.count; index++)
    lookThrough(tables, truths.at(index), truths, tried, nearest, trial);
}

function lookThrough(
  tables: PolicyTables,
  atom: u32,
  truths: Truths,
  tried: TriedRules,
  nearest: NearestRule,
  trial: NearestRule,
): void {
  const filing = tables.nearestFiling;
  const end = filingStart(filing, atom + 1);
  for (let at = filingStart(filing, atom); at < end; at++) {
    const number = load<u32>(filing.rules + ((<usize>at) << 2));
    const rule = tables.rule(number);
    if (tried.wasTried(number)) continue;
    if (!anyHolds(rule + RULE_HEAD, toCount(rule), truths)) continue;
    clear(trial, number);
    countFailures(tables, rule, truths, trial);
    const isNearer =
      trial.failures < nearest.failures || (trial.failures == nearest.failures && number < nearest.number);
    if (!isNearer) continue;
    memory.copy(changetype<usize>(nearest), changetype<usize>(trial), offsetof<NearestRule>());
    nearest.policy = tables.policies.at(load<u32>(rule));
    nearest.rule = load<u32>(rule, RULE_INDEX);
  }
}

function clear(trial: NearestRule, number: u32): void {
  trial.policy = null;
  trial.number = number;
  trial.failures = 0;
  trial.onlyIdentity = true;
  trial.onlyScope = true;
  trial.failed = null;
}

function countFailures(tables: PolicyTables, rule: usize, truths: Truths, trial: NearestRule): void {
  const sources = skipConjunctions(rule + RULE_HEAD, toCount(rule));
  const sourceCount = load<u32>(rule, RULE_FROM);
  let source = sources;
  let best = sources;
  let bestIndex: u32 = 0;
  let fewest = u32.MAX_VALUE;
  for (let index: u32 = 0; index < sourceCount; index++) {
    const failures = failuresIn(source, truths);
    if (failures < fewest) {
      fewest = failures;
      best = source;
      bestIndex = index;
    }
    source = nextConjunction(source);
  }
  if (sourceCount != 0) noteFailures(tables, best, truths, trial, false, bestIndex);
  noteFailures(tables, source, truths, trial, true, 0);
}

function failuresIn(conjunction: usize, truths: Truths): u32 {
  let failures: u32 = 0;
  const end = nextConjunction(conjunction);
  let part = conjunction + CONJUNCTION_HEAD;
  while (part < end) {
    if (truthOfPart(part, truths) != Truth.TRUE) failures += 1;
    part = nextPart(part);
  }
  return failures;
}

function noteFailures(
  tables: PolicyTables,
  conjunction: usize,
  truths: Truths,
  trial: NearestRule,
  inWhen: bool,
  source: u32,
): void {
  const end = nextConjunction(conjunction);
  let part = conjunction + CONJUNCTION_HEAD;
  while (part < end) {
    if (truthOfPart(part, truths) != Truth.TRUE) {
      const place = load<u32>(part, PART_PLACE);
      const attribute = tables.indexes.at(place & ATTRIBUTE_MASK).attribute;
      if (trial.failures == 0) {
        trial.failed = attribute;
        trial.failedNegated = (load<u32>(part) & NEGATED) != 0;
        trial.failedInWhen = inWhen;
        trial.failedIndex = inWhen ? place >> PLACE_SHIFT : source;
      }
      trial.failures += 1;
      if (!attribute.isRequestIdentity) trial.onlyIdentity = false;
      if (!attribute.isScope) trial.onlyScope = false;
    }
    part = nextPart(part);
  }
}
