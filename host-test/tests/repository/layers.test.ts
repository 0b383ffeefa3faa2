import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf, listFiles, root } from "./files.ts";

/** What each layer may import by name; relative imports stay inside a layer but for the arrows below. */
const layers: { folder: string; packages: string[]; folders?: string[] }[] = [
  { folder: "filter/packages/as-bytes", packages: [] },
  { folder: "filter/packages/as-crypto", packages: ["as-bytes"] },
  { folder: "filter/packages/as-jwt", packages: ["as-bytes", "as-crypto"] },
  { folder: "filter/packages/as-policy", packages: ["as-bytes"] },
  { folder: "filter/assembly/enforce", packages: ["as-bytes", "as-crypto", "as-jwt", "as-policy"] },
  { folder: "filter/packages/proxy-wasm-assemblyscript-sdk", packages: [] },
  {
    folder: "filter/assembly/host",
    packages: ["as-bytes", "as-crypto", "as-jwt", "as-policy", "proxy-wasm-assemblyscript-sdk"],
    folders: ["filter/assembly/enforce"],
  },
  {
    folder: "filter/tools",
    packages: ["as-bytes", "as-policy"],
    folders: ["filter/assembly/enforce"],
  },
];

const files = listFiles();

describe.each(layers)("$folder", ({ folder, packages, folders = [] }) => {
  const sources = files.filter((file) => file.startsWith(`${folder}/`) && file.endsWith(".ts"));

  test("imports only what its layer may, packages by name", () => {
    expect(sources.length).toBeGreaterThan(0);
    for (const file of sources) {
      for (const name of importsOf(file)) {
        if (!name.startsWith(".")) {
          expect(packages, `${file} imports ${name}`).toContain(name);
          continue;
        }
        const target = normalize(join(dirname(file), name));
        const inside = [folder, ...folders].some(
          (allowed) => target === allowed || target.startsWith(`${allowed}/`),
        );
        expect(inside, `${file} imports ${name}`).toBe(true);
      }
    }
  });
});

test("the table in ARCHITECTURE.md has a row of four cells for each layer", () => {
  const lines = readFileSync(join(root, "ARCHITECTURE.md"), "utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith("| layer")) + 2;
  const end = lines.findIndex((line, index) => index > first && !line.startsWith("|"));
  const rows = lines.slice(first, end).map((line) => line.slice(1, -1).split("|"));
  const names = rows.map(([name = ""]) => name.trim());
  const folders = layers.map(({ folder }) => folder.replace(/^.*\//, ""));
  expect(names).toEqual([...folders, "lictor-host", "lictor (the command line)"]);
  for (const row of rows) expect(row).toHaveLength(4);
});

test("folders of the command line import one another in one direction", () => {
  const imports = new Map<string, Set<string>>();
  for (const file of files.filter((name) => /^cli\/[^/]+\/.*\.ts$/.test(name))) {
    const folder = file.split("/")[1]!;
    const targets = importsOf(file).map((name) => normalize(join(dirname(file), name)).split("/"));
    const others = targets.filter(
      ([top, inside, ...rest]) => top === "cli" && inside !== folder && rest.length > 0,
    );
    imports.set(folder, new Set([...(imports.get(folder) ?? []), ...others.map(([, inside]) => inside!)]));
  }
  expect(imports.size).toBeGreaterThan(8);
  // Folders that import only what was taken away before, again and again: a circle stays.
  for (let before = -1; before !== imports.size;) {
    before = imports.size;
    for (const [folder, others] of imports)
      if (![...others].some((other) => imports.has(other))) imports.delete(folder);
  }
  expect([...imports.keys()]).toEqual([]);
});

test("the host, the command line and the filter know nothing of the tests", () => {
  for (const file of files.filter(
    (name) => /^(filter|host-test\/host|cli|bench|envoy)\//.test(name) && name.endsWith(".ts"),
  )) {
    for (const name of importsOf(file)) expect(name, file).not.toMatch(/(^|\/)tests\//);
  }
});

test("every package and the decision compile to modules that ask a host for nothing", () => {
  const entries = readdirSync(join(root, "build/out/entries")).filter((name) => name.endsWith(".wasm"));
  expect(entries.length).toBeGreaterThanOrEqual(3);
  for (const name of entries) {
    const module = new WebAssembly.Module(readFileSync(join(root, "build/out/entries", name)));
    expect(WebAssembly.Module.imports(module), name).toEqual([]);
  }
});
