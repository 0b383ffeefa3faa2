/**
 * `npm run build`: the filter in its three builds, its decision as a library,
 * the test modules, and the command line.
 * A module is compiled again only when a source of modules or the configuration is newer.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { compile, newestSource, type Module } from "./wasm/compile.ts";
import { root, say } from "./workspace.ts";

/** Every `.ts` file of a folder as a module of the given target. */
function folder(path: string, target: Module["target"], out: string): Module[] {
  return readdirSync(join(root, path))
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => ({
      target,
      entry: join(path, name),
      outFile: join("build/out", out, `${basename(name, ".ts")}.wasm`),
    }));
}

const modules: Module[] = [
  { target: "release", entry: "filter/assembly/index.ts", outFile: "build/out/lictor.wasm" },
  { target: "portable", entry: "filter/assembly/index.ts", outFile: "build/out/lictor.portable.wasm" },
  { target: "debug", entry: "filter/assembly/index.ts", outFile: "build/out/lictor.debug.wasm" },
  { target: "library", entry: "filter/tools/index.ts", outFile: "build/out/lictor.tools.wasm" },
  ...folder("host-test/tests/entries", "library", "entries"),
  {
    target: "library-relaxed",
    entry: "host-test/tests/entries/as-crypto.ts",
    outFile: "build/out/entries/as-crypto.relaxed.wasm",
  },
  {
    target: "library-relaxed",
    entry: "host-test/tests/entries/as-crypto-field.ts",
    outFile: "build/out/entries/as-crypto-field.relaxed.wasm",
  },
  {
    target: "library-relaxed",
    entry: "host-test/tests/entries/token-path.ts",
    outFile: "build/out/entries/token-path.relaxed.wasm",
  },
  ...folder("host-test/tests/modules", "module", "modules"),
  ...folder("envoy/demo/modules", "module", "modules"),
  ...folder("bench/modules", "module", "modules"),
];

const started = performance.now();
const newest = newestSource();
let compiled = 0;
for (const module of modules) {
  if (await compile(module, newest)) compiled += 1;
}
say(`compiled ${compiled} of ${modules.length} wasm modules in ${seconds(started)}`);

const typescriptStarted = performance.now();
const tsc = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"], {
  cwd: root,
  stdio: "inherit",
});
if (tsc.status !== 0) process.exit(1);
say(`compiled TypeScript in ${seconds(typescriptStarted)}`);

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
