/** Findings for programs. */
import { printableJson } from "../output.ts";
import type { CheckedFile } from "./check-file.ts";

export function jsonReport(files: readonly CheckedFile[]): string {
  const report = files.map((checked) => {
    if (!checked.loads) {
      const { file, refusal, region } = checked;
      return { file, loads: false, refusal, region };
    }
    const findings = checked.findings.map(({ rule, level, pointer, region, message }) => ({
      rule: rule.id,
      level,
      pointer,
      region,
      message,
      help: rule.help,
    }));
    return { file: checked.file, loads: true, ...checked.info, findings };
  });
  return printableJson({ files: report }, 2);
}
