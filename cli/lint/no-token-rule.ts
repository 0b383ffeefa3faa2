import type { LintRule } from "./lint-rule.ts";
import { conditionsOf, sourcesOf } from "./walk.ts";

/** Attributes of verified tokens. */
const TOKEN_KEY = /^request\.auth[.[]/;

export const noTokenRule: LintRule = {
  id: "no-token-rule",
  level: "warning",
  title: "A rule about tokens that nothing verifies",
  help: "Say in `jwtRules` whose tokens are verified, and with which keys.",
  *find(document) {
    if ((document.jwtRules ?? []).length > 0) return;
    const message = "no JWT rule verifies tokens, so no request has one";
    for (const { value, pointer } of sourcesOf(document)) {
      if (value.requestPrincipals !== undefined) yield { pointer: `${pointer}/requestPrincipals`, message };
    }
    for (const { value, pointer } of conditionsOf(document)) {
      if (TOKEN_KEY.test(value.key)) yield { pointer: `${pointer}/key`, message };
    }
  },
};
