/** Policy files that are to decide requests: they load, and all their keys are there. */
import type { Host } from "lictor-host";
import { UsageError } from "../exit.ts";
import { linkTo, locate } from "../files/position.ts";
import type { PolicyContent } from "./content.ts";
import { keyVariables, valuesOf, type KeyVariable } from "./key-variables.ts";
import { loadPolicy, type LoadedPolicy } from "./load-policy.ts";
import { refusalOf } from "./refusal.ts";

/**
 * The filter with the document, ready to decide. Throws what is wrong, with its place in what the file
 * holds, where that is not the document itself.
 */
export async function readyPolicy(
  file: string,
  document: PolicyContent,
  written: PolicyContent = document,
): Promise<LoadedPolicy> {
  const loaded = await loadPolicy(document);
  if ("refused" in loaded) throw new UsageError(refusalOf(file, written, loaded.refused));
  const [first, ...more] = await whyNotReady(file, loaded, written);
  if (first !== undefined) throw new UsageError(first, ...more);
  return loaded;
}

/**
 * Why the filter has the document and cannot decide with it: a line for each variable that holds no keys
 * for its rule, never its value; else the filter's own words.
 */
export async function whyNotReady(
  file: string,
  { host, text }: LoadedPolicy,
  written: PolicyContent = text,
): Promise<string[]> {
  const reason = notReadyLine(host);
  if (reason === undefined) return [];
  const located = locate(written.toString());
  const lines: string[] = [];
  for (const variable of keyVariables(text)) {
    const why = await whyUnusable(variable);
    if (why === undefined) continue;
    const place = linkTo(file, located.value(variable.pointer));
    lines.push(`${place}: the variable \`${variable.name}\` ${why}; a proxy needs it in its environment`);
  }
  return lines.length > 0 ? lines : [`${file}: ${reason}`];
}

/** The line of the log in which the filter says that it cannot serve. */
function notReadyLine({ logs }: Host): string | undefined {
  return logs.find(({ message }) => message.startsWith("lictor not ready: "))?.message;
}

/** What is wrong with the variable for its rule, if anything is: the filter is asked about this rule alone. */
async function whyUnusable(variable: KeyVariable): Promise<string | undefined> {
  if (!Object.hasOwn(valuesOf([variable]), variable.name)) return "is not set";
  const alone = JSON.stringify({ apiVersion: "lictor/v1", jwtRules: [variable.rule] });
  const loaded = await loadPolicy(alone);
  return "host" in loaded && notReadyLine(loaded.host) === undefined ? undefined : "holds no usable JWK Set";
}
