/** What is skipped, as the runner itself sees it: with the vectors, and without. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { createVitest } from "vitest/node";
import { vectorsFolder } from "../support/vectors.ts";
import { listFiles, read, root } from "./files.ts";

const HELPER = "host-test/tests/support/vectors.ts";

/** The names of all that makes a test be left out, or others for its sake. */
const MARKS = new Set([
  "skip",
  "skipIf",
  "runIf",
  "todo",
  "only",
  "xit",
  "xtest",
  "xdescribe",
  "fit",
  "fdescribe",
]);

/** Every module that a test is made of, but this one. */
const modules = listFiles().filter(
  (file) =>
    file.startsWith("host-test/") && file.endsWith(".ts") && !file.endsWith("repository/skips.test.ts"),
);

/** The marks that stand in the code of `file`, as names or as texts that are nothing else. */
function marksIn(file: string): string[] {
  const marks: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && MARKS.has(node.text))
      marks.push(node.text);
    ts.forEachChild(node, visit);
  };
  const text = read(file);
  if ([...MARKS].some((mark) => text.includes(mark))) {
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  }
  return marks;
}

test("nothing leaves a test out but the helper of the vectors", () => {
  const marked = modules.map((file) => [file, ...marksIn(file)]).filter(([, ...marks]) => marks.length > 0);
  expect(marked).toEqual([[HELPER, "skip"]]);
});

/** How many tests the runner leaves out of the files that use the vectors, by file, where `folder` has them. */
async function skippedWith(folder: string): Promise<{ [file: string]: number }> {
  const users = modules.filter((file) => file !== HELPER && read(file).includes("describeVectors"));
  expect(users.filter((file) => !file.endsWith(".test.ts"))).toEqual([]);
  const runner = await createVitest("test", {
    root,
    watch: false,
    reporters: [],
    pool: "threads",
    isolate: false,
    fileParallelism: false,
    env: { LICTOR_VECTORS: folder },
  });
  try {
    const { testModules, unhandledErrors } = await runner.collect(users);
    expect([...unhandledErrors, ...testModules.flatMap((module) => module.errors())]).toEqual([]);
    expect(testModules).toHaveLength(users.length);
    const counts = testModules.map((module): [string, number] => [
      module.relativeModuleId,
      [...module.children.allTests()].filter(({ options }) => options.mode !== "run").length,
    ]);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  } finally {
    await runner.close();
  }
}

test("without the vectors these many tests are skipped, each in place of a suite", async () => {
  expect(await skippedWith(join(vectorsFolder, "absent"))).toEqual(SKIPPED_WITHOUT);
});

test("with the vectors none is", async () => {
  expect(await skippedWith(vectorsFolder)).toEqual(existsSync(vectorsFolder) ? {} : SKIPPED_WITHOUT);
});

const SKIPPED_WITHOUT = {
  "host-test/tests/bytes/json.test.ts": 1,
  "host-test/tests/bytes/utf8.test.ts": 1,
  "host-test/tests/cli/import-vectors.test.ts": 2,
  "host-test/tests/corpus/envoy-rbac.test.ts": 1,
  "host-test/tests/corpus/jwt-verify-lib.test.ts": 1,
  "host-test/tests/corpus/paths.test.ts": 2,
  "host-test/tests/corpus/vectors.test.ts": 2,
  "host-test/tests/crypto/cookbook.test.ts": 2,
  // Most of them on two builds.
  "host-test/tests/crypto/wycheproof.test.ts": 27,
  "host-test/tests/policy/istio-authz.test.ts": 1,
  "host-test/tests/policy/istio-verdicts.test.ts": 1,
};
