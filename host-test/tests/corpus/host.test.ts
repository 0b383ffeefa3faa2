import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Host, type ConfigurationRefused } from "lictor-host";
import { beforeAll, describe, expect, test } from "vitest";
import {
  clientView,
  expectedRecord,
  headerLines,
  loadExamples,
  loadRefused,
  propertiesOf,
  timeOf,
  type DecisionRecord,
} from "./corpus.ts";

const module = readFileSync(fileURLToPath(new URL("../../../build/out/lictor.wasm", import.meta.url)));

describe.each(loadExamples())("the filter in the host, policies/$name", (example) => {
  const { document, observes, rows } = example;
  let host: Host;

  beforeAll(async () => {
    host = await Host.load(module, { configuration: document, nowMs: Date.now() });
  });

  test.each(rows)("$name", (row) => {
    const { request, expect: expected } = row;
    host.clock.set(timeOf(request));
    const stream = host.request(headerLines(request), { properties: propertiesOf(request) });
    const record = JSON.parse(stream.state("wasm.lictor.decision") ?? "{}") as DecisionRecord;
    expect(record).toMatchObject(expectedRecord(row));
    const denies = expected.decision === "deny" && !observes;
    expect(stream.reply?.details).toBe(denies ? `lictor_denied{${expected.reason}}` : undefined);
    if (denies) expect(stream.reply).toMatchObject(clientView(row, example));
    expect(host.failure(0)).toBeUndefined();
  });
});

test.each(loadRefused())(
  "the filter in the host refuses policies/_refused/$name",
  async ({ document, expected }) => {
    const refusal = await Host.load(module, { configuration: document }).then(
      () => undefined,
      (error: unknown) => error as ConfigurationRefused,
    );
    const lines = refusal?.logs.map((line) => line.message) ?? [];
    expect(lines.filter((line) => line.startsWith("lictor refused "))).toEqual([
      expect.stringContaining(`lictor refused ${expected.code} at ${expected.at}: expected `),
    ]);
  },
);
