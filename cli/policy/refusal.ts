/** The filter's refusal of a document, with the place in the file that it names. */
import { linkTo, locate, regionOfInvalidByte, type Region } from "../files/position.ts";
import type { PolicyContent } from "./content.ts";

/**
 * `lictor refused CODE at POINTER: expected WHAT`. Names in the pointer may hold `: expected ` too, and so may the
 * value that WHAT quotes at its end; words of the filter's own have no quotes.
 */
const REFUSAL = /^lictor refused ([a-z0-9_]+) at (.*): expected [^"]*(?:, got ".*")?$/s;

/** From the first name that the filter left out or cut: what has that very name is another member. */
const BEHIND_CUT = /\/[^/]*…(?:\/.*)?$/s;

/** The JSON pointer that the line names, as far as it is whole; empty for the whole document. */
export function pointerOfRefusal(line: string): string {
  const shown = (REFUSAL.exec(line)?.[2] ?? "/").replace(BEHIND_CUT, "");
  if (shown === "/") return "";
  try {
    // Escaped as JSON strings are.
    return JSON.parse(`"${shown}"`) as string;
  } catch {
    return shown;
  }
}

/** Where in the document the line points to. */
export function regionOfRefusal(line: string, document: PolicyContent): Region {
  if (typeof document !== "string") return regionOfInvalidByte(document);
  const code = REFUSAL.exec(line)?.[1];
  const located = locate(document);
  if (code === "not_json") return located.syntaxError();
  const pointer = pointerOfRefusal(line);
  return code === "unknown_member" ? located.name(pointer) : located.value(pointer);
}

/** The refusal of a file's document as people and editors read it: `file:line:col: lictor refused …`. */
export function refusalOf(file: string, document: PolicyContent, refused: string): string {
  return `${linkTo(file, regionOfRefusal(refused, document))}: ${refused}`;
}

/** The filter's own words among lines of a log. */
export function refusalIn(lines: readonly string[]): string {
  for (const text of lines) {
    const at = text.indexOf("lictor refused ");
    if (at >= 0) return text.slice(at);
  }
  return lines.at(-1) ?? "the filter gave no reason";
}
