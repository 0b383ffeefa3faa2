#!/usr/bin/env node
/** Runs the command line that `tsc` built, building first where that has not happened yet. */
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(dirname(realpathSync(fileURLToPath(import.meta.url)))));
const main = join(root, "build/out/cli/main.js");
if (!existsSync(main) || !existsSync(join(root, "build/out/lictor.wasm"))) {
  process.stderr.write("lictor: building, this happens once\n");
  const npm = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (npm.status !== 0) {
    process.stderr.write("lictor: the build failed; run `npm ci` in the repository first\n");
    process.exit(3);
  }
}
await import(pathToFileURL(main).href);
