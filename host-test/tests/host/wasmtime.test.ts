/** Where the second engine is taken from, and what it alone tells. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EnvoyCrash,
  findWasmtime,
  Host,
  LoadError,
  WASMTIME_VERSION,
  WasmtimeNotFound,
  type Stream,
} from "lictor-host";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PROBE } from "./contract.ts";

const GET: [string, string][] = [[":path", "/"]];

describe("wasmtime is", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lictor-find-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const environment = (variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    XDG_CACHE_HOME: folder,
    PATH: join(folder, "bin"),
    ...variables,
  });
  const python = (script: string): void => {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "python3"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };
  const cached = /lictor\/wasmtime-[\d.]+\/wasmtime\/linux-\w+\/_libwasmtime\.so$/;

  test("what LICTOR_WASMTIME names", async () => {
    const path = join(folder, "mine.so");
    writeFileSync(path, "");
    expect(await findWasmtime({ environment: environment({ LICTOR_WASMTIME: path }) })).toBe(path);
    rmSync(path);
    const finding = findWasmtime({ environment: environment({ LICTOR_WASMTIME: path }) });
    await expect(finding).rejects.toThrow(WasmtimeNotFound);
  });

  test("fetched where there is none, with a line of progress, and then in the cache", async () => {
    python(`
while [ "$1" != --target ]; do shift; done
for name in linux-x86_64 linux-aarch64; do
  /bin/mkdir -p "$2/wasmtime/$name"
  echo > "$2/wasmtime/$name/_libwasmtime.so"
done`);
    const lines: string[] = [];
    const find = (): Promise<string> =>
      findWasmtime({ environment: environment(), progress: (line) => lines.push(line) });
    expect(await find()).toMatch(cached);
    expect(await find()).toMatch(cached);
    expect(lines).toEqual([expect.stringContaining(`fetching wasmtime ${WASMTIME_VERSION}`)]);
  });

  test("not had where pip fails, with pip's own words, what to do, and no folder left", async () => {
    python("echo 'No module named pip' >&2; exit 1");
    const finding = findWasmtime({ environment: environment() });
    await expect(finding).rejects.toThrow(/set LICTOR_WASMTIME[^]*No module named pip/);
    expect(readdirSync(join(folder, "lictor"))).toEqual([]);
  });
});

describe("by wasmtime", () => {
  const load = (...lines: string[]): Promise<Host> =>
    Host.load(PROBE, { engine: "wasmtime", configuration: ["probe", ...lines].join("\n") });

  test("a trap takes the VM down and says why", async () => {
    const host = await load("request trap");
    host.request(GET);
    expect(host.failure()).toMatch(
      /^Function: proxy_on_request_headers failed: Uncaught RuntimeError: .*unreachable/,
    );
  });

  test("what crashes Envoy comes through the guest as it was thrown", async () => {
    const host = await load("log reply 403 d b -1");
    expect(() => host.request(GET)).toThrow(EnvoyCrash);
  });

  test("what is no module is refused", async () => {
    await expect(Host.load(new Uint8Array([1, 2, 3]), { engine: "wasmtime" })).rejects.toThrow(LoadError);
  });

  test("fuel is counted for each stream and in all, and is the same for the same request", async () => {
    const host = await load("request property request path");
    const before = host.fuel() ?? 0;
    const streams = [1, 2].map(() => host.request(GET) as Stream);
    expect(streams[0]!.fuel).toBeGreaterThan(0);
    expect(streams[1]!.fuel).toBe(streams[0]!.fuel);
    expect(host.fuel()).toBe(before + streams[0]!.fuel * 2);
  });

  test("twenty thousand requests leave no memory behind", { timeout: 120_000 }, async () => {
    const host = await load("request property request path");
    const run = (count: number): void => {
      for (let left = count; left > 0; left--) host.request(GET);
    };
    run(5_000);
    const before = process.memoryUsage.rss();
    run(20_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
  });
});

test("V8 counts no fuel", async () => {
  const host = await Host.load(PROBE, { configuration: "probe" });
  expect(host.fuel()).toBeUndefined();
});
