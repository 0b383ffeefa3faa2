import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../../build/wasm/compile.ts";
import { root } from "../../../build/workspace.ts";

/** Compiles the source of a filter, or of a library, which imports packages by name; the path of the module. */
export async function compileSource(
  name: string,
  source: string,
  target: "module" | "library" = "module",
): Promise<string> {
  const folder = "build/out/sources";
  mkdirSync(join(root, folder), { recursive: true });
  const entry = join(folder, `${name}.ts`);
  const outFile = join(folder, `${name}.wasm`);
  writeFileSync(join(root, entry), source);
  await compile({ target, entry, outFile }, Infinity);
  return join(root, outFile);
}
