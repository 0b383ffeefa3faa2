/** A running Envoy: it serves, it says why it does not, and it never outlives its starter. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { bootstrap, EnvoyFailed, EnvoyProcess, listener, seal } from "lictor";
import { expect, test } from "vitest";
import { root } from "../../../build/workspace.ts";
import { exchange } from "../host/http.ts";

const upstream = { status: 200, body: "passed" };
const REQUEST = ["GET / HTTP/1.1", "Host: a.test"];

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("the seal denies every request where nothing sets the mark, and its counter tells", async () => {
  const filters = [seal("a-secret-of-this-test")];
  const envoy = await EnvoyProcess.start(() =>
    bootstrap({ listeners: [listener({ name: "l", filters, upstream })] }),
  );
  try {
    const port = await envoy.port("l");
    expect((await exchange(port, REQUEST))?.status).toBe(403);
    expect((await exchange(port, [...REQUEST, "wasm.lictor.ok: a-secret-of-this-test"]))?.status).toBe(403);
    expect((await envoy.stats()).get("http.l.rbac.lictor_seal_.denied")).toBe(2);
  } finally {
    await envoy.stop();
  }
  expect(isRunning(envoy.pid)).toBe(false);
  expect(existsSync(envoy.folder)).toBe(false);
});

test("an Envoy that refuses its configuration fails with its own words", async () => {
  const broken = (): Promise<EnvoyProcess> =>
    EnvoyProcess.start(() => ({ static_resources: { listeners: "none" } }));
  await expect(broken()).rejects.toThrow(EnvoyFailed);
  await expect(broken()).rejects.toThrow(/ended with 1[\s\S]*listeners/);
});

test("a taken port is a failure to start, not a hang", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const address = { host: "127.0.0.1", port };
  try {
    const start = EnvoyProcess.start(() =>
      bootstrap({ listeners: [listener({ name: "l", address, filters: [], upstream })] }),
    );
    await expect(start).rejects.toThrow("Address already in use");
  } finally {
    server.close();
  }
});

test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
  "Envoy ends with a starter that dies of %s",
  async (signal) => {
    const script = `
    import { bootstrap, EnvoyProcess, listener } from "${root}/cli/index.ts";
    const upstream = { status: 200, body: "" };
    const listeners = [listener({ name: "l", filters: [], upstream })];
    const envoy = await EnvoyProcess.start(() => bootstrap({ listeners }));
    console.log(JSON.stringify({ pid: envoy.pid, folder: envoy.folder }));
    setInterval(() => undefined, 1000);`;
    const starter = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: starter.stdout }).once("line", resolve),
    );
    const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
    expect(isRunning(pid)).toBe(true);
    starter.kill(signal);
    await until(() => !isRunning(pid) && !existsSync(folder));
  },
);
