/** Contexts and memory over many streams and configurations. */
import { ConfigurationRefused, Host, type Stream } from "lictor-host";
import { expect, test } from "vitest";
import { SDK_MODULE } from "./module.ts";

const REQUEST = [
  [":path", "/"],
  ["x-op", "tell"],
] as const;
const options = { properties: { filter_state: { a: "d" } } };

test("thousands of open streams each keep their own data, in whatever order they end", async () => {
  const host = await Host.load(SDK_MODULE);
  const streams = Array.from({ length: 20_000 }, (_, index) =>
    index % 2 === 0 ? host.requestHeaders(REQUEST, options) : host.requestHeaders([[":path", "/"]], options),
  ) as Stream[];
  const order = streams.map((stream, index) => ({ stream, index, key: (index * 7919) % streams.length }));
  order.sort((left, right) => left.key - right.key);
  const wrong = order.filter(({ stream, index }) => {
    stream.respond().end();
    return (stream.reply?.status === 403) !== (index % 2 === 0);
  });
  expect(wrong).toEqual([]);
});

test("memory stands still after warm-up", async () => {
  const host = await Host.load(SDK_MODULE);
  for (let left = 100; left > 0; left--) host.request(REQUEST, options);
  const pages = host.pages();
  for (let left = 5_000; left > 0; left--) host.request(REQUEST, options);
  expect(host.pages()).toBe(pages);
});

test("memory stands still over configurations", async () => {
  const host = await Host.load(SDK_MODULE);
  const push = (index: number): boolean =>
    host.push(`{"revision": ${index}, "padding": "${"x".repeat(100_000)}"}`).accepted;
  for (let index = 0; index < 3; index++) push(index);
  const pages = host.pages();
  for (let index = 3; index < 20; index++) expect(push(index)).toBe(true);
  expect(host.pages()).toBe(pages);
});

test("a stream of an old configuration is served to its end", async () => {
  const host = await Host.load(SDK_MODULE, { configuration: "old" });
  const stream = host.requestHeaders(REQUEST, options) as Stream;
  for (const configuration of ["new", "newer"]) expect(host.push(configuration).accepted).toBe(true);
  stream.respond().end();
  expect(stream.reply?.status).toBe(403);
  expect(host.request(REQUEST, options).reply?.status).toBe(403);
});

test("a configuration that the filter refuses does not load", async () => {
  await expect(Host.load(SDK_MODULE, { configuration: "refuse" })).rejects.toThrow(ConfigurationRefused);
});
