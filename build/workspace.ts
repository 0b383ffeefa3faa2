import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A line of progress, on standard error so that standard output stays a program's own. */
export function say(line: string): void {
  process.stderr.write(`lictor: ${line}\n`);
}
