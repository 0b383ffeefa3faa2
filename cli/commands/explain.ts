import { Command } from "@commander-js/extra-typings";
import { Host, mutualTls } from "lictor-host";
import { callerOf, whyOf, type DecisionRecord } from "../decision.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { colors, errorLine, line, progress } from "../output.ts";
import { loadPolicy, readPolicy, refusalOf } from "../policy-file.ts";
import { headerLines, readRequest, withMintedKeys, type RequestOrder } from "../request.ts";

export function explainCommand() {
  return new Command("explain")
    .description("decide one request as a proxy would, and say why")
    .argument("<file>", "policy document")
    .requiredOption("--request <json>", "the request, or @ and the name of a file")
    .option("--json", "print the decision record")
    .addHelpText(
      "after",
      `
A request is {method, host, path, headers: [[name, value]], peer, token}: \`peer\` a SPIFFE ID, \`token\` a
compact JWT, or an order to the mint like {"issuer": "https://idp.example.com", "audience": "orders"}. With an
order the document's keys are replaced by the mint's.`,
    )
    .action(async (file, options) => {
      const record = await decide(file, readRequest(options.request));
      if (record === undefined) return;
      line(options.json === true ? JSON.stringify(record) : describe(record));
      process.exitCode = record.decision === "allow" ? ExitCode.FINE : ExitCode.DENIED;
    });
}

async function decide(file: string, request: RequestOrder): Promise<DecisionRecord | undefined> {
  const minted = typeof request.token === "object";
  if (minted) progress("the token is minted: the document's keys are replaced by the mint's");
  const document = minted ? withMintedKeys(readPolicy(file)) : readPolicy(file);
  const host = await loadPolicy(document);
  if (!(host instanceof Host)) {
    errorLine(refusalOf(file, readPolicy(file), host.refused));
    process.exitCode = ExitCode.USAGE;
    return undefined;
  }
  const peer = request.peer ?? undefined;
  const stream = host.request(
    headerLines(request),
    peer === undefined ? {} : { properties: mutualTls(peer) },
  );
  const record = stream.state("wasm.lictor.decision");
  if (record === undefined) throw new UsageError("the filter left no record of this request");
  return JSON.parse(record) as DecisionRecord;
}

function describe(record: DecisionRecord): string {
  const verdict = record.decision === "allow" ? colors.green("allow") : colors.red("deny");
  const rows: [string, string | undefined][] = [
    ["decision", record.status === undefined ? verdict : `${verdict} ${record.status}`],
    ["why", whyOf(record)],
    ["caller", callerOf(record)],
    ["shadow", record.shadow],
    ["audit", record.audit],
  ];
  return rows
    .filter((row): row is [string, string] => row[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(10)}${value}`)
    .join("\n");
}
