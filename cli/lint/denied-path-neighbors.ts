import type { LintRule } from "./lint-rule.ts";
import { covers } from "./pattern-coverage.ts";
import { isDeny, operationsOf } from "./walk.ts";

/** The path in front of a value that takes everything below it. */
function parentOf(path: string): string | undefined {
  return /^(\/[^*{}]*[^*{}/])\/(?:\*|\{\*\*\})$/.exec(path)?.[1];
}

export const deniedPathNeighbors: LintRule = {
  id: "denied-path-neighbors",
  level: "warning",
  title: "A denied path whose neighbor stays open",
  help: "Deny the path itself too, beside what is below it.",
  *find(document) {
    for (const { policy, value, pointer } of operationsOf(document)) {
      if (!isDeny(policy)) continue;
      const paths = value.paths ?? [];
      for (const [index, path] of paths.entries()) {
        const parent = parentOf(path);
        if (parent === undefined || paths.some((other) => covers("paths", other, parent))) continue;
        yield { pointer: `${pointer}/paths/${index}`, message: `\`${path}\` does not deny \`${parent}\`` };
      }
    }
  },
};
