import { expect, test } from "vitest";
import { loadExamples } from "../corpus/corpus.ts";
import { read } from "./files.ts";

/** The names in `reason.ts`, in their order; the empty one is "allowed". */
function reasonNames(): string[] {
  const table = /const NAMES: StaticArray<string> = \[([^\]]*)\]/.exec(
    read("filter/assembly/enforce/reason.ts"),
  )![1]!;
  return [...table.matchAll(/"([a-z_]*)"/g)].map((match) => match[1]!).filter((name) => name !== "");
}

test("every reason is produced by a row of the corpus, not_ready by a test of its own", () => {
  const produced = new Set(loadExamples().flatMap(({ rows }) => rows.map((row) => row.expect.reason)));
  const missing = reasonNames().filter((name) => !produced.has(name));
  expect(missing).toEqual(["not_ready"]);
});

test("README has a row for every reason", () => {
  const readme = read("README.md");
  for (const name of reasonNames()) expect(readme).toMatch(new RegExp(`\\| \`${name}\` *\\|`));
});
