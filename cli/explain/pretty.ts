/** A trace for people: policies in document order, and what of each rule did not hold. */
import { colors, printable, printableJson } from "../output.ts";
import type { Truth } from "../trace/raw-trace.ts";
import type {
  Trace,
  TracedAlternative,
  TracedPart,
  TracedPolicy,
  TracedRule,
  TracedVariant,
} from "../trace/trace.ts";
import { valueOf, type Seen } from "./request-value.ts";

/** Longest text of one value. */
const VALUE_CHARACTERS = 120;

const TRUTH: Record<Truth, string> = {
  true: colors.green("holds"),
  false: colors.red("fails"),
  unknown: colors.yellow("unknown"),
};

export interface TraceOptions {
  /** Every rule, not only those that had something to do with the decision. */
  all: boolean;
}

export function traceLines(trace: Trace, seen: Seen, options: TraceOptions): string[] {
  if (!trace.asked) return ["the request was refused before the policies were asked"];
  const lines = trace.policies.flatMap((policy) => {
    const rules = policy.rules.filter((rule) => options.all || isRelevant(rule));
    return rules.length === 0 ? [] : [policyLine(policy), ...rules.flatMap((rule) => ruleLines(rule, seen))];
  });
  return lines.length === 0 ? ["no rule's `to` holds: --all shows every rule"] : lines;
}

function isRelevant({ isDecider, isNearest, variants }: TracedRule): boolean {
  return isDecider || isNearest || variants.some(({ to }) => anyHolds(to));
}

/** No alternatives ask for nothing. */
function anyHolds(alternatives: readonly TracedAlternative[]): boolean {
  return alternatives.length === 0 || alternatives.some(({ truth }) => truth === "true");
}

function policyLine({ action, dryRun, name }: TracedPolicy): string {
  return `${action}${dryRun ? " (dry run)" : ""} ${printable(name)}`;
}

function ruleLines(rule: TracedRule, seen: Seen): string[] {
  const marks = [...(rule.isDecider ? ["decides"] : []), ...(rule.isNearest ? ["nearest"] : [])];
  const mark = marks.length === 0 ? "" : `  ${colors.cyan(`<- ${marks.join(", ")}`)}`;
  const head = `  rule ${rule.index} ${TRUTH[rule.truth]}${mark}`;
  return [head, ...partsToShow(nearestVariant(rule)).flatMap((part) => partLines(part, rule, seen))];
}

/** Of a rule's paths the one that came furthest. */
function nearestVariant({ variants }: TracedRule): TracedVariant | undefined {
  const failures = (variant: TracedVariant) =>
    (anyHolds(variant.to) ? 0 : 1000) + partsToShow(variant).filter(({ truth }) => truth !== "true").length;
  return [...variants].sort((left, right) => failures(left) - failures(right))[0];
}

/** What does not hold: of alternatives, where none holds, the one with the fewest such parts. */
function partsToShow(variant: TracedVariant | undefined): TracedPart[] {
  if (variant === undefined) return [];
  return [...failing(variant.to), ...failing(variant.from), ...variant.when.filter(doesNotHold)];
}

function failing(alternatives: readonly TracedAlternative[]): TracedPart[] {
  if (anyHolds(alternatives)) return [];
  const parts = alternatives.map((alternative) => alternative.parts.filter(doesNotHold));
  return parts.sort((left, right) => left.length - right.length)[0] ?? [];
}

function doesNotHold({ truth }: TracedPart): boolean {
  return truth !== "true";
}

function partLines(part: TracedPart, rule: TracedRule, seen: Seen): string[] {
  const path = nearestVariant(rule)?.path;
  const isCondition = part.label.startsWith("when");
  const lines = [
    `    ${TRUTH[part.truth]} ${printable(part.label)}`,
    `      asked for  ${isCondition ? operatorsText(part.wanted) : text(part.wanted)}`,
    `      there was  ${text(valueOf(part.about, path, seen))}`,
  ];
  const other = (part.wanted as { sameAs?: string } | undefined)?.sameAs;
  return other === undefined
    ? lines
    : [...lines, `      ${printable(other)}  ${text(valueOf(other, path, seen))}`];
}

/** `gte 3, lt 5` */
function operatorsText(wanted: unknown): string {
  return Object.entries(wanted as Record<string, unknown>)
    .map(
      ([operator, value]) => `${operator} ${operator === "sameAs" ? printable(String(value)) : text(value)}`,
    )
    .join(", ");
}

function text(value: unknown): string {
  if (value === undefined) return "nothing";
  const json = printableJson(value);
  return json.length > VALUE_CHARACTERS ? `${json.slice(0, VALUE_CHARACTERS)}…` : json;
}
