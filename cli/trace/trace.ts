/** A decision's trace in the words of the document: every part of every rule with the place where it is written. */
import type { Document } from "../schema/document.ts";
import type { Policy } from "../schema/policy.ts";
import type { Rule } from "../schema/rule.ts";
import type { RawAlternative, RawRule, RawTrace, RulePlace, Truth } from "./raw-trace.ts";

/** A field of a source or an operation, or a condition. */
export interface TracedPart {
  /** JSON pointer into the document. */
  pointer: string;
  /** As records name it: `from[0].source.namespaces`, `when[1].request.host`. */
  label: string;
  /** What the part looks at: the field's name, or the condition's key. */
  about: string;
  /** What it asks for, as the document has it. */
  wanted: unknown;
  truth: Truth;
}

export interface TracedAlternative {
  truth: Truth;
  parts: TracedPart[];
}

/** One way through a rule: a rule with names of its paths has one for each path, others have one. */
export interface TracedVariant {
  /** The path that it is for, where it is for one. */
  path?: string;
  truth: Truth;
  to: TracedAlternative[];
  from: TracedAlternative[];
  when: TracedPart[];
}

export interface TracedRule {
  index: number;
  pointer: string;
  /** The best of its variants. */
  truth: Truth;
  isDecider: boolean;
  isNearest: boolean;
  variants: TracedVariant[];
}

export interface TracedPolicy {
  name: string;
  action: "ALLOW" | "DENY" | "AUDIT";
  dryRun: boolean;
  rules: TracedRule[];
}

export interface Trace {
  /** Whether the request came as far as the policies; if not, they have no rules here. */
  asked: boolean;
  policies: TracedPolicy[];
}

const ORDER: readonly Truth[] = ["false", "unknown", "true"];

/** The conjunction of several truths. */
export function least(truths: readonly Truth[]): Truth {
  return ORDER[Math.min(2, ...truths.map((truth) => ORDER.indexOf(truth)))] ?? "true";
}

function greatest(truths: readonly Truth[]): Truth {
  return ORDER[Math.max(0, ...truths.map((truth) => ORDER.indexOf(truth)))] ?? "false";
}

/** Puts what the module tells beside the document that it loaded. */
export function placeTrace(raw: RawTrace, document: Document): Trace {
  const policies = (document.policies ?? []).map((policy, index): TracedPolicy => {
    const rules = (policy.rules ?? []).flatMap((rule, number): TracedRule[] => {
      const compiled = raw.rules.filter((entry) => entry.policy === index && entry.rule === number);
      if (compiled.length === 0) return [];
      const pointer = `/policies/${index}/rules/${number}`;
      const variants = compiled.map((entry, at) => variantOf(entry, at, rule, pointer));
      const isAt = (place: RulePlace | undefined) => place?.policy === index && place.rule === number;
      return [
        {
          index: number,
          pointer,
          truth: greatest(variants.map(({ truth }) => truth)),
          isDecider: isAt(raw.decider),
          isNearest: isAt(raw.nearest),
          variants,
        },
      ];
    });
    const { action = "ALLOW", dryRun = false } = policy;
    return { name: nameOf(policy), action, dryRun, rules };
  });
  return { asked: raw.asked, policies };
}

/** As records have it. */
function nameOf({ name, namespace = "" }: Policy): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

function variantOf(raw: RawRule, at: number, rule: Rule, pointer: string): TracedVariant {
  const named = usesPathNames(rule) ? namedPaths(rule)[at] : undefined;
  const to = raw.to.map((alternative, index) => {
    const number = named?.operation ?? index;
    return alternativeOf(alternative, "to", "operation", number, rule.to?.[number]?.operation, pointer);
  });
  const from = raw.from.map((alternative, index) =>
    alternativeOf(alternative, "from", "source", index, rule.from?.[index]?.source, pointer),
  );
  const when = (rule.when ?? []).map((condition, index): TracedPart => {
    const { key, ...wanted } = condition;
    const truths = raw.when.filter((part) => part.condition === index).map(({ truth }) => truth);
    return {
      pointer: `${pointer}/when/${index}`,
      label: `when[${index}].${key}`,
      about: key,
      wanted,
      truth: least(truths),
    };
  });
  return { ...(named === undefined ? {} : { path: named.path }), truth: raw.truth, to, from, when };
}

function alternativeOf(
  raw: RawAlternative,
  list: "to" | "from",
  wrapper: string,
  index: number,
  fields: Readonly<Record<string, unknown>> = {},
  rule: string,
): TracedAlternative {
  const parts = raw.parts.map(({ field, truth }) => ({
    pointer: `${rule}/${list}/${index}/${wrapper}/${field}`,
    label: `${list}[${index}].${wrapper}.${field}`,
    about: field,
    wanted: fields[field],
    truth,
  }));
  return { truth: raw.truth, parts };
}

const PATH_NAME = /^request\.path\{/;

function usesPathNames({ when = [] }: Rule): boolean {
  return when.some(({ key, sameAs = "" }) => PATH_NAME.test(key) || PATH_NAME.test(sameAs));
}

/** The paths of a rule in the order in which the filter expands it. */
function namedPaths({ to = [] }: Rule): { operation: number; path: string }[] {
  return to.flatMap(({ operation }, index) =>
    (operation.paths ?? []).map((path) => ({ operation: index, path })),
  );
}
