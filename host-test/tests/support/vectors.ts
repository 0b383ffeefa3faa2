/**
 * The independent test vectors, which are not part of the repository: `$LICTOR_VECTORS`, by default
 * `../shared/vectors` beside the checkout. A suite over them says when they are absent and is
 * counted as skipped.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The folder of the vectors, whether it is there or not. */
export const vectorsFolder = resolve(process.env["LICTOR_VECTORS"] ?? join(root, "../shared/vectors"));

/** `describe` where the vectors `path` are present, else one skipped test that says what is missing. */
export function describeVectors(path: string, suite: (path: string) => void): void {
  const full = join(vectorsFolder, path);
  if (existsSync(full)) describe(`vectors ${path}`, () => suite(full));
  else test.skip(`vectors ${path} are absent: set LICTOR_VECTORS`);
}

/** The parsed JSON of vectors `path`, relative to the folder or absolute. */
export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(resolve(vectorsFolder, path), "utf8")) as T;
}
