import { once } from "node:events";
import { Command, Option } from "@commander-js/extra-typings";
import { decisionLine, type DecisionRecord } from "../decision/record.ts";
import { bootstrap, cluster, type Endpoint, type JsonObject } from "../envoy/bootstrap.ts";
import { listener, parseAccessLine } from "../envoy/listener.ts";
import { peerAddress } from "../envoy/peer-address.ts";
import { discoveredFilter } from "../envoy/plugin.ts";
import { EnvoyProcess } from "../envoy/process.ts";
import { seal } from "../envoy/seal.ts";
import { downstreamTls } from "../envoy/tls.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { readBytes } from "../files/files.ts";
import { colors, errorLine, line, printable, printableJson, progress } from "../output.ts";
import { contentOf } from "../policy/content.ts";
import { parseEndpoint, parseHops, parseListen } from "../run/addresses.ts";
import { PolicyPush } from "../run/push-policy.ts";
import { watchFile } from "../run/watch-file.ts";

const LISTENER = "lictor";

export function runCommand() {
  return new Command("run")
    .description("run Envoy with the filter and the seal in front of a service; the policy file is watched")
    .requiredOption("--policy <file>", "policy document")
    .requiredOption("--upstream <host:port>", "the service to protect", parseEndpoint)
    .addOption(
      new Option("--listen <[host:]port>", "where to listen; port 0 picks a free one")
        .argParser(parseListen)
        .default({ host: "127.0.0.1", port: 8000 }, "127.0.0.1:8000"),
    )
    .option("--tls-certificate <file>", "PEM chain to serve TLS with")
    .option("--tls-key <file>", "PEM private key of the certificate")
    .option(
      "--tls-client-ca <file>",
      "PEM authorities that callers' certificates must come from (mutual TLS)",
    )
    .option("--trusted-hops <n>", "proxies in front whose x-forwarded-for is believed", parseHops, 0)
    .option("--json", "print decision records as JSON")
    .addHelpText(
      "after",
      `
Keys that the document leaves to the environment (\`jwksEnv\`) are taken from that of this command. The
policy file is looked at through links, so a mounted ConfigMap may be one.`,
    )
    .action(async (options) => {
      process.exitCode = await run(options);
    });
}

interface RunOptions {
  policy: string;
  upstream: Endpoint;
  listen: Endpoint;
  tlsCertificate?: string;
  tlsKey?: string;
  tlsClientCa?: string;
  trustedHops: number;
  json?: true;
}

/** Runs until Envoy ends or the user stops it. */
async function run(options: RunOptions): Promise<ExitCode> {
  const bytes = readBytes(options.policy);
  const policy = await PolicyPush.of(options.policy, contentOf(bytes));
  const transportSocket = tlsOf(options);
  const envoy = await EnvoyProcess.start(
    (folder) => {
      policy.prepare(folder);
      return bootstrap({
        clusters: [cluster("upstream", options.upstream)],
        listeners: [
          listener({
            name: LISTENER,
            address: options.listen,
            filters: [peerAddress(), discoveredFilter(PolicyPush.path(folder)), seal(policy.secret)],
            upstream: { cluster: "upstream" },
            trustedHops: options.trustedHops,
            ...(transportSocket === undefined ? {} : { transportSocket }),
          }),
        ],
      });
    },
    {
      progress,
      onLog: printNotReady,
      onOutput: (text) => {
        if (printDecision(text, options.json === true) === "not decided") void policy.renew(envoy);
      },
    },
  );
  const scheme = transportSocket === undefined ? "http" : "https";
  const { host, port } = options.upstream;
  progress(`${scheme}://${options.listen.host}:${await envoy.port(LISTENER)} in front of ${host}:${port}`);

  const unwatch = watchFile(options.policy, bytes, {
    changed: (content) => policy.push(envoy, content),
    lost: (why) => errorLine(`cannot read \`${options.policy}\`: ${why}; the document keeps serving`),
    found: () => progress(`${options.policy}: can be read again`),
  });
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const code = await Promise.race([envoy.ended, stopped]);
  unwatch();
  await envoy.stop();
  if (Array.isArray(code)) return ExitCode.FINE;
  errorLine(`Envoy ended with ${String(code)}`, ...envoy.log.slice(-10));
  return ExitCode.ENVIRONMENT;
}

/** Prints the decision about one request, and says where the seal refused it because there was none. */
function printDecision(text: string, json: boolean): "not decided" | undefined {
  const access = parseAccessLine(text);
  if (access === undefined) return undefined;
  const record = access.decisions[0] as DecisionRecord | undefined;
  if (record === undefined) {
    line(`${colors.red("no decision")} ${access.status} ${printable(access.details)}`);
    return access.details.startsWith("rbac_access_denied") ? "not decided" : undefined;
  }
  line(json ? printableJson(record) : decisionLine(record));
  return undefined;
}

/** What the filter says in Envoy's log of a VM that refuses every request. */
function printNotReady(text: string): void {
  const said = /lictor not ready: .*$/.exec(text)?.[0];
  if (said !== undefined) errorLine(said);
}

function tlsOf(options: RunOptions): JsonObject | undefined {
  const { tlsCertificate, tlsKey, tlsClientCa } = options;
  if (tlsCertificate === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCertificate === undefined || tlsKey === undefined) {
    throw new UsageError("TLS needs both --tls-certificate and --tls-key");
  }
  return downstreamTls({
    certificateChain: readPem(tlsCertificate),
    privateKey: readPem(tlsKey),
    ...(tlsClientCa === undefined ? {} : { trustedCa: readPem(tlsClientCa) }),
  });
}

/** What stands between PEM's blocks may be of any encoding; it means nothing. */
function readPem(file: string): string {
  return readBytes(file).toString("utf8");
}
