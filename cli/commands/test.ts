import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { ExitCode } from "../exit.ts";
import { writeText } from "../files/files.ts";
import { line, progress } from "../output.ts";
import { percentOf } from "../test/coverage.ts";
import { findSuites } from "../test/find.ts";
import { junitReport } from "../test/junit.ts";
import { coverageLines, failureLines, percentText, summaryLine } from "../test/pretty.ts";
import { readRows } from "../test/rows.ts";
import { runSuite, type SuiteResult } from "../test/run.ts";

const PROGRESS_MS = 1000;

export function testCommand() {
  return new Command("test")
    .description("run the rows of tests.json beside policy documents through the filter")
    .argument("[paths...]", "folders, or files of either name; default ./policies or .")
    .option("--junit <file>", "write the results as JUnit XML")
    .option("--coverage", "print which rules never applied and which parts were never true or never false")
    .option("--coverage-min <percent>", "fail below so much coverage", percent)
    .addHelpText(
      "after",
      `
A row is {name, request, expect: {decision, reason, policy, status}}, the last three optional; a request is
what \`lictor explain --request\` takes. Where a row orders a token, the document's keys are replaced by the
mint's. Exits with 1 where a row fails, with 2 where a file cannot be used.`,
    )
    .action(async (paths, options) => {
      const started = performance.now();
      const withCoverage = options.coverage === true || options.coverageMin !== undefined;
      const suites = findSuites(paths).map((suite) => ({ suite, rows: readRows(suite.rows) }));
      const total = suites.reduce((sum, { rows }) => sum + rows.length, 0);
      const ran = progressOf(total);
      const results: SuiteResult[] = [];
      for (const { suite, rows } of suites) {
        const result = await runSuite(suite, rows, { coverage: withCoverage, ran });
        results.push(result);
        const failed = result.rows.filter(({ differences }) => differences.length > 0);
        for (const text of failed.flatMap(failureLines)) line(text);
        for (const text of coverageLines(result)) line(text);
      }
      if (options.junit !== undefined) writeText(options.junit, junitReport(results));
      line(summaryLine(results, performance.now() - started));
      if (results.some(({ rows }) => rows.some(({ differences }) => differences.length > 0))) {
        process.exitCode = ExitCode.DENIED;
      }
      if (withCoverage) reportCoverage(results, options.coverageMin ?? 0);
    });
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 100)) throw new InvalidArgumentError("give 0 to 100");
  return value;
}

/** Says how far the rows are, once a second. */
function progressOf(total: number): () => void {
  let ran = 0;
  let said = performance.now();
  return () => {
    ran += 1;
    if (performance.now() - said < PROGRESS_MS) return;
    said = performance.now();
    progress(`${ran} of ${total} rows`);
  };
}

function reportCoverage(results: readonly SuiteResult[], least: number): void {
  const counts = { covered: 0, total: 0 };
  for (const { coverage } of results) {
    counts.covered += coverage?.counts.covered ?? 0;
    counts.total += coverage?.counts.total ?? 0;
  }
  line(`coverage ${percentText(counts)}`);
  if (percentOf(counts) >= least) return;
  line(`coverage is below ${least} %`);
  process.exitCode = ExitCode.DENIED;
}
