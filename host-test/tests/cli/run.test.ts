/** `lictor run` after a worker's VM failed to configure: such a VM refuses all that comes, so that the next push needs fresh ones. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCommand } from "../../../cli/commands/run.ts";
import type { EnvoyProcess } from "../../../cli/envoy/process.ts";
import { PolicyPush } from "../../../cli/run/push-policy.ts";

vi.mock(import("../../../cli/repository.ts"), async (original) => ({
  ...(await original()),
  modulePath: () =>
    fileURLToPath(new URL("../../../build/out/modules/lictor-failing-by-revision.wasm", import.meta.url)),
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lictor-run-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A document that lets everything through to nowhere: 503 where the filter is there, 403 of the seal where it is not. */
const document = (revision: string) =>
  JSON.stringify({ apiVersion: "lictor/v1", revision, defaultAction: "ALLOW" });

test("a worker that cannot configure a document gets it in a fresh VM, at a request or with the next push", async () => {
  const policy = join(folder, "policy.json");
  writeFileSync(policy, document("first"));
  let output = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((chunk) => (output += String(chunk)) !== "");
  const soon = { timeout: 10_000, interval: 20 };
  const seen = (text: RegExp, wait = soon) =>
    vi.waitFor(() => {
      expect(output).toMatch(text);
      return text.exec(output)!;
    }, wait);

  const options = ["--policy", policy, "--upstream", "127.0.0.1:9", "--listen", "0"];
  const running = runCommand().parseAsync(options, { from: "user" });
  const [, address] = await seen(/lictor: (http:\/\/127\.0\.0\.1:\d+) in front of/, {
    ...soon,
    timeout: 30_000,
  });
  const answers = (status: number) =>
    vi.waitFor(async () => expect((await fetch(address!)).status).toBe(status), soon);
  try {
    await answers(503);
    writeFileSync(policy, document("fails-in-worker-once"));
    await seen(/policy\.json: pushed\n/);
    await answers(403);
    await seen(/a worker could not configure the filter[^]*policy\.json: pushed to fresh VMs\n/);
    await answers(503);

    output = "";
    writeFileSync(policy, document("fails-in-worker-again"));
    await seen(/policy\.json: pushed\n/);
    // Until the worker has failed too.
    await new Promise((resolve) => setTimeout(resolve, 300));
    writeFileSync(policy, document("second"));
    await seen(/policy\.json: pushed to fresh VMs\n/);
    await answers(503);
    expect(output).not.toContain("error");
  } finally {
    process.emit("SIGINT");
    await running;
  }
  expect(process.exitCode).toBe(0);
});

test("a push to fresh VMs that fails says so, and the run goes on", async () => {
  let output = "";
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => (output += String(chunk)) !== "");
  const policy = await PolicyPush.of("policy.json", document("first"));
  // An Envoy whose folder is gone.
  const envoy = { folder: join(folder, "gone"), log: [], stats: async () => new Map<string, number>() };
  await policy.renew(envoy as unknown as EnvoyProcess);
  expect(output).toContain("policy.json: no push to fresh VMs: ");
});
