import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../../build/wasm/compile.ts";
import { root } from "../../../build/workspace.ts";

/** Compiles a filter's source, or a library's, which imports packages by name; the path of the module. */
export async function compileFilter(
  name: string,
  source: string,
  target: "module" | "library" = "module",
): Promise<string> {
  const folder = "build/out/sdk-sources";
  mkdirSync(join(root, folder), { recursive: true });
  const entry = join(folder, `${name}.ts`);
  const outFile = join(folder, `${name}.wasm`);
  writeFileSync(join(root, entry), source);
  await compile({ target, entry, outFile }, Infinity);
  return join(root, outFile);
}
