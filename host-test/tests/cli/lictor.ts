/** Runs the command line as people do. */
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const command = fileURLToPath(new URL("../../../cli/bin/lictor.js", import.meta.url));
export const policies = fileURLToPath(new URL("../../../policies/", import.meta.url));

type Environment = { [name: string]: string };

/** One command to its end. */
export function lictor(parameters: readonly string[], environment: Environment = {}, cwd?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...parameters], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...environment },
    cwd,
  });
  return { status, stdout, stderr };
}

/** `lictor run` in front of a service that says hello, until it is stopped. */
export async function runLictor(
  policy: string,
  options: readonly string[] = [],
  environment: Environment = {},
) {
  const upstream = createServer((_request, response) => response.end("hello"));
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  const parameters = ["run", "--policy", policy, "--upstream", `127.0.0.1:${port}`, "--listen", "0"];
  const run = spawn(process.execPath, [command, ...parameters, ...options], {
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  let output = "";
  let from = 0;
  run.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  run.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => run.on("close", resolve));

  /** Waits for something new in the output. */
  const seen = async (text: string | RegExp): Promise<string> => {
    const deadline = Date.now() + 30_000;
    const pattern =
      typeof text === "string" ? new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")) : text;
    for (;;) {
      const match = pattern.exec(output.slice(from));
      if (match !== null) {
        from += match.index + match[0].length;
        return match[0];
      }
      if (Date.now() > deadline) throw new Error(`expected ${String(text)} in:\n${output}`);
      await sleep(20);
    }
  };
  const stop = async (): Promise<number | null> => {
    run.kill("SIGINT");
    const code = await ended;
    upstream.closeAllConnections();
    upstream.close();
    return code;
  };
  // A test that fails leaves nothing running.
  onTestFinished(async () => void (await stop()));
  const address = await seen(/http:\/\/127\.0\.0\.1:\d+(?= in front of)/);
  const status = async (path: string, headers: Environment = {}) =>
    (await fetch(`${address}${path}`, { headers })).status;
  return { address, seen, status, stop, output: () => output };
}
