import type { LintRule } from "./lint-rule.ts";
import { isDeny, operationsOf } from "./walk.ts";

export const ambiguousDeniedPath: LintRule = {
  id: "ambiguous-denied-path",
  level: "warning",
  title: "A denied path that has other spellings",
  help: "Leave `requests.ambiguousPaths` at REFUSE, or deny by what callers cannot write in two ways.",
  *find(document) {
    if (document.requests?.ambiguousPaths !== "KEEP") return;
    for (const { policy, value, pointer } of operationsOf(document)) {
      if (!isDeny(policy) || value.paths === undefined) continue;
      const path = value.paths[0] ?? "";
      const message = `another spelling of \`${path}\`, with \`//\` or an encoded byte, is not denied while ambiguous paths are kept`;
      yield { pointer: `${pointer}/paths`, message };
    }
  },
};
