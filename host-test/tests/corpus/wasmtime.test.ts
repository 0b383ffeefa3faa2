/** The second engine: whatever a request meets, wasmtime and V8 let the filter say the same of it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigurationRefused, Host, type EngineName, type Stream } from "lictor-host";
import { beforeAll, describe, expect, test } from "vitest";
import { headerLines, loadExamples, loadRefused, propertiesOf } from "./corpus.ts";

const module = readFileSync(fileURLToPath(new URL("../../../build/out/lictor.wasm", import.meta.url)));
const nowMs = Date.now();
const engines: EngineName[] = ["v8", "wasmtime"];

/** The same randomness on both, as it shows in nothing but the places of cached tokens. */
const load = (engine: EngineName, configuration: string) =>
  Host.load(module, { engine, configuration, nowMs, random: (size) => new Uint8Array(size).fill(7) });

describe.each(loadExamples())("both engines, policies/$name", ({ document, rows }) => {
  let hosts: Host[] = [];

  beforeAll(async () => {
    hosts = await Promise.all(engines.map((engine) => load(engine, document)));
  });

  test.each(rows)("$name", ({ request }) => {
    const lines = headerLines(request);
    const options = { properties: propertiesOf(request) };
    const arrival = request.time === undefined ? nowMs : Date.parse(request.time);
    const [onV8, onWasmtime] = hosts.map((host) => {
      host.clock.set(arrival);
      const stream = host.request(lines, options);
      const { reply, headers, responseHeaders, closed, action, filterState, logs, pagesGrown } =
        stream as Stream;
      const messages = logs.map(({ level, message }) => ({ level, message }));
      const failure = host.failure();
      return { reply, headers, responseHeaders, closed, action, filterState, messages, pagesGrown, failure };
    });
    expect(onV8!.filterState.get("wasm.lictor.decision")?.length).toBeGreaterThan(0);
    expect(onV8!.failure).toBeUndefined();
    expect(onWasmtime).toEqual(onV8);
  });

  test("the same metrics and the same memory after all of them", () => {
    const [onV8, onWasmtime] = hosts.map((host) => ({
      pages: host.pages(),
      metrics: host.metrics.names().map((name) => ({ name, value: host.metrics.value(name) })),
    }));
    expect(onV8!.metrics.length).toBeGreaterThan(0);
    expect(onWasmtime).toEqual(onV8);
  });
});

test.each(loadRefused())("both engines refuse policies/_refused/$name alike", async ({ document }) => {
  const refusals = engines.map((engine) =>
    load(engine, document).then(
      () => "accepted",
      (error: unknown) => (error instanceof ConfigurationRefused ? error.logs : error),
    ),
  );
  const [onV8, onWasmtime] = await Promise.all(refusals);
  expect(onV8).toEqual(expect.arrayContaining([expect.objectContaining({ level: expect.anything() })]));
  expect(onWasmtime).toEqual(onV8);
});
