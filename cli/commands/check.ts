import { Command, Option } from "@commander-js/extra-typings";
import { checkFile, hasFaults, type CheckedFile } from "../check/check-file.ts";
import { jsonReport } from "../check/json.ts";
import { prettyLines } from "../check/pretty.ts";
import { sarifReport } from "../check/sarif.ts";
import { ExitCode } from "../exit.ts";
import { linkTo } from "../files/position.ts";
import { errorLine, line, warningLine } from "../output.ts";

const FORMATS = ["pretty", "json", "sarif"] as const;

export function checkCommand() {
  return new Command("check")
    .description("load policy documents as a proxy would, and say what is wrong with them")
    .argument("<files...>", "policy documents")
    .addOption(
      new Option("--format <format>", "how to print findings").choices(FORMATS).default("pretty" as const),
    )
    .addHelpText(
      "after",
      `
Exits with 1 where a document has findings of level warning or error, with 2 where one does not load. A variable that \`jwksEnv\`
names and that is not set here is a warning and no finding: a proxy has an environment of its own.`,
    )
    .action(async (files, { format }) => {
      const checked: CheckedFile[] = [];
      for (const file of files) {
        const result = await checkFile(file);
        checked.push(result);
        if (format === "pretty") printPretty(result);
        if (result.loads) result.notReady.forEach(warningLine);
      }
      if (format === "json") line(jsonReport(checked));
      if (format === "sarif") line(sarifReport(checked, process.cwd()));
      if (!checked.every(({ loads }) => loads)) process.exitCode = ExitCode.USAGE;
      else if (checked.some(hasFaults)) process.exitCode = ExitCode.DENIED;
    });
}

function printPretty(checked: CheckedFile): void {
  if (!checked.loads) errorLine(`${linkTo(checked.file, checked.region)}: ${checked.refusal}`);
  for (const text of prettyLines(checked)) line(text);
}
