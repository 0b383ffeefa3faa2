/** The filter's refusal of a document, with the place in the file that it names. */
import type { PolicyContent } from "./policy-file.ts";
import { locate, regionOfInvalidByte, type Region } from "./position.ts";

/** `lictor refused CODE at POINTER: expected WHAT`. */
const REFUSAL = /^lictor refused ([a-z0-9_]+) at (.*?): expected /s;

/** The JSON pointer that the line names, empty for the whole document. */
export function pointerOfRefusal(line: string): string {
  const shown = REFUSAL.exec(line)?.[2] ?? "/";
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
