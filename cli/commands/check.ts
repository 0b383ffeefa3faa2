import { Command } from "@commander-js/extra-typings";
import { Host } from "lictor-host";
import { ExitCode } from "../exit.ts";
import { colors, errorLine, line } from "../output.ts";
import { documentInfo, loadPolicy, readPolicy } from "../policy-file.ts";

export function checkCommand() {
  return new Command("check")
    .description("load policy documents as a proxy would, and say what is wrong with them")
    .argument("<files...>", "policy documents")
    .action(async (files) => {
      for (const file of files) {
        if (!(await check(file))) process.exitCode = ExitCode.USAGE;
      }
    });
}

async function check(file: string): Promise<boolean> {
  const loaded = await loadPolicy(readPolicy(file));
  if (!(loaded instanceof Host)) {
    errorLine(`${file}: ${loaded.refused}`);
    return false;
  }
  const { revision, hash } = documentInfo(loaded);
  const name = revision === "" ? "" : ` revision ${revision},`;
  line(`${file}: ${colors.green("loads")},${name} sha256 ${hash}`);
  return true;
}
