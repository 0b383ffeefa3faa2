/** Modules that Envoy refuses, and why, in its words: small ones, compiled here. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { bootstrap, EnvoyProcess, listener, pluginFilter } from "lictor";
import { EnvoyCrash, Host, NotImplemented } from "lictor-host";
import { afterAll, beforeAll, expect, test } from "vitest";

const ABI = "export function proxy_abi_version_0_2_1(): void {}\n";
const MALLOC = "export function malloc(size: usize): usize { return 1024; }\n";
const LOG = '@external("env", "proxy_log") declare function log(level: i32, at: usize, size: usize): i32;\n';
const LEVEL = '@external("env", "proxy_get_log_level") declare function level(at: usize): i32;\n';

interface Case {
  name: string;
  source: string;
  /** Part of the error, on Envoy's log and on the host; undefined: the module loads. */
  error?: string;
  /** More parameters of the compiler. */
  parameters?: string[];
}

const START_SECTION = ["--initialMemory", "1"];
const INITIALIZE = ["--exportStart", "_initialize"];

const cases: Case[] = [
  {
    name: "a module without an ABI version",
    source: MALLOC,
    error: "Missing or unknown Proxy-Wasm ABI version",
  },
  { name: "a module without malloc", source: ABI, error: "Wasm module is missing malloc function." },
  {
    name: "the compiler's own abort",
    source: `${ABI}${MALLOC}export function proxy_on_log(id: u32): void { assert(id != 7); }`,
    error: "missing import: env.abort",
  },
  {
    name: "an import that no proxy has",
    source: `${ABI}${MALLOC}@external("env", "proxy_made_up") declare function f(): i32; export function proxy_on_log(id: u32): void { f(); }`,
    error: "missing import: env.proxy_made_up",
  },
  {
    name: "an import of the wrong type",
    source: `${ABI}${MALLOC}@external("env", "proxy_log") declare function f(level: i32, at: usize): i32; export function proxy_on_log(id: u32): void { f(0, 0); }`,
    error: "import type mismatch: env.proxy_log, want: i32 i32 -> i32, but host exports: i32 i32 i32 -> i32",
  },
  {
    name: "a callback of the wrong type",
    source: `${ABI}${MALLOC}export function proxy_on_request_headers(id: u32, count: u32): u32 { return 0; }`,
    error: "Bad function signature for: proxy_on_request_headers",
  },
  {
    name: "a call that is not allowed at start",
    source: `${ABI}${MALLOC}${LEVEL}level(1024);`,
    error: "Function: _initialize failed: Uncaught Error: restricted_callback",
  },
  {
    name: "a trap at start",
    source: `${ABI}${MALLOC}unreachable();`,
    error: "Function: _initialize failed: Uncaught RuntimeError: unreachable",
  },
  {
    name: "a trap in the start section",
    source: `${ABI}${MALLOC}unreachable();`,
    error: "Failed to create new Wasm instance",
    parameters: START_SECTION,
  },
  {
    name: "a root that does not start",
    source: `${ABI}${MALLOC}export function proxy_on_vm_start(id: u32, size: u32): u32 { return 0; }`,
    error: "Failed to start base Wasm",
  },
  {
    name: "a configuration that is not taken",
    source: `${ABI}${MALLOC}export function proxy_on_configure(id: u32, size: u32): u32 { return 0; }`,
    error: "Failed to configure base Wasm plugin",
  },
  {
    name: "more memory than a gibibyte",
    source: `${ABI}${MALLOC}`,
    error: "Failed to create new Wasm instance",
    parameters: [...INITIALIZE, "--initialMemory", "20000"],
  },
  { name: "a log line at start", source: `${ABI}${MALLOC}${LOG}log(2, 1024, 4);` },
  {
    name: "a start section without host calls",
    source: `${ABI}${MALLOC}store<u32>(1024, 1);`,
    parameters: START_SECTION,
  },
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lictor-load-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function compile(source: string, parameters: readonly string[] = INITIALIZE): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["module.ts", "--outFile", "module.wasm", "--runtime", "stub", ...parameters],
    {
      readFile: (name) => (name === "module.ts" ? source : null),
      writeFile: (name, contents) => {
        if (name === "module.wasm" && typeof contents !== "string") wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === undefined) throw new Error(stderr.toString());
  return wasm;
}

/** Why Envoy refuses the module; undefined where it starts with it. */
async function refusalOfEnvoy(
  wasm: Uint8Array,
  environment: { [name: string]: string } = {},
): Promise<string | undefined> {
  const path = join(folder, "module.wasm");
  writeFileSync(path, wasm);
  const filters = [pluginFilter({ wasm: path, configuration: "c", environment })];
  const upstream = { status: 200, body: "" };
  try {
    const envoy = await EnvoyProcess.start(
      () => bootstrap({ listeners: [listener({ name: "l", filters, upstream })] }),
      {
        logLevel: "error",
      },
    );
    await envoy.stop();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

test.each(cases)(
  "$name has the same fate on the host and on Envoy",
  async ({ source, error, parameters }) => {
    const wasm = await compile(source, parameters);
    const onHost = await Host.load(wasm, { configuration: "c" }).then(() => undefined, String);
    const onEnvoy = await refusalOfEnvoy(wasm);
    if (error === undefined) {
      expect(onHost).toBeUndefined();
      expect(onEnvoy).toBeUndefined();
    } else {
      expect(onEnvoy).toContain(error);
      expect(onHost).toContain(error);
    }
  },
);

test("a host call from the start section crashes Envoy, and the host says so", async () => {
  const wasm = await compile(`${ABI}${MALLOC}${LOG}log(2, 1024, 4);`, START_SECTION);
  await expect(Host.load(wasm)).rejects.toThrow(EnvoyCrash);
  expect(await refusalOfEnvoy(wasm)).toContain("ended with 139");
});

test("environment variables reach a module on the host and on Envoy", async () => {
  const size = "NAME=value\0".length;
  const wasm = await compile(
    `${ABI}${MALLOC}
    @external("wasi_snapshot_preview1", "environ_sizes_get") declare function sizes(count: usize, size: usize): i32;
    @external("wasi_snapshot_preview1", "environ_get") declare function get(addresses: usize, bytes: usize): i32;
    export function proxy_on_configure(id: u32, length: u32): bool {
      if (sizes(1024, 1028) != 0 || get(2048, 4096) != 0) return false;
      return load<u32>(1024) == 1 && load<u32>(1028) == ${size} && load<u32>(load<u32>(2048)) == 0x454d414e;
    }`,
    [...INITIALIZE, "--initialMemory", "1"],
  );
  await expect(Host.load(wasm, { environment: { NAME: "value" } })).resolves.toBeDefined();
  await expect(Host.load(wasm, { environment: {} })).rejects.toThrow();
  expect(await refusalOfEnvoy(wasm, { NAME: "value" })).toBeUndefined();
  expect(await refusalOfEnvoy(wasm, {})).toContain("Failed to configure base Wasm plugin");
});

test("an import that only Envoy has is no failure of the module", async () => {
  const wasm = await compile(
    `${ABI}${MALLOC}@external("env", "proxy_done") declare function f(): i32; export function proxy_on_log(id: u32): void { f(); }`,
  );
  await expect(Host.load(wasm)).rejects.toThrow(NotImplemented);
});

test("a caller that names its imports finds out about others", async () => {
  const wasm = await compile(
    `${ABI}${MALLOC}${LOG}export function proxy_on_log(id: u32): void { log(2, 1024, 4); }`,
  );
  await expect(Host.load(wasm, { expectedImports: [] })).rejects.toThrow("env.proxy_log");
  await expect(Host.load(wasm, { expectedImports: ["proxy_log"] })).resolves.toBeDefined();
});
