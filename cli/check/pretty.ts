/** Findings for people. */
import { linkTo } from "../files/position.ts";
import type { Level } from "../lint/lint-rule.ts";
import { colors, printable } from "../output.ts";
import type { CheckedFile, PlacedFinding } from "./check-file.ts";

const LEVEL_COLORS: Record<Level, (text: string) => string> = {
  error: colors.red,
  warning: colors.yellow,
  note: colors.cyan,
};

/** The lines for one file that loads; a refusal goes to standard error. */
export function prettyLines(checked: CheckedFile): string[] {
  if (!checked.loads) return [];
  const { revision, hash } = checked.info;
  const name = revision === "" ? "" : ` revision ${printable(revision)},`;
  const head = `${printable(checked.file)}: ${colors.green("loads")},${name} sha256 ${hash}`;
  return [head, ...checked.findings.flatMap((finding) => findingLines(checked.file, finding))];
}

function findingLines(file: string, { rule, level, region, message }: PlacedFinding): string[] {
  return [
    `${printable(linkTo(file, region))}: ${LEVEL_COLORS[level](level)} ${rule.id}: ${printable(message)}`,
    colors.dim(`    ${rule.help}`),
  ];
}
