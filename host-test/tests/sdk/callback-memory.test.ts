import { Host } from "lictor-host";
import { expect, test } from "vitest";
import { SDK_MODULE } from "./module.ts";

/** A VM of its own: what `malloc` has given once, it keeps. */
async function malloc(bytes: number): Promise<string | undefined> {
  const host = await Host.load(SDK_MODULE, { configuration: "{}" });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes);
  const request = [
    [":path", "/"],
    ["x-op", "malloc"],
  ] as const;
  const stream = host.request(request, { properties: { filter_state: { c: size } } });
  expect(host.failure()).toBeUndefined();
  return stream.logs[0]?.message;
}

// A VM's first page is there already; that and 64 MiB are the most, and each block begins with a header.
test.each([
  ["64 MiB less a header of 16 bytes are given", (64 << 20) - 16, "11"],
  ["a byte more is not", (64 << 20) - 15, "01"],
])("callback-memory.MAX_CALLBACK_BYTES: %s", async (_, bytes, outcome) => {
  expect(await malloc(bytes)).toBe(outcome);
});
