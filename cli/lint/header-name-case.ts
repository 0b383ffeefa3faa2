import type { LintRule } from "./lint-rule.ts";
import { conditionsOf } from "./walk.ts";

const HEADER_KEY = /^request\.headers\[(.*)\]$/s;

export const headerNameCase: LintRule = {
  id: "header-name-case",
  level: "note",
  title: "A header name with capitals",
  help: "Write header names in lower case, as proxies carry them.",
  *find(document) {
    for (const { value, pointer } of conditionsOf(document)) {
      const name = HEADER_KEY.exec(value.key)?.[1];
      if (name === undefined || !/[A-Z]/.test(name)) continue;
      yield { pointer: `${pointer}/key`, message: `\`${name}\` is compared as \`${name.toLowerCase()}\`` };
    }
  },
};
