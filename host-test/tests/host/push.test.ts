/** Configurations pushed one after another, on the host and through ECDS on Envoy: the same fate. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  bootstrap,
  discoveredFilter,
  EnvoyProcess,
  listener,
  pushAndWait,
  pushPlugin,
  type Plugin,
} from "lictor";
import { Host } from "lictor-host";
import { expect, test } from "vitest";
import { PROBE } from "./contract.ts";
import { exchange } from "./http.ts";

interface Step {
  /** Lines of the probe's script. */
  push: string[];
  vmId?: string;
  accepted: boolean;
  /** Status and response code details of a request afterwards; 200 means that no filter saw it. */
  status: number;
}

const deny = (status: number): string => `request reply ${status} d b -1`;
const REFUSED = ["configure return 0"];

const start: Step = { push: [deny(401)], accepted: true, status: 401 };

const histories: Record<string, Step[]> = {
  "a refused configuration leaves the old one in force, and a good one is taken": [
    { push: REFUSED, accepted: false, status: 401 },
    { push: ["configure trap"], accepted: false, status: 401 },
    { push: [deny(403)], accepted: true, status: 403 },
    { push: [deny(401)], accepted: true, status: 401 },
  ],
  "where a worker does not configure, requests pass, and no push repairs it but one of another VM": [
    { push: ["configure failFrom worker-fails 3", deny(403)], accepted: true, status: 200 },
    { push: [deny(401)], accepted: false, status: 200 },
    { push: [deny(404)], accepted: false, status: 200 },
    { push: [deny(401)], vmId: "other", accepted: true, status: 401 },
  ],
  "a VM that trapped while serving is replaced by a push": [
    { push: ["request trap"], accepted: true, status: 503 },
    { push: [deny(403)], accepted: true, status: 403 },
  ],
};

const script = (step: Step): string => ["probe", ...step.push].join("\n");
const REQUEST = [
  [":authority", "a.test"],
  [":path", "/"],
  [":method", "GET"],
] as const;

test.each(Object.entries(histories))("%s", async (_name, steps) => {
  const expected = steps.map(({ accepted, status }) => ({ accepted, status }));
  expect(await onHost(steps)).toEqual(expected);
  expect(await onEnvoy(steps)).toEqual(expected);
});

async function onHost(steps: readonly Step[]): Promise<{ accepted: boolean; status: number }[]> {
  const host = await Host.load(PROBE, { configuration: script(start) });
  return steps.map((step) => {
    const { accepted } = host.push(script(step), step.vmId === undefined ? {} : { vmId: step.vmId });
    return { accepted, status: host.request(REQUEST).reply?.status ?? 200 };
  });
}

async function onEnvoy(steps: readonly Step[]): Promise<{ accepted: boolean; status: number }[]> {
  const pluginOf = (step: Step): Plugin => ({
    wasm: PROBE,
    configuration: script(step),
    vmId: step.vmId ?? "first",
    reloadBackOff: "600s",
  });
  const envoy = await EnvoyProcess.start((folder) => {
    const path = join(folder, "plugin.json");
    pushPlugin(path, pluginOf(start));
    const filters = [discoveredFilter(path)];
    return bootstrap({ listeners: [listener({ name: "l", filters, upstream: { status: 200, body: "" } })] });
  });
  try {
    const port = await envoy.port("l");
    const outcomes = [];
    for (const step of steps) {
      const { accepted } = await pushAndWait(envoy, join(envoy.folder, "plugin.json"), pluginOf(step));
      // The main thread has answered; the worker takes the configuration a moment later.
      await sleep(100);
      const response = await exchange(port, ["GET / HTTP/1.1", "Host: a.test"]);
      outcomes.push({ accepted, status: response?.status ?? 0 });
    }
    return outcomes;
  } finally {
    await envoy.stop();
  }
}

test("a VM that trapped is started again after the back-off, on the host and on Envoy", async () => {
  const trapOnce = ["probe", "request failFrom trapped 2", "request trapUnlessFailed", deny(403)].join("\n");
  const host = await Host.load(PROBE, { configuration: trapOnce, reloadBackOffMs: 300 });
  const statuses = [0, 0, 301].map((wait) => {
    host.clock.advance(wait);
    return host.request(REQUEST).reply?.status;
  });
  expect(statuses).toEqual([503, 503, 403]);

  const plugin = { wasm: PROBE, configuration: trapOnce, reloadBackOff: "0.3s" };
  const envoy = await EnvoyProcess.start((folder) => {
    const path = join(folder, "plugin.json");
    pushPlugin(path, plugin);
    const filters = [discoveredFilter(path)];
    return bootstrap({ listeners: [listener({ name: "l", filters, upstream: { status: 200, body: "" } })] });
  });
  try {
    const port = await envoy.port("l");
    const responses = [];
    for (const wait of [0, 0, 900]) {
      await sleep(wait);
      responses.push((await exchange(port, ["GET / HTTP/1.1", "Host: a.test"]))?.status);
    }
    expect(responses).toEqual(statuses);
  } finally {
    await envoy.stop();
  }
});

test("an old configuration is done and deleted when its last stream is over", async () => {
  const lines = [
    "request log 2 served",
    "delete log 2 over",
    "rootDone log 2 done",
    "rootDelete log 2 deleted",
  ];
  const host = await Host.load(PROBE, { configuration: ["old", ...lines].join("\n") });
  const stream = host.requestHeaders(REQUEST);
  host.push(["new", ...lines].join("\n"));
  host.request(REQUEST);
  stream.respond().end();
  const worker = host.logs.filter((line) => line.vm === "worker 0" && line.message.endsWith(" log 0"));
  expect(worker.map((line) => line.message)).toEqual([
    "old request log 0",
    "new request log 0",
    "new delete log 0",
    "old delete log 0",
    "old rootDone log 0",
    "old rootDelete log 0",
  ]);
});

test("a tick reaches the main thread and every worker", async () => {
  const configuration = ["ticking", "configure period 10", "tick log 2 tick"].join("\n");
  const host = await Host.load(PROBE, { configuration, workers: 2 });
  host.tick();
  const ticks = host.logs.filter((line) => line.message === "tick").map((line) => line.vm);
  expect(ticks).toEqual(["main", "worker 0", "worker 1"]);
});
