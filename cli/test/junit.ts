/** Results as JUnit XML, as build servers read it. */
import { whyOf } from "../decision/record.ts";
import type { RowResult, SuiteResult } from "./run.ts";

export function junitReport(results: readonly SuiteResult[]): string {
  const suites = results.map(({ suite, rows }) => {
    const cases = rows.map((row) => caseOf(row, suite.policy));
    return `  <testsuite name="${escape(suite.policy)}" ${countsOf(rows)}>\n${cases.join("")}  </testsuite>\n`;
  });
  const all = results.flatMap(({ rows }) => rows);
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return `${head}<testsuites name="lictor test" ${countsOf(all)}>\n${suites.join("")}</testsuites>\n`;
}

function countsOf(rows: readonly RowResult[]): string {
  const failures = rows.filter(({ differences }) => differences.length > 0).length;
  const seconds = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  return `tests="${rows.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(6)}"`;
}

function caseOf({ row, record, differences, milliseconds }: RowResult, policy: string): string {
  const time = (milliseconds / 1000).toFixed(6);
  const open = `    <testcase classname="${escape(policy)}" name="${escape(row.name)}" time="${time}"`;
  if (differences.length === 0) return `${open}/>\n`;
  const message = differences
    .map(({ member, expected, got }) => `${member}: expected ${expected}, got ${got ?? "none"}`)
    .join("; ");
  const text = escape(`${row.link}\n${record.decision}: ${whyOf(record)}`);
  return `${open}>\n      <failure message="${escape(message)}">${text}</failure>\n    </testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** What XML 1.0 §2.2 has no place for becomes U+FFFD. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}")
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
