/** `policies/README.md` has every example and every member of a document. */
import { documentMembers } from "lictor";
import { expect, test } from "vitest";
import { loadExamples } from "../corpus/corpus.ts";
import { read } from "../repository/files.ts";

const readme = read("policies/README.md");

test("every member of the schema stands in the reference with its description, and none besides", () => {
  const reference = readme.slice(readme.indexOf("<!-- members -->"), readme.indexOf("<!-- /members -->"));
  const rows = [...reference.matchAll(/^\| `([^`]+)` +\| (.*?) *\|$/gm)].map(([, path, meaning]) => ({
    path,
    meaning: meaning!,
  }));
  const members = documentMembers();
  expect(rows.map(({ path }) => path)).toEqual(members.map(({ path }) => path));
  for (const [index, { path, description }] of members.entries()) {
    expect(description, path).not.toBe("");
    expect(rows[index]!.meaning.startsWith(description), path).toBe(true);
  }
});

test("every folder is named", () => {
  for (const { name } of loadExamples()) expect(readme, name).toMatch(new RegExp(`\\b${name}\\b`));
});

test("at least twelve real examples have rows for both decisions", () => {
  const listed = [...readme.matchAll(/\[[\w-]+\]\(([\w-]+)\/policy\.json\)/g)].map((match) => match[1]!);
  const both = loadExamples().filter(
    ({ name, rows }) =>
      listed.includes(name) &&
      ["allow", "deny"].every((decision) =>
        rows.some(({ expect: expected }) => expected.decision === decision),
      ),
  );
  expect(both.length).toBeGreaterThanOrEqual(12);
});
