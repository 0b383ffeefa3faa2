import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import asc from "assemblyscript/asc";
import { root, say } from "../workspace.ts";
import { shrink } from "./shrink.ts";

/** One AssemblyScript entry and what becomes of it; targets are those of `asconfig.json`. */
export interface Module {
  target: "release" | "portable" | "debug" | "library" | "library-relaxed" | "module";
  entry: string;
  outFile: string;
}

/** Folders of what a module comes from: AssemblyScript, and what is done with it. */
const sources = [
  "filter",
  "host-test/tests/entries",
  "host-test/tests/modules",
  "envoy/demo/modules",
  "bench/modules",
  "build/wasm",
];

/** When the newest of those sources or the compiler's configuration changed, in ms. */
export function newestSource(): number {
  let newest = statSync(join(root, "asconfig.json")).mtimeMs;
  for (const folder of sources) {
    for (const name of readdirSync(join(root, folder), { recursive: true }) as string[]) {
      if (!name.endsWith(".ts") || name.includes("node_modules")) continue;
      newest = Math.max(newest, statSync(join(root, folder, name)).mtimeMs);
    }
  }
  return newest;
}

/** Compiles `module` unless its output is newer than `newest`; whether it did. Throws on errors. */
export async function compile(module: Module, newest: number): Promise<boolean> {
  const outFile = join(root, module.outFile);
  if (existsSync(outFile) && statSync(outFile).mtimeMs > newest) return false;
  mkdirSync(dirname(outFile), { recursive: true });
  say(`compiling ${module.outFile}`);
  const { error, stderr } = await asc.main(
    [
      module.entry,
      "--target",
      module.target,
      "--config",
      "asconfig.json",
      "--outFile",
      module.outFile,
      "--baseDir",
      root,
    ],
    {},
  );
  const messages = stderr.toString();
  if (messages !== "") process.stderr.write(messages);
  if (error !== null) throw error;
  if (module.target !== "debug") writeFileSync(outFile, shrink(readFileSync(outFile)));
  return true;
}
