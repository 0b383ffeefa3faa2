/** Results of rows for people. */
import { whyOf } from "../decision/record.ts";
import { colors, printable } from "../output.ts";
import { percentOf, type Coverage } from "./coverage.ts";
import type { RowResult, SuiteResult } from "./run.ts";

export function failureLines({ row, record, differences }: RowResult): string[] {
  const { method, host, path } = row.request;
  return [
    `${printable(row.link)}: ${colors.red("failed")} ${printable(row.name)}`,
    colors.dim(printable(`    ${method} ${host}${path}`)),
    ...differences.flatMap(({ member, expected, got }) => [
      colors.red(printable(`  - ${member}: ${expected}`)),
      colors.green(printable(`  + ${member}: ${got ?? "none"}`)),
    ]),
    printable(`    ${record.decision}: ${whyOf(record)}`),
  ];
}

export function coverageLines({ suite, coverage }: SuiteResult): string[] {
  if (coverage === undefined) return [];
  const gaps = coverage.gaps.map(({ policy, what }) => printable(`    policy ${policy}: ${what}`));
  return [`${printable(suite.policy)}: coverage ${percentText(coverage.counts)}`, ...gaps];
}

export function summaryLine(results: readonly SuiteResult[], milliseconds: number): string {
  const rows = results.flatMap((result) => result.rows);
  const failed = rows.filter(({ differences }) => differences.length > 0).length;
  const verdict = failed === 0 ? colors.green(`${rows.length} passed`) : colors.red(`${failed} failed`);
  const rest = failed === 0 ? "" : `, ${rows.length - failed} passed`;
  const policies = results.length === 1 ? "1 policy file" : `${results.length} policy files`;
  return `${verdict}${rest} in ${policies}, ${(milliseconds / 1000).toFixed(1)} s`;
}

/** Rounded down, so that 100 % means all of it. */
export function percentText(counts: Coverage["counts"]): string {
  return `${Math.floor(percentOf(counts) * 10) / 10} % (${counts.covered} of ${counts.total})`;
}
