/** The `lictor` command: the only place that reads arguments and sets the exit code. */
import { Command, CommanderError } from "@commander-js/extra-typings";
import { checkCommand } from "./commands/check.ts";
import { explainCommand } from "./commands/explain.ts";
import { importCommand } from "./commands/import.ts";
import { runCommand } from "./commands/run.ts";
import { testCommand } from "./commands/test.ts";
import { tokenCommand } from "./commands/token.ts";
import { EnvoyNotFound } from "./envoy/find.ts";
import { EnvoyFailed } from "./envoy/process.ts";
import { ExitCode, UsageError } from "./exit.ts";
import { errorLine } from "./output.ts";

const program = new Command("lictor")
  .description("Decides every request on every hop: who calls, what for, and why it was allowed or denied.")
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
for (const command of [program, ...commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, once, and which exit code that is. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.FINE : ExitCode.USAGE;
  if (error instanceof UsageError) {
    errorLine(error.message);
    return ExitCode.USAGE;
  }
  if (error instanceof EnvoyNotFound || error instanceof EnvoyFailed) {
    errorLine(error.message);
    return ExitCode.ENVIRONMENT;
  }
  errorLine(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return ExitCode.ENVIRONMENT;
}
