/**
 * A running Envoy. It listens where its bootstrap says (port 0: the system picks one), its admin
 * interface is a Unix socket in a folder of its own, and it ends with its starter, however that ends.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "./bootstrap.ts";
import { findEnvoy } from "./find.ts";

/**
 * Starts `$@` after the first, tells its process id on descriptor 3, stops it when standard input
 * ends, and removes the folder `$1`. A parent that is killed closes that pipe as well as one that asks.
 */
const SUPERVISOR = `
folder=$1; shift
"$@" <&- 3>&- & child=$!
trap '' PIPE
echo $child >&3; exec 3>&- 4<&0
(
  cat <&4; kill -TERM $child; tries=0
  while kill -0 $child && [ $tries -lt 30 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL $child
) >/dev/null 2>&1 & watcher=$!
exec 4<&-
wait $child; code=$?
kill $watcher 2>/dev/null
rm -rf "$folder"
exit $code
`;

export interface EnvoyOptions {
  /** The executable; default what `findEnvoy` finds. */
  path?: string;
  concurrency?: number;
  logLevel?: "trace" | "debug" | "info" | "warning" | "error" | "critical" | "off";
  /** Called with each line of the access log or other output, and of the log. */
  onOutput?: (line: string) => void;
  onLog?: (line: string) => void;
  progress?: (line: string) => void;
  /** How long it may take until it serves. */
  readyWithinMs?: number;
}

/** LIMIT: lines of each kind that are kept; a long run does not fill memory. */
const KEPT_LINES = 5_000;

/** Envoy ended, or did not begin to serve. */
export class EnvoyFailed extends Error {
  override readonly name = "EnvoyFailed";
}

export class EnvoyProcess {
  /** A folder of its own that goes when it stops; ECDS files and certificates may lie in it. */
  readonly folder: string;
  /** The process id of Envoy itself. */
  readonly pid: number;
  /** The latest lines of its log, and of its standard output. */
  readonly log: string[];
  readonly output: string[];
  /** Settles with the exit code when it has ended, or with a signal's name. */
  readonly ended: Promise<number | string>;
  readonly #supervisor: ChildProcess;

  private constructor(started: Started) {
    this.folder = started.folder;
    this.pid = started.pid;
    this.log = started.log;
    this.output = started.output;
    this.ended = started.ended;
    this.#supervisor = started.supervisor;
  }

  /**
   * Starts Envoy and waits until it serves. `bootstrap` gets the folder, for files that it names.
   * Throws `EnvoyFailed`, with the end of the log, when Envoy refuses to start.
   */
  static async start(
    bootstrap: (folder: string) => JsonObject,
    options: EnvoyOptions = {},
  ): Promise<EnvoyProcess> {
    const path = options.path ?? (await findEnvoy(options.progress ? { progress: options.progress } : {}));
    const folder = mkdtempSync(join(tmpdir(), "lictor-envoy-"));
    const file = join(folder, "bootstrap.json");
    const admin = { address: { pipe: { path: join(folder, "admin.sock"), mode: 0o600 } } };
    try {
      writeFileSync(file, JSON.stringify({ ...bootstrap(folder), admin }), { mode: 0o600 });
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
    const envoy = new EnvoyProcess(await launch(path, folder, file, options));
    try {
      await envoy.#untilReady(options.readyWithinMs ?? 30_000);
    } catch (error) {
      await envoy.stop();
      throw error;
    }
    return envoy;
  }

  async #untilReady(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    let end: number | string | undefined;
    void this.ended.then((value) => (end = value));
    while (end === undefined && performance.now() < deadline) {
      const answer = await this.admin("/ready").catch(() => "");
      if (answer.startsWith("LIVE")) return;
      await sleep(20);
    }
    const why = end === undefined ? `does not serve after ${withinMs} ms` : `ended with ${end}`;
    throw new EnvoyFailed([`Envoy ${why}`, ...this.log.slice(-10)].join("\n"));
  }

  /** A request to the admin interface; the body of the answer. */
  admin(path: string, method: "GET" | "POST" = "GET"): Promise<string> {
    return new Promise((resolve, reject) => {
      const socketPath = join(this.folder, "admin.sock");
      const outgoing = request({ socketPath, path, method, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => resolve(Buffer.concat(chunks).toString()));
        answer.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  /** The port that the listener `name` got. */
  async port(name: string): Promise<number> {
    const answer = JSON.parse(await this.admin("/listeners?format=json")) as ListenersAnswer;
    const found = answer.listener_statuses.find((listener) => listener.name === name);
    if (found === undefined) throw new EnvoyFailed(`no listener \`${name}\``);
    return found.local_address.socket_address.port_value;
  }

  /** Counters and gauges by name, as the admin interface prints them. */
  async stats(): Promise<Map<string, number>> {
    const lines = (await this.admin("/stats")).split("\n");
    const numbers = lines.map((line) => /^(.*): (\d+)$/.exec(line)).filter((match) => match !== null);
    return new Map(numbers.map((match) => [match[1] ?? "", Number(match[2])]));
  }

  /** Waits until `holds` is true of this Envoy. */
  async until(holds: (envoy: EnvoyProcess) => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await holds(this))) {
      if (performance.now() > deadline) throw new EnvoyFailed("what was waited for did not come");
      await sleep(20);
    }
  }

  /** Ends it; its folder goes with it. */
  async stop(): Promise<void> {
    this.#supervisor.stdin?.end();
    await this.ended;
  }
}

interface ListenersAnswer {
  listener_statuses: { name: string; local_address: { socket_address: { port_value: number } } }[];
}

interface Started {
  folder: string;
  pid: number;
  log: string[];
  output: string[];
  ended: Promise<number | string>;
  supervisor: ChildProcess;
}

async function launch(path: string, folder: string, file: string, options: EnvoyOptions): Promise<Started> {
  const parameters = ["--config-path", file, "--concurrency", String(options.concurrency ?? 1)];
  const logging = ["--log-level", options.logLevel ?? "info", "--file-flush-interval-msec", "20"];
  const supervisor = spawn(
    "sh",
    ["-c", SUPERVISOR, "lictor", folder, path, "--disable-hot-restart", ...parameters, ...logging],
    { stdio: ["pipe", "pipe", "pipe", "pipe"], detached: true },
  );
  const ended = new Promise<number | string>((resolve) => {
    supervisor.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
    supervisor.on("error", (error) => resolve(error.message));
  });
  // A supervisor that is gone has nothing left to stop.
  supervisor.stdin.on("error", () => undefined);
  const output = collect(supervisor.stdout, options.onOutput);
  const log = collect(supervisor.stderr, options.onLog);
  const pid = await firstNumber(supervisor.stdio[3] as Readable);
  return { folder, pid, log, output, ended, supervisor };
}

function collect(stream: Readable, onLine: ((line: string) => void) | undefined): string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on("line", (line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine?.(line);
  });
  return lines;
}

async function firstNumber(stream: Readable): Promise<number> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return Number(text);
}
