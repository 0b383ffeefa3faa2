/** What people see: results on standard output, progress and errors on standard error. */
import { createColors } from "picocolors";

/**
 * Colors only on a terminal, and never where NO_COLOR is set and not empty (no-color.org). A pipe's
 * `isTTY` is undefined, and `createColors(undefined)` would guess: a pipe under CI would get colors.
 */
export const colors = createColors(
  process.stdout.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
);

/** Controls, invisible and reordering characters, separators of lines, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text of others, on one line and without anything that moves a terminal or hides from people. What
 * stands for a character is JSON's, so that JSON on one line stays the same JSON.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** JSON that may be shown on a terminal. */
export function printableJson(value: unknown, indentation?: number): string {
  return JSON.stringify(value, undefined, indentation).split("\n").map(printable).join("\n");
}

/** A result; whatever of it is not our own has gone through `printable`. */
export function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function progress(text: string): void {
  process.stderr.write(`lictor: ${printable(text)}\n`);
}

export function warningLine(text: string): void {
  process.stderr.write(`lictor: warning: ${printable(text)}\n`);
}

/** An error; what it has more to say stands on lines of their own. */
export function errorLine(text: string, ...more: string[]): void {
  process.stderr.write(`lictor: error: ${[text, ...more].map(printable).join("\n")}\n`);
}
