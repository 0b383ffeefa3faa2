/** What the demo prints. */
import { callerOf, colors, whyOf, type DecisionRecord } from "lictor";
import type { Logged } from "./mesh.ts";

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function heading(text: string): void {
  say(`\n${colors.bold(text)}`);
}

/** One verdict against what was expected; whether they agree. */
export function verdict(what: string, expected: string, actual: string): boolean {
  const agrees = expected === actual;
  const mark = agrees ? colors.green("as expected") : colors.red(`expected ${expected}`);
  say(`  ${what.padEnd(54)} ${actual.padEnd(44)} ${mark}`);
  return agrees;
}

/** Who, what, when and why, of every request that reached a service. */
export function decisionTable(log: readonly Logged[]): void {
  heading("Decisions: who called what, when, and why it was allowed or denied");
  const rows = log.map(({ service, line }) => {
    const record = line.decisions[0] as DecisionRecord | undefined;
    if (record === undefined)
      return [line.time.slice(11), "not known", service, `deny ${line.status}`, `no filter: ${line.details}`];
    return [
      record.time.slice(11),
      callerOf(record),
      `${record.method} ${service}${record.path}`,
      `${record.decision}${record.status === undefined ? "" : ` ${record.status}`}`,
      whyOf(record),
    ];
  });
  const table = [["when", "who", "what", "verdict", "why"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table) {
    say(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}`,
    );
  }
}
