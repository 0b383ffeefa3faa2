import type { LintRule } from "./lint-rule.ts";
import { conditionsOf } from "./walk.ts";

const CLAIM_KEY = /^request\.auth(?:\[[^\]]+\])?\.claims\[/;
const NUMBER_OR_BOOLEAN = /^(?:-?[0-9]+(?:\.[0-9]+)?|true|false)$/;

export const numberAsText: LintRule = {
  id: "number-as-text",
  level: "note",
  title: "A claim compared with a number or boolean as text",
  help: "Use `eq` or `anyOf` with the number or boolean itself, unless the claim is a string.",
  *find(document) {
    for (const { value, pointer } of conditionsOf(document)) {
      if (!CLAIM_KEY.test(value.key)) continue;
      for (const operator of ["values", "notValues"] as const) {
        for (const [index, text] of (value[operator] ?? []).entries()) {
          if (!NUMBER_OR_BOOLEAN.test(text)) continue;
          const message = `\`${operator}\` compares strings: a claim that is ${text}, not "${text}", never matches`;
          yield { pointer: `${pointer}/${operator}/${index}`, message };
        }
      }
    }
  },
};
