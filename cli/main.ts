/** The `lictor` command: the only place that reads arguments and sets the exit code. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { checkCommand } from "./commands/check.ts";
import { explainCommand } from "./commands/explain.ts";
import { importCommand } from "./commands/import.ts";
import { runCommand } from "./commands/run.ts";
import { testCommand } from "./commands/test.ts";
import { tokenCommand } from "./commands/token.ts";
import { ENVOY_VERSION, EnvoyNotFound } from "./envoy/find.ts";
import { EnvoyFailed } from "./envoy/process.ts";
import { ExitCode, UsageError } from "./exit.ts";
import { errorLine, printable } from "./output.ts";
import { fileOfRepository } from "./repository.ts";

const program = new Command("lictor")
  .description("Decides every request on every hop: who calls, what for, and why it was allowed or denied.")
  .version(versionLine(), "-V, --version", "print the version, and that of the Envoy it runs")
  .addHelpText(
    "after",
    `
Exit codes:
  0  fine, allowed
  1  denied, failed or findings
  2  wrong usage, or a document that does not load
  3  something of the environment is missing

Examples:
  $ lictor check policies/orders-read/policy.json
  $ lictor explain policies/public-health/policy.json --request '{"method":"GET","host":"shop","path":"/healthz"}'
  $ lictor test policies --coverage
  $ lictor import istio policies.yaml --namespace shop --labels app=orders > orders.json
  $ lictor run --policy policy.json --upstream 127.0.0.1:8080`,
  )
  .configureHelp({ showGlobalOptions: true })
  .addCommand(checkCommand())
  .addCommand(explainCommand())
  .addCommand(importCommand())
  .addCommand(runCommand())
  .addCommand(testCommand())
  .addCommand(tokenCommand());

const commands = program.commands.flatMap((command) => [command, ...command.commands]);
for (const command of [program, ...commands]) {
  command.exitOverride();
  // What was typed may come from anywhere: the mistake is told on one line.
  command.configureOutput({
    outputError: (text, write) =>
      write(`lictor: ${printable(text.trimEnd().replace("\n(Did you mean", " (Did you mean"))}\n`),
  });
}

// What fails outside of the command's own promise: a pipe that nobody reads on, a callback.
process.on("uncaughtException", (error) => process.exit(report(error)));
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") errorLine(`cannot write the output: ${error.message}`);
  process.exit(ExitCode.ENVIRONMENT);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function versionLine(): string {
  const file = fileOfRepository(join("cli", "package.json"));
  const { version } = JSON.parse(file === undefined ? "{}" : readFileSync(file, "utf8")) as {
    version?: string;
  };
  return `lictor ${version ?? "unknown"}, Envoy ${ENVOY_VERSION}`;
}

/** Says what went wrong, once, and which exit code that is. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.FINE : ExitCode.USAGE;
  if (error instanceof UsageError) {
    errorLine(...error.lines);
    return ExitCode.USAGE;
  }
  const { message, stack } = error instanceof Error ? error : { message: String(error) };
  if (error instanceof EnvoyNotFound || error instanceof EnvoyFailed) {
    const [first = "", ...more] = message.split("\n");
    errorLine(first, ...more);
    return ExitCode.ENVIRONMENT;
  }
  if (process.env["LICTOR_DEBUG"] === "1") errorLine(message, ...(stack ?? "").split("\n").slice(1));
  else errorLine(`unexpected, please report it with what LICTOR_DEBUG=1 prints: ${message}`);
  return ExitCode.ENVIRONMENT;
}
