/** What of a document's rules a set of requests has tried. */
import type { Trace, TracedPart, TracedPolicy, TracedVariant } from "../trace/trace.ts";

interface PartCoverage {
  label: string;
  wasTrue: boolean;
  /** False or unknown. */
  wasNotTrue: boolean;
}

interface RuleCoverage {
  index: number;
  applied: boolean;
  /** By pointer. */
  parts: Map<string, PartCoverage>;
}

interface PolicyCoverage {
  name: string;
  rules: Map<number, RuleCoverage>;
}

export interface Gap {
  policy: string;
  /** `rule 0 never applied`, `rule 0, when[1].request.host was never false` */
  what: string;
}

/**
 * Counts a rule once, for applying, and each field of its sources and operations and each of its
 * conditions twice, for being true and for not being true. Requests that are refused before the
 * policies are asked try nothing, and rules that decide nothing, AUDIT in a dry run, do not count.
 */
export class Coverage {
  /** By place in the document. */
  readonly #policies = new Map<number, PolicyCoverage>();

  add(trace: Trace): void {
    for (const [index, policy] of trace.policies.entries()) this.#addPolicy(index, policy);
  }

  #addPolicy(index: number, policy: TracedPolicy): void {
    const known = this.#policies.get(index) ?? { name: policy.name, rules: new Map() };
    this.#policies.set(index, known);
    for (const rule of policy.rules) {
      const covered = known.rules.get(rule.index) ?? { index: rule.index, applied: false, parts: new Map() };
      known.rules.set(rule.index, covered);
      if (rule.truth === "true" || (policy.action === "DENY" && rule.truth === "unknown"))
        covered.applied = true;
      for (const part of rule.variants.flatMap(partsOf)) noteTruth(covered.parts, part);
    }
  }

  /** What has been tried and all that there is to try. */
  get counts(): { covered: number; total: number } {
    let covered = 0;
    let total = 0;
    for (const rule of this.#rules()) {
      const parts = [...rule.parts.values()];
      const tried = [rule.applied, ...parts.flatMap(({ wasTrue, wasNotTrue }) => [wasTrue, wasNotTrue])];
      covered += tried.filter(Boolean).length;
      total += tried.length;
    }
    return { covered, total };
  }

  /** In document order. */
  get gaps(): Gap[] {
    return [...this.#policies.values()].flatMap(({ name, rules }) =>
      [...rules.values()].flatMap((rule) => gapsOf(rule).map((what) => ({ policy: name, what }))),
    );
  }

  *#rules(): Generator<RuleCoverage> {
    for (const { rules } of this.#policies.values()) yield* rules.values();
  }
}

/** Without rules there is nothing to try, and all of it has been tried. */
export function percentOf({ covered, total }: { covered: number; total: number }): number {
  return total === 0 ? 100 : (100 * covered) / total;
}

function partsOf({ to, from, when }: TracedVariant): TracedPart[] {
  return [...to, ...from].flatMap(({ parts }) => parts).concat(when);
}

function noteTruth(parts: Map<string, PartCoverage>, { pointer, label, truth }: TracedPart): void {
  const known = parts.get(pointer) ?? { label, wasTrue: false, wasNotTrue: false };
  parts.set(pointer, known);
  if (truth === "true") known.wasTrue = true;
  else known.wasNotTrue = true;
}

function gapsOf({ index, applied, parts }: RuleCoverage): string[] {
  const gaps = applied ? [] : [`rule ${index} never applied`];
  for (const { label, wasTrue, wasNotTrue } of parts.values()) {
    if (!wasTrue) gaps.push(`rule ${index}, ${label} was never true`);
    if (!wasNotTrue) gaps.push(`rule ${index}, ${label} was never false`);
  }
  return gaps;
}
