import { expect, test } from "vitest";
import { listFiles, read } from "./files.ts";

const tests = listFiles().filter((file) => file.endsWith(".test.ts"));

/** How often `pattern` stands in the test files, by file. */
function count(pattern: RegExp): number {
  return tests.reduce((sum, file) => sum + [...read(file).matchAll(pattern)].length, 0);
}

test("the suites that are skipped where the vectors are absent are these many", () => {
  expect(count(/^describeVectors\(/gm)).toBe(VECTOR_SUITES);
});

test("no other test is skipped, and none is alone", () => {
  const marks = new RegExp(
    ["skip", "skipIf", "runIf", "todo", "only"].map((name) => `\\b(test|describe|it)\\.${name}\\b`).join("|"),
    "g",
  );
  expect(count(marks)).toBe(0);
});

const VECTOR_SUITES = 11;
