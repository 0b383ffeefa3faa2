/** Files of the repository, found from its sources and from what is built. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "./exit.ts";

/** The path of a file of the repository; undefined where it is missing. */
export function fileOfRepository(name: string): string | undefined {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, name))) {
    if (folder === dirname(folder)) return undefined;
    folder = dirname(folder);
  }
  return join(folder, name);
}

/** The release build of the filter. */
export function modulePath(): string {
  return builtModule("lictor.wasm");
}

/** The decision as a library, which traces. */
export function toolsModulePath(): string {
  return builtModule("lictor.tools.wasm");
}

function builtModule(name: string): string {
  const path = fileOfRepository(join("build", "out", name));
  if (path === undefined) throw new UsageError(`build/out/${name} is missing: run \`npm run build\``);
  return path;
}
