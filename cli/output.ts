/** What people see: results on standard output, progress and errors on standard error. */
import { createColors } from "picocolors";

/** Colors only on a terminal, and never with NO_COLOR. */
export const colors = createColors(
  process.stdout.isTTY && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb",
);

export function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function progress(text: string): void {
  process.stderr.write(`lictor: ${text}\n`);
}

export function errorLine(text: string): void {
  process.stderr.write(`lictor: error: ${text}\n`);
}
