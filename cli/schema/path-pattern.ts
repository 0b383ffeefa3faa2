/** Path values of operations: plain text with Istio's `*`, or a template of whole segments. */
import { z } from "zod";

/** What stands literally in a template: Envoy's set (uri_template) without `*`. */
const LITERAL = "[A-Za-z0-9._~%!$&'()+,;:@=-]+";

/** The name of a path variable. */
export const VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,31}";

function templateOf(segment: string): string {
  return `(?:/(?:${segment}))*(?:/|/\\{\\*\\*\\}(?:/${LITERAL})*/?)?`;
}

const PLAIN = "[^{}]+";

function pattern(segment: string, message: string): z.ZodString {
  const expression = new RegExp(`^(?:${PLAIN}|${templateOf(segment)})$`);
  return z.string().min(1, "expected text that is not empty").regex(expression, message);
}

/** A value of `notPaths`, and of Istio's `paths`: `{*}` takes a segment, `{**}` the rest. */
export const unnamedPathPattern = pattern(
  `${LITERAL}|\\{\\*\\}`,
  "expected a template of whole segments without names, each after a slash and `{**}` the last, or no braces",
);

/** A value of `paths`: `{name}` takes a segment too, and names it. */
export const pathPattern = pattern(
  `${LITERAL}|\\{\\*\\}|\\{${VARIABLE}\\}`,
  "expected a template of whole segments, each after a slash and `{**}` the last, or no braces",
);
