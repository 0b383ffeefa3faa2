/** The filter in the SDK's README, as it stands there, in the host and in Envoy. */
import { readFileSync } from "node:fs";
import { bootstrap, EnvoyProcess, listener, pluginFilter } from "lictor";
import { Host } from "lictor-host";
import { beforeAll, expect, test } from "vitest";
import { exchange } from "../host/http.ts";
import { compileSource } from "../support/compile.ts";

const README = new URL("../../../filter/packages/proxy-wasm-assemblyscript-sdk/README.md", import.meta.url);
const BODY = "an API key is needed\n";

let wasm = "";
let source = "";

beforeAll(async () => {
  source = /```ts\n([\s\S]*?)```/.exec(readFileSync(README, "utf8"))?.[1] ?? "";
  wasm = await compileSource("readme", source);
});

test("the README's filter answers 401 without a key and lets a key pass, in the host", async () => {
  const host = await Host.load(wasm);
  const without = host.request([[":path", "/"]]);
  expect(without.reply).toMatchObject({ status: 401, details: "api_key_missing" });
  expect(without.reply?.body.toString()).toBe(BODY);
  expect(
    host.request([
      [":path", "/"],
      ["x-api-key", ""],
    ]).reply?.status,
  ).toBe(401);
  expect(
    host.request([
      [":path", "/"],
      ["x-api-key", "k"],
    ]).reply,
  ).toBeUndefined();
});

test("the README's filter answers 401 without a key and lets a key pass, in Envoy", async () => {
  const filters = [pluginFilter({ wasm, configuration: "" })];
  const envoy = await EnvoyProcess.start(() =>
    bootstrap({ listeners: [listener({ name: "l", filters, upstream: { status: 200, body: "welcome" } })] }),
  );
  try {
    const port = await envoy.port("l");
    const request = ["GET / HTTP/1.1", "Host: a.test"];
    expect(await exchange(port, request)).toMatchObject({ status: 401, body: BODY });
    expect(await exchange(port, [...request, "x-api-key: k"])).toMatchObject({
      status: 200,
      body: "welcome",
    });
  } finally {
    await envoy.stop();
  }
});

test("a filter on the SDK has no import and no export but those that it names", () => {
  const module = new WebAssembly.Module(readFileSync(wasm));
  const imports = WebAssembly.Module.imports(module).map((one) => `${one.module}.${one.name}`);
  expect(imports.sort()).toEqual([
    "env.proxy_get_buffer_bytes",
    "env.proxy_get_header_map_value",
    "env.proxy_send_local_response",
  ]);
  const exports = WebAssembly.Module.exports(module).map(({ name }) => name);
  expect(exports.sort()).toEqual([
    "_initialize",
    "malloc",
    "memory",
    "proxy_abi_version_0_2_1",
    "proxy_on_configure",
    "proxy_on_context_create",
    "proxy_on_delete",
    "proxy_on_request_headers",
  ]);
});

test("a filter whose request handler is missing answers 503, and one without a configuration handler does not load", async () => {
  const noRequestHandler = source.replace("onRequestHeaders((", "export const unused = ((");
  const host = await Host.load(await compileSource("no-request-handler", noRequestHandler));
  expect(
    host.request([
      [":path", "/"],
      ["x-api-key", "k"],
    ]).reply,
  ).toMatchObject({
    status: 503,
    details: "proxy_wasm_no_handler",
  });
  const noConfigurationHandler = source.replace(/^onConfigure.*$/m, "");
  const path = await compileSource("no-configuration-handler", noConfigurationHandler);
  await expect(Host.load(path)).rejects.toThrow("Failed to configure base Wasm plugin");
});

test("a stream that was never announced is denied, its handler not asked", async () => {
  const path = await compileSource(
    "unannounced",
    source.replace("  proxy_on_context_create,\n", "").replace("  proxy_on_configure,\n", ""),
  );
  const host = await Host.load(path);
  for (let left = 3; left > 0; left--) {
    const { reply } = host.request([
      [":path", "/"],
      ["x-api-key", "k"],
    ]);
    expect(reply).toMatchObject({ status: 503, details: "proxy_wasm_no_handler" });
  }
});

test("a broken invariant in a filter logs one line and traps", async () => {
  const failing = source.replace(
    "  // Absent",
    '  if (hostLength(key) == 1) throw new Error("");\n  // Absent',
  );
  const host = await Host.load(await compileSource("failing", failing));
  const { reply } = host.request([
    [":path", "/"],
    ["x-api-key", "k"],
  ]);
  expect(reply).toMatchObject({ status: 503, details: "wasm_fail_stream" });
  expect(host.logs.map((line) => line.message)).toEqual([
    "AssemblyScript abort: the guest broke an invariant of its own",
  ]);
});
