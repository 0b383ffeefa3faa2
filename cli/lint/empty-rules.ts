import type { LintRule } from "./lint-rule.ts";

export const emptyRules: LintRule = {
  id: "empty-rules",
  level: "warning",
  title: "A policy without rules never matches",
  help: "Write `rules: [{}]` to match every request, or leave the policy out.",
  *find(document) {
    for (const [index, { action = "ALLOW", rules = [] }] of (document.policies ?? []).entries()) {
      if (rules.length > 0) continue;
      const pointer = `/policies/${index}`;
      if (action === "AUDIT") yield { pointer, message: "an AUDIT policy without rules records nothing" };
      else yield { pointer, level: "note", message: "an ALLOW policy without rules allows nothing" };
    }
  },
};
