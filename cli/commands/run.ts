import { once } from "node:events";
import { readFileSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { Host } from "lictor-host";
import { decisionLine, type DecisionRecord } from "../decision.ts";
import { bootstrap, cluster, type Endpoint, type JsonObject } from "../envoy/bootstrap.ts";
import { listener, parseAccessLine } from "../envoy/listener.ts";
import { discoveredFilter, pushPlugin, type Plugin } from "../envoy/plugin.ts";
import { EnvoyProcess } from "../envoy/process.ts";
import { pushAndWait } from "../envoy/push.ts";
import { peerAddress } from "../envoy/peer-address.ts";
import { seal } from "../envoy/seal.ts";
import { downstreamTls } from "../envoy/tls.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { colors, errorLine, line, progress } from "../output.ts";
import { loadPolicy, modulePath, readPolicy, refusalIn, refusalOf } from "../policy-file.ts";
import { makeSeal, sealOf, withSeal } from "../seal-secret.ts";

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
    .option("--json", "print decision records as JSON")
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
  json?: true;
}

/** Runs until Envoy ends or the user stops it. */
async function run(options: RunOptions): Promise<ExitCode> {
  const document = readPolicy(options.policy);
  const first = await loadPolicy(document);
  if (!(first instanceof Host)) {
    errorLine(refusalOf(options.policy, document, first.refused));
    return ExitCode.USAGE;
  }
  const secret = sealOf(readPolicy(options.policy)) ?? makeSeal();
  let vmId = 0;
  const plugin = (): Plugin => ({
    wasm: modulePath(),
    configuration: withSeal(readPolicy(options.policy), secret),
    vmId: `lictor-${vmId}`,
  });
  const transportSocket = tlsOf(options);
  const envoy = await EnvoyProcess.start(
    (folder) => {
      pushPlugin(ecdsFile(folder), plugin());
      return bootstrap({
        clusters: [cluster("upstream", options.upstream)],
        listeners: [
          listener({
            name: LISTENER,
            address: options.listen,
            filters: [peerAddress(), discoveredFilter(ecdsFile(folder)), seal(secret)],
            upstream: { cluster: "upstream" },
            ...(transportSocket === undefined ? {} : { transportSocket }),
          }),
        ],
      });
    },
    { progress, onOutput: (text) => printDecision(text, options.json === true) },
  );
  const scheme = transportSocket === undefined ? "http" : "https";
  const { host, port } = options.upstream;
  progress(`${scheme}://${options.listen.host}:${await envoy.port(LISTENER)} in front of ${host}:${port}`);

  const push = async () => {
    if ((sealOf(readPolicy(options.policy)) ?? secret) !== secret) {
      return errorLine(`${options.policy}: the seal must stay what it was at the start; not pushed`);
    }
    const result = await pushAndWait(envoy, ecdsFile(envoy.folder), plugin());
    if (result.accepted) return progress(`${options.policy}: pushed`);
    if (result.log.some((text) => text.includes("lictor refused "))) {
      const refusal = refusalOf(options.policy, readPolicy(options.policy), refusalIn(result.log));
      return errorLine(`${refusal}; the document before it keeps serving`);
    }
    // A VM that failed to configure in a worker refuses everything from then on, unless it gets a new name.
    vmId += 1;
    const again = await pushAndWait(envoy, ecdsFile(envoy.folder), plugin());
    if (again.accepted) progress(`${options.policy}: pushed to fresh VMs`);
    else errorLine(`${options.policy}: Envoy refused the push\n${again.log.join("\n")}`);
  };
  const watcher = watchFile(options.policy, push);
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const code = await Promise.race([envoy.ended, stopped]);
  watcher.close();
  await envoy.stop();
  if (Array.isArray(code)) return ExitCode.FINE;
  errorLine(`Envoy ended with ${String(code)}\n${envoy.log.slice(-10).join("\n")}`);
  return ExitCode.ENVIRONMENT;
}

function ecdsFile(folder: string): string {
  return join(folder, "lictor.ecds.json");
}

/** Calls `changed` after the file has been written or replaced, one call at a time. */
function watchFile(file: string, changed: () => Promise<unknown>): FSWatcher {
  const path = resolve(file);
  let last = readPolicy(path);
  let queue: Promise<unknown> = Promise.resolve();
  const look = async () => {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return; // Between removal and replacement: the next event tells.
    }
    if (text === "" || text === last) return;
    last = text;
    await changed();
  };
  return watch(dirname(path), (_event, name) => {
    if (name === basename(path)) queue = queue.then(look).catch((error: unknown) => errorLine(String(error)));
  });
}

function printDecision(text: string, json: boolean): void {
  const access = parseAccessLine(text);
  if (access === undefined) return;
  const record = access.decisions[0] as DecisionRecord | undefined;
  if (record === undefined) {
    line(`${colors.red("no decision")} ${access.status} ${access.details}`);
    return;
  }
  line(json ? JSON.stringify(record) : decisionLine(record));
}

function tlsOf(options: RunOptions): JsonObject | undefined {
  const { tlsCertificate, tlsKey, tlsClientCa } = options;
  if (tlsCertificate === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCertificate === undefined || tlsKey === undefined) {
    throw new UsageError("TLS needs both --tls-certificate and --tls-key");
  }
  return downstreamTls({
    certificateChain: readPolicy(tlsCertificate),
    privateKey: readPolicy(tlsKey),
    ...(tlsClientCa === undefined ? {} : { trustedCa: readPolicy(tlsClientCa) }),
  });
}

function parseEndpoint(text: string): Endpoint {
  const colon = text.lastIndexOf(":");
  const port = Number(text.slice(colon + 1));
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, "$1");
  if (host === "" || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError("expected HOST:PORT");
  }
  return { host, port };
}

function parseListen(text: string): Endpoint {
  return parseEndpoint(text.includes(":") ? text : `127.0.0.1:${text}`);
}
