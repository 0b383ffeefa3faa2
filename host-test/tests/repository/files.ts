/** The repository as files, for tests that hold its structure and its documents to what they say. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Every file that git tracks or would track, relative to the root, as they are in the tree. */
export function listFiles(): string[] {
  const parameters = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  return execFileSync("git", parameters, { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(root, path)));
}

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** What a source file imports, as written. */
export function importsOf(path: string): string[] {
  return [...read(path).matchAll(/^(?:import|export)\b[^;"']*?from\s+["']([^"']+)["']/gm)].map(
    (match) => match[1]!,
  );
}
