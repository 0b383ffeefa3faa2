import type { LintRule } from "./lint-rule.ts";
import { isDeny, operationsOf } from "./walk.ts";

export const templateInIstio: LintRule = {
  id: "template-in-istio",
  level: "note",
  title: "A denied template that Istio's own configuration lets bytes past",
  help: "Nothing is to be done for Lictor; where Istio enforces the same policy, deny the prefix instead.",
  *find(document) {
    for (const { policy, value, pointer } of operationsOf(document)) {
      if (!isDeny(policy)) continue;
      for (const [index, path] of (value.paths ?? []).entries()) {
        if (!/\{\*\*?\}/.test(path)) continue;
        const message = `\`[\` in a segment gets past \`${path}\` in Istio's Envoy; Lictor denies it`;
        yield { pointer: `${pointer}/paths/${index}`, message };
      }
    }
  },
};
