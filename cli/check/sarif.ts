/** Findings as SARIF 2.1.0 (OASIS), as code hosts show them beside the lines of a change. */
import { createHash } from "node:crypto";
import { isAbsolute, relative, sep } from "node:path";
import type { Region } from "../files/position.ts";
import type { Level } from "../lint/lint-rule.ts";
import { LINT_RULES } from "../lint/lint.ts";
import { printableJson } from "../output.ts";
import type { CheckedFile } from "./check-file.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** The rule of a document that does not load at all. */
const REFUSED = {
  id: "refused",
  level: "error",
  title: "The filter refuses the document",
  help: "Write what the message expects at the place that it names.",
} as const;

interface Result {
  ruleId: string;
  level: Level;
  message: string;
  file: string;
  region: Region;
  line: string;
}

export function sarifReport(files: readonly CheckedFile[], folder: string): string {
  const seen = new Map<string, number>();
  const rules = [REFUSED, ...LINT_RULES].map(({ id, level, title, help }) => ({
    id,
    shortDescription: { text: title },
    help: { text: help },
    defaultConfiguration: { level },
  }));
  const results = files.flatMap(resultsOf).map((result) => ({
    ruleId: result.ruleId,
    level: result.level,
    message: { text: result.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(result.file, folder) },
          region: {
            startLine: result.region.start.line,
            startColumn: result.region.start.column,
            endLine: result.region.end.line,
            endColumn: result.region.end.column,
          },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprint(result, seen) },
  }));
  const run = { tool: { driver: { name: "lictor", rules } }, columnKind: "utf16CodeUnits", results };
  return printableJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, 2);
}

function resultsOf(checked: CheckedFile): Result[] {
  const { file } = checked;
  if (!checked.loads) {
    const { refusal, region, line } = checked;
    return [{ ruleId: REFUSED.id, level: REFUSED.level, message: refusal, file, region, line }];
  }
  return checked.findings.map(({ rule, level, message, region, line }) => ({
    ruleId: rule.id,
    level,
    message,
    file,
    region,
    line,
  }));
}

/** Relative to the folder that the tool runs in, which is where a repository is checked out. */
function uriOf(file: string, folder: string): string {
  const path = isAbsolute(file) ? relative(folder, file) : file;
  return path.split(sep).map(encodeURIComponent).join("/");
}

/** The same for a finding whose line has only moved; equal lines are counted. */
function fingerprint({ ruleId, file, line }: Result, seen: Map<string, number>): string {
  const hash = createHash("sha256").update(`${ruleId}\n${file}\n${line.trim()}`).digest("hex").slice(0, 16);
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return `${hash}:${count}`;
}
