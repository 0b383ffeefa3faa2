import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { makeSeal, modulePath } from "lictor";
import { expect, test } from "vitest";
import { Mesh } from "../../../envoy/demo/mesh.ts";
import { freePorts } from "../../../envoy/demo/ports.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Processes that were started with `text` in their environment. */
function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/environ`, "utf8").includes(text) ? pid : ""];
      } catch {
        return [];
      }
    })
    .filter((pid) => pid !== "");
}

const demo = ["--import", "tsx", "envoy/demo/main.ts"];

/** An environment by which the demo's processes are known. */
function marked(variables: { [name: string]: string } = {}) {
  const mark = `LICTOR_DEMO_TEST=${process.pid}-${Date.now()}`;
  const [name, value] = mark.split("=") as [string, string];
  return { mark, env: { ...process.env, NO_COLOR: "1", [name]: value, ...variables } };
}

/** What watched over an Envoy ends a moment after it. */
async function expectNoneLeft(mark: string): Promise<void> {
  for (let tries = 0; tries < 30 && processesWith(mark).length > 0; tries++) await sleep(100);
  expect(processesWith(mark)).toEqual([]);
}

test("the demo ends with every verdict as expected, in under a minute, and leaves no process behind", async () => {
  const { mark, env } = marked();
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, demo, { cwd: root, encoding: "utf8", env });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toContain("Every verdict was as expected.");
  expect(stdout).toMatch(/from the push to the first refused request: \d+ ms/);
  expect(Date.now() - started).toBeLessThan(60_000);
  await expectNoneLeft(mark);
});

test("the demo without an Envoy says so and ends", () => {
  const { env } = marked({ LICTOR_ENVOY: "/nowhere" });
  const { status, stderr } = spawnSync(process.execPath, demo, {
    cwd: root,
    encoding: "utf8",
    env,
    timeout: 20_000,
  });
  expect(stderr).toContain("lictor: error: LICTOR_ENVOY names `/nowhere`");
  expect(status).toBe(3);
});

test("the demo leaves no process behind when it is interrupted while it starts", async () => {
  const { mark, env } = marked();
  const child = spawn(process.execPath, demo, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
  for await (const text of child.stderr.setEncoding("utf8")) if (text.includes("starting three")) break;
  await sleep(500);
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  await expectNoneLeft(mark);
});

test("a mesh one of whose ports was taken meanwhile starts with others", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  let tries = 0;
  const mesh = await Mesh.start({
    wasm: modulePath(),
    seal: makeSeal(),
    documentOf: () => JSON.stringify({ apiVersion: "lictor/v1" }),
    ports: async (count) => {
      tries += 1;
      const ports = await freePorts(count);
      return tries === 1 ? [...ports.slice(1), (taken.address() as AddressInfo).port] : ports;
    },
    progress: () => undefined,
  });
  await mesh.stop();
  taken.close();
  expect(tries).toBe(2);
});
