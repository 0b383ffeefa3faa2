/** One script of the probe module, run on Envoy and on the host, each to a transcript of the same form. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap, EnvoyProcess, listener, parseAccessLine, pluginFilter, type Plugin } from "lictor";
import { Host, PassedBy, type EngineName, type HeaderLine, type Stream } from "lictor-host";
import { exchange, type RawResponse } from "./http.ts";

export const PROBE = fileURLToPath(new URL("../../../build/out/modules/probe.wasm", import.meta.url));

export interface Script {
  /** Lower-case letters and dashes: it names the listener, the VM and the log lines. */
  name: string;
  lines: readonly string[];
  /** The request as sent on the wire; default a plain GET. */
  request?: readonly string[];
  /** How often it is sent. Default once. */
  times?: number;
  failurePolicy?: "FAIL_RELOAD" | "FAIL_CLOSED" | "FAIL_OPEN";
}

export interface Transcript {
  /** Log lines of every VM, in order. */
  logs: string[];
  /** What the client got, once for each request; undefined for a reset. */
  responses: (RawResponse | undefined)[];
  /** `%RESPONSE_CODE_DETAILS%` where a filter gave the answer. */
  details: (string | undefined)[];
}

/** Longer than any test runs: a VM that is down stays down. */
const NO_RELOAD = "600s";

const PLAIN_REQUEST = ["GET / HTTP/1.1", "Host: a.test"];

/** What the direct response of the listener looks like to filters. */
const UPSTREAM_HEADERS: HeaderLine[] = [
  [":status", "200"],
  ["content-length", "2"],
  ["content-type", "text/plain"],
];
const UPSTREAM_BODY = "up";

function configuration({ name, lines }: Script): string {
  return [name, ...lines].join("\n");
}

/** Runs all scripts on one Envoy, each behind a listener and in a VM of its own. */
export async function runOnEnvoy(scripts: readonly Script[]): Promise<Map<string, Transcript>> {
  const envoy = await EnvoyProcess.start((folder) =>
    bootstrap({
      listeners: scripts.map((script) =>
        listener({
          name: script.name,
          filters: [pluginFilter(pluginOf(script))],
          upstream: { status: 200, body: UPSTREAM_BODY },
          trustedHops: "all",
          accessLog: { file: join(folder, `${script.name}.log`) },
        }),
      ),
    }),
  );
  try {
    const entries = scripts.map(async (script): Promise<[string, Transcript]> => {
      const port = await envoy.port(script.name);
      const responses = [];
      for (let left = script.times ?? 1; left > 0; left--) {
        responses.push(simplified(await exchange(port, script.request ?? PLAIN_REQUEST)));
      }
      const accessLog = (): string[] =>
        readFileSync(join(envoy.folder, `${script.name}.log`), "utf8")
          .split("\n")
          .slice(0, -1);
      await envoy.until(() => accessLog().length === responses.length);
      const details = accessLog().map((line) => ownDetails(parseAccessLine(line)?.details));
      return [script.name, { logs: [], responses, details }];
    });
    const transcripts = new Map(await Promise.all(entries));
    // The last log lines of a stream come behind its line in the access log, on another pipe.
    await sleep(100);
    for (const [name, transcript] of transcripts) transcript.logs = wasmLogs(envoy.log, name);
    return transcripts;
  } finally {
    await envoy.stop();
  }
}

function pluginOf(script: Script): Plugin {
  return {
    name: script.name,
    vmId: script.name,
    wasm: PROBE,
    configuration: configuration(script),
    failurePolicy: script.failurePolicy ?? "FAIL_RELOAD",
    reloadBackOff: NO_RELOAD,
  };
}

/** What the plugin `name` logged. */
export function wasmLogs(log: readonly string[], name: string): string[] {
  const mark = ` wasm log ${name} `;
  return log
    .filter((line) => line.includes(mark))
    .map((line) => comparable(line.slice(line.indexOf(": ", line.indexOf(mark)) + 2)));
}

/** Runs one script on the host, by the given engine. */
export async function runOnHost(script: Script, engine: EngineName): Promise<Transcript> {
  const host = await Host.load(PROBE, {
    engine,
    name: script.name,
    configuration: configuration(script),
    failurePolicy: script.failurePolicy ?? "FAIL_RELOAD",
    reloadBackOffMs: 600_000,
  });
  const transcript: Transcript = { logs: [], responses: [], details: [] };
  for (let left = script.times ?? 1; left > 0; left--) {
    const stream = host.requestHeaders(asReceived(script.request ?? PLAIN_REQUEST));
    if (stream.reply === undefined && !stream.closed) stream.respond(UPSTREAM_HEADERS, false);
    stream.end();
    transcript.responses.push(clientView(stream));
    transcript.details.push(stream.reply?.details ?? (stream.closed ? "wasm_close_stream" : undefined));
  }
  transcript.logs = host.logs.map((line) => comparable(line.message));
  return transcript;
}

/** A request as it arrives at filters: what Envoy puts in front and adds. */
function asReceived(head: readonly string[]): HeaderLine[] {
  const [method = "", path = ""] = (head[0] ?? "").split(" ");
  const lines = head.slice(1).map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const isHost = ([name]: [string, string]): boolean => name.toLowerCase() === "host";
  const authority = lines.filter(isHost).map(([, value]): HeaderLine => [":authority", value]);
  const others = lines.filter((line) => !isHost(line));
  const pseudo: HeaderLine[] = [...authority, [":path", path], [":method", method], [":scheme", "http"]];
  return [...pseudo, ...others, ["x-forwarded-proto", "http"], ["x-request-id", REQUEST_ID]];
}

const REQUEST_ID = "00000000-0000-0000-0000-000000000000";

function comparable(line: string): string {
  return line.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, REQUEST_ID);
}

function clientView(stream: Stream | PassedBy): RawResponse | undefined {
  const { reply, closed } = stream;
  if (closed) return undefined;
  if (reply !== undefined) {
    return simplified({ status: reply.status, headers: reply.headers, body: reply.body.toString("latin1") });
  }
  const headers = stream instanceof PassedBy ? UPSTREAM_HEADERS : (stream.responseHeaders ?? []);
  return simplified({
    status: 200,
    headers: headers.map(([name, value]) => [`${name}`, `${value}`]),
    body: UPSTREAM_BODY,
  });
}

/** Without what Envoy adds behind the filters. */
const ADDED = [":status", "date", "server", "connection", "content-length"];

function simplified(response: RawResponse | undefined): RawResponse | undefined {
  if (response === undefined) return undefined;
  return { ...response, headers: response.headers.filter(([name]) => !ADDED.includes(name)) };
}

function ownDetails(details: string | undefined): string | undefined {
  return details === "direct_response" ? undefined : details;
}
