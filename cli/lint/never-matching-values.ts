import type { LintRule } from "./lint-rule.ts";
import { valuesOf } from "./walk.ts";

interface NeverMatching {
  fields: readonly string[];
  /** Whether no request can ever have such a value. */
  test(text: string): boolean;
  because: string;
}

/** What attributes look like, and values that forget it. */
const TABLE: readonly NeverMatching[] = [
  {
    fields: ["paths"],
    test: (text) => !/^[/*]/.test(text),
    because: "paths begin with a slash",
  },
  {
    fields: ["paths"],
    test: (text) => /[?#]/.test(text),
    because: "query and fragment are taken off before paths are compared",
  },
  {
    fields: ["hosts"],
    test: (text) => text.includes("/"),
    because: "the Host header has neither scheme nor path",
  },
  {
    fields: ["methods"],
    test: (text) =>
      /^(?:get|head|post|put|delete|connect|options|trace|patch)$/i.test(text) && /[a-z]/.test(text),
    because: "methods are compared with case, and their names are upper case",
  },
  {
    fields: ["connection.sni"],
    test: (text) => /[A-Z]/.test(text),
    because: "the proxy lower-cases the server name",
  },
  {
    fields: ["principals", "source.principal"],
    test: (text) => text.startsWith("spiffe://"),
    because: "`spiffe://` is left out in front of identities",
  },
  {
    fields: ["requestPrincipals", "request.auth.principal"],
    test: (text) => /^https?:\/\/[^/]*$/.test(text),
    because: "it is parted at its last slash, which leaves `https:/` as the issuer; write `ISSUER/*`",
  },
  {
    fields: ["requestPrincipals", "request.auth.principal"],
    test: (text) => text === "*/*",
    because: "it asks for the subject `*` itself; write `*`",
  },
];

export const neverMatchingValues: LintRule = {
  id: "never-matching-value",
  level: "warning",
  title: "A value that no request can have",
  help: "Write the value as the attribute looks, or leave it out.",
  *find(document) {
    for (const { field, text, negated, pointer } of valuesOf(document)) {
      const row = TABLE.find(({ fields, test }) => fields.includes(field) && test(text));
      if (row === undefined) continue;
      const effect = negated ? "excludes nothing" : "never matches";
      yield {
        pointer,
        level: negated ? "error" : "warning",
        message: `\`${text}\` ${effect}: ${row.because}`,
      };
    }
  },
};
