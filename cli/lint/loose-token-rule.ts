import type { LintRule } from "./lint-rule.ts";

export const looseTokenRule: LintRule = {
  id: "loose-token-rule",
  level: "note",
  title: "A rule for tokens that takes more than it should",
  help: "Name the audiences that are yours, and leave `requireExpiry` at true.",
  *find(document) {
    for (const [index, rule] of (document.jwtRules ?? []).entries()) {
      const pointer = `/jwtRules/${index}`;
      if ((rule.audiences ?? []).length === 0) {
        yield { pointer, message: "tokens that the issuer made for other services are taken: no audiences" };
      }
      if (rule.requireExpiry === false) {
        yield { pointer: `${pointer}/requireExpiry`, message: "tokens without an expiry are taken for ever" };
      }
    }
  },
};
