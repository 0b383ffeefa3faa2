/** Whether one rule matches every request that another does; conservative, as `covers` is. */
import type { Policy } from "../schema/policy.ts";
import type { Operation, Rule, Source } from "../schema/rule.ts";
import { canonical } from "./canonical.ts";
import { covers } from "./pattern-coverage.ts";

export interface PolicyRule {
  policy: Policy;
  rule: Rule;
}

export function ruleCovers(wide: PolicyRule, narrow: PolicyRule): boolean {
  // Names of segments mean what the rule's own paths bind, and accounts without namespace the policy's.
  if (usesPathNames(wide.rule) || usesPathNames(narrow.rule)) return false;
  if ((wide.policy.namespace ?? "") !== (narrow.policy.namespace ?? "")) {
    if (usesAccounts(wide.rule) || usesAccounts(narrow.rule)) return false;
  }
  return (
    alternativesCover(
      wide.rule.from?.map(({ source }) => source),
      narrow.rule.from?.map(({ source }) => source),
    ) &&
    alternativesCover(
      wide.rule.to?.map(({ operation }) => operation),
      narrow.rule.to?.map(({ operation }) => operation),
    ) &&
    conditionsCover(wide.rule, narrow.rule)
  );
}

type Fields = Source | Operation;

/** Every alternative of the narrow rule lies within one of the wide rule. */
function alternativesCover(wide: Fields[] | undefined, narrow: Fields[] | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  return narrow.every((inner) => wide.some((outer) => fieldsCover(outer, inner)));
}

interface ValueLists {
  [field: string]: string[] | undefined;
}

function fieldsCover(wide: Fields, narrow: Fields): boolean {
  const given: ValueLists = narrow;
  return Object.entries(wide as ValueLists).every(([name, values = []]) => {
    const others = given[name];
    if (others === undefined) return false;
    if (!name.startsWith("not"))
      return others.every((inner) => values.some((outer) => covers(name, outer, inner)));
    // What the wide rule leaves out, the narrow one must leave out too.
    const field = name.charAt(3).toLowerCase() + name.slice(4);
    return values.every((inner) => others.some((outer) => covers(field, outer, inner)));
  });
}

/** The wide rule asks for nothing that the narrow one does not ask for in the same words. */
function conditionsCover(wide: Rule, narrow: Rule): boolean {
  const asked = new Set((narrow.when ?? []).map(canonical));
  return (wide.when ?? []).every((condition) => asked.has(canonical(condition)));
}

function usesPathNames({ when = [] }: Rule): boolean {
  return when.some(({ key, sameAs = "" }) => `${key} ${sameAs}`.includes("request.path{"));
}

function usesAccounts({ from = [], when = [] }: Rule): boolean {
  return (
    from.some(
      ({ source }) => source.serviceAccounts !== undefined || source.notServiceAccounts !== undefined,
    ) || when.some(({ key }) => key === "source.serviceAccount")
  );
}
