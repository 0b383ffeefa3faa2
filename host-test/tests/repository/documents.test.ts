import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, read, root } from "./files.ts";

const files = listFiles();
const documents = files.filter((file) => file.endsWith(".md"));
const scripts = (JSON.parse(read("package.json")) as { scripts: { [name: string]: string } }).scripts;

/** Names in backticks that look like paths of the repository. */
function pathsIn(document: string): string[] {
  const quoted = [...read(document).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  return quoted.filter(
    (text) => /^(\.?[\w-]+\/)+[\w.-]*$/.test(text) || /^[\w-]+\.(md|json|ts|js|mjs)$/.test(text),
  );
}

describe.each(documents.map((document) => ({ document })))("$document", ({ document }) => {
  test("names only files that exist", () => {
    for (const path of pathsIn(document)) {
      const here = document.includes("/") ? document.slice(0, document.lastIndexOf("/") + 1) : "";
      const found = [path, here + path].some((candidate) => existsSync(join(root, candidate)));
      expect(found || path.startsWith("build/out/"), path).toBe(true);
    }
  });

  test("links only to files that exist", () => {
    for (const [, link] of read(document).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      const here = document.includes("/") ? document.slice(0, document.lastIndexOf("/") + 1) : "";
      expect(existsSync(join(root, here, link!)), link).toBe(true);
    }
  });

  test("names only npm scripts that exist", () => {
    for (const [, name] of read(document).matchAll(/npm run ([\w:-]+)/g))
      expect(scripts).toHaveProperty([name!]);
  });
});

test("the file map of ARCHITECTURE.md names every folder that holds sources", () => {
  const map = read("ARCHITECTURE.md");
  const folders = new Set(
    files
      .filter((file) => file.endsWith(".ts") && file.includes("/"))
      .map((file) => file.slice(0, file.lastIndexOf("/"))),
  );
  for (const folder of folders) {
    const named = [...folder.split("/").keys()].some((depth) =>
      map.includes(
        `\`${folder
          .split("/")
          .slice(0, folder.split("/").length - depth)
          .join("/")}/\``,
      ),
    );
    expect(named, folder).toBe(true);
  }
});

test("README shows the output of the commands it names", () => {
  const readme = read("README.md");
  expect(readme).toContain("npm ci && npm run demo");
  expect(readme).toContain("npm ci && npm test");
  expect(readme).toContain("Every verdict was as expected.");
});
