import type { LintRule, Trap } from "./lint-rule.ts";
import { canonical } from "./canonical.ts";
import { ruleCovers } from "./rule-coverage.ts";
import { rulesOf, type PlacedRule } from "./walk.ts";

/** LIMIT: every rule is compared with every other of its action. */
const MAX_RULES = 2000;

export const shadowedRule: LintRule = {
  id: "shadowed-rule",
  level: "warning",
  title: "A rule that another one makes needless",
  help: "Leave it out, or make it say what the other does not.",
  *find(document) {
    for (const rules of groups([...rulesOf(document)])) {
      const duplicates = new Set<PlacedRule>();
      yield* findDuplicates(rules, duplicates);
      const others = rules.filter((rule) => !duplicates.has(rule));
      if (others.length <= MAX_RULES) yield* findCovered(others);
      else
        yield {
          pointer: "",
          level: "note",
          message: `rules are not compared: there are more than ${MAX_RULES} of one action`,
        };
    }
  },
};

/** Rules that act alike: of one action, enforced or not. */
function groups(rules: readonly PlacedRule[]): PlacedRule[][] {
  const byAction = new Map<string, PlacedRule[]>();
  for (const placed of rules) {
    const { action = "ALLOW", dryRun = false } = placed.policy;
    const key = `${action} ${dryRun}`;
    const group = byAction.get(key);
    if (group === undefined) byAction.set(key, [placed]);
    else group.push(placed);
  }
  return [...byAction.values()];
}

function* findDuplicates(rules: readonly PlacedRule[], duplicates: Set<PlacedRule>): Generator<Trap> {
  const first = new Map<string, PlacedRule>();
  for (const placed of rules) {
    // An account without a namespace is one of the policy's.
    const key = `${placed.policy.namespace ?? ""} ${canonical(placed.rule)}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, placed);
      continue;
    }
    duplicates.add(placed);
    yield {
      pointer: placed.pointer,
      message: `the same rule stands in policy \`${other.policy.name}\`, at ${other.pointer}`,
    };
  }
}

function* findCovered(rules: readonly PlacedRule[]): Generator<Trap> {
  for (const [index, placed] of rules.entries()) {
    // Of two that cover each other, the later one is needless.
    const wide = rules.find(
      (other, number) =>
        other !== placed && ruleCovers(other, placed) && (number < index || !ruleCovers(placed, other)),
    );
    if (wide === undefined) continue;
    yield {
      pointer: placed.pointer,
      message: `whatever it matches, policy \`${wide.policy.name}\` matches already, at ${wide.pointer}`,
    };
  }
}
