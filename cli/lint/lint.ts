/** Lint: the traps of documents that load. */
import type { Document } from "../schema/document.ts";
import { ambiguousDeniedPath } from "./ambiguous-denied-path.ts";
import { deniedPathNeighbors } from "./denied-path-neighbors.ts";
import { emptyRules } from "./empty-rules.ts";
import { headerNameCase } from "./header-name-case.ts";
import { hostWithoutPort } from "./host-without-port.ts";
import { httpOnlyDenial } from "./http-only-denial.ts";
import type { Level, LintRule } from "./lint-rule.ts";
import { literalStar } from "./literal-star.ts";
import { looseTokenRule } from "./loose-token-rule.ts";
import { neverMatchingValues } from "./never-matching-values.ts";
import { noTokenRule } from "./no-token-rule.ts";
import { numberAsText } from "./number-as-text.ts";
import { openToAnonymous } from "./open-to-anonymous.ts";
import { shadowedRule } from "./shadowed-rule.ts";
import { templateInIstio } from "./template-in-istio.ts";

export const LINT_RULES: readonly LintRule[] = [
  emptyRules,
  neverMatchingValues,
  literalStar,
  openToAnonymous,
  deniedPathNeighbors,
  ambiguousDeniedPath,
  templateInIstio,
  hostWithoutPort,
  headerNameCase,
  httpOnlyDenial,
  numberAsText,
  looseTokenRule,
  noTokenRule,
  shadowedRule,
];

export interface Finding {
  rule: LintRule;
  level: Level;
  pointer: string;
  message: string;
}

export function lint(document: Document): Finding[] {
  return LINT_RULES.flatMap((rule) =>
    [...rule.find(document)].map(({ pointer, message, level = rule.level }) => ({
      rule,
      level,
      pointer,
      message,
    })),
  );
}
