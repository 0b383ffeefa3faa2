import type { LintRule } from "./lint-rule.ts";
import { valuesOf } from "./walk.ts";

/** Fields in which a `*` stands for anything wherever it is, or cannot be. */
const OTHER_FIELDS = ["namespaces", "source.namespace", "serviceAccounts", "source.serviceAccount", "ports"];

export const literalStar: LintRule = {
  id: "literal-star",
  level: "warning",
  title: "A `*` that stands for itself",
  help: "Put the only `*` in front or at the end, or use a path template.",
  *find(document) {
    for (const { field, text, pointer } of valuesOf(document)) {
      if (OTHER_FIELDS.includes(field)) continue;
      // The leading one is looked at first; in request principals the subject has one of its own.
      const rest = text.startsWith("*") ? text.slice(1) : text.replace(/\*$/, "");
      if (!rest.replaceAll("{*}", "").replaceAll("{**}", "").includes("*")) continue;
      if (text === "*/*") continue;
      yield { pointer, message: `\`*\` inside \`${text}\` is compared as a character` };
    }
  },
};
