/** Variables of the environment that a document leaves keys to (`jwksEnv`). */
import type { PolicyContent } from "./content.ts";

export interface KeyVariable {
  name: string;
  /** Where the document names it. */
  pointer: string;
  /** The rule for tokens that its keys are for, as it is written. */
  rule: object;
}

/** In document order; none where the document is not of the form, which is for the filter to say. */
export function keyVariables(document: PolicyContent): KeyVariable[] {
  let rules: unknown;
  try {
    rules = (JSON.parse(document.toString()) as { jwtRules?: unknown } | null)?.jwtRules;
  } catch {
    return [];
  }
  if (!Array.isArray(rules)) return [];
  return (rules as ({ jwksEnv?: unknown } | null)[]).flatMap((rule, index) => {
    const name = rule?.jwksEnv;
    if (typeof name !== "string" || name === "") return [];
    return [{ name, pointer: `/jwtRules/${index}/jwksEnv`, rule: rule as object }];
  });
}

/** Those of the variables that are set, and nothing else of the environment. */
export function valuesOf(variables: readonly KeyVariable[], environment = process.env): Values {
  const names = new Set(variables.map(({ name }) => name));
  const given = Object.entries(environment).filter(
    (entry): entry is [string, string] => names.has(entry[0]) && entry[1] !== undefined,
  );
  return Object.fromEntries(given);
}

export type Values = { [name: string]: string };
