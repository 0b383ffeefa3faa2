import { Command } from "@commander-js/extra-typings";
import { decideIn } from "../decision/decide.ts";
import { callerOf, whyOf, type DecisionRecord } from "../decision/record.ts";
import { readRequest, timeOf, type RequestOrder } from "../decision/request.ts";
import { ExitCode } from "../exit.ts";
import { traceLines } from "../explain/pretty.ts";
import { colors, line, printable, printableJson, progress } from "../output.ts";
import { readPolicy } from "../policy/content.ts";
import { ordersToken, withMintedKeys } from "../policy/minted-keys.ts";
import { readyPolicy } from "../policy/ready-policy.ts";
import { toolsModulePath } from "../repository.ts";
import { documentSchema, type Document } from "../schema/document.ts";
import { ToolsModule } from "../trace/tools-module.ts";
import { placeTrace, type Trace } from "../trace/trace.ts";

export function explainCommand() {
  return new Command("explain")
    .description("decide one request as a proxy would, and say why")
    .argument("<file>", "policy document")
    .requiredOption("--request <json>", "the request, or @ and the name of a file")
    .option("--all", "show every rule, not only those that matter for this request")
    .option("--json", "print {record, trace}")
    .addHelpText(
      "after",
      `
A request is {method, host, path, headers: [[name, value]], peer, token, time, remote, source, port, sni}:
\`peer\` a SPIFFE ID; \`token\` a compact JWT, or an order to the mint like {"issuer":
"https://idp.example.com", "audience": "orders"}, with which the document's keys are replaced by the mint's;
\`time\` like 2026-12-01T08:00:00Z; \`remote\` and \`source\` the addresses of the client behind proxies and of
the connection's peer. Only method, host and path are needed.`,
    )
    .action(async (file, options) => {
      const { request, record, trace, document } = await explain(file, readRequest(options.request));
      if (options.json === true) line(printableJson({ record, trace }));
      else {
        line(describe(record, document));
        for (const text of traceLines(trace, { request, record, document }, { all: options.all === true }))
          line(text);
      }
      process.exitCode = record.decision === "allow" ? ExitCode.FINE : ExitCode.DENIED;
    });
}

interface Explained {
  request: RequestOrder;
  record: DecisionRecord;
  trace: Trace;
  document: Document;
}

async function explain(file: string, given: RequestOrder): Promise<Explained> {
  // One moment for the record and for the trace.
  const request = { ...given, time: new Date(timeOf(given)).toISOString() };
  const written = readPolicy(file);
  const minted = ordersToken(request);
  if (minted) progress("the token is minted: the document's keys are replaced by the mint's");
  const decided = minted ? withMintedKeys(written, [request]) : written;
  const { host, text } = await readyPolicy(file, decided, written);
  const record = decideIn(host, request);
  const tools = ToolsModule.load(toolsModulePath());
  tools.loadPolicy(text);
  const document = documentSchema.parse(JSON.parse(text));
  return { request, record, trace: placeTrace(tools.trace(request), document), document };
}

function describe(record: DecisionRecord, document: Document): string {
  const verdict = record.decision === "allow" ? colors.green("allow") : colors.red("deny");
  const rows: [string, string | undefined][] = [
    ["decision", record.status === undefined ? verdict : `${verdict} ${record.status}`],
    ["why", printable(whyOf(record))],
    ["caller", printable(callerOf(record))],
    ["mode", document.mode === "OBSERVE" ? "OBSERVE: recorded only, the request goes on" : undefined],
    ["shadow", record.shadow],
    ["audit", record.audit === undefined ? undefined : printable(record.audit)],
  ];
  return rows
    .filter((row): row is [string, string] => row[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(10)}${value}`)
    .join("\n");
}
