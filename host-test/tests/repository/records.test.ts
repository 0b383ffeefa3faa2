/** `envoy/plain/README.md` has every member of the decision record and every metric. */
import { expect, test } from "vitest";
import { read } from "./files.ts";

const page = read("envoy/plain/README.md");

/** The rows of a section's table, as texts of their cells. */
function rowsOf(section: string): string[][] {
  const [, rest = ""] = page.split(`\n## ${section}\n`);
  const [text = ""] = rest.split("\n## ");
  const lines = text.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => line.split("|").map((cell) => cell.trim()));
}

function uniqueMatches(source: string, expression: RegExp): string[] {
  return [...new Set([...source.matchAll(expression)].map((match) => match[1] ?? match[2]!))].sort();
}

const members = rowsOf("The decision record").map(([, name]) => name!.replaceAll("`", ""));

test("every member that the filter writes has its row, and none besides", () => {
  const written = uniqueMatches(
    read("filter/assembly/host/record.ts"),
    /"(\w+)":|\bmember\(writer, "(\w+)"/g,
  );
  const listed = new Set(members.map((name) => name.replace(/^.*\./, "")));
  expect([...listed].sort()).toEqual(written);
});

test("members of the type that the command line reads it by are among them", () => {
  const declared = /interface DecisionRecord \{([^]*?)\n\}/.exec(read("cli/decision/record.ts"))![1]!;
  expect(members).toEqual(expect.arrayContaining(uniqueMatches(declared, /^ {2}(\w+)\??:/gm)));
});

test("how often a decision is timed is said as it is", () => {
  const sampled = /SAMPLED: u32 = (\d+)/.exec(read("filter/assembly/host/stream.ts"))![1]!;
  expect(page.match(/one request (?:of|in) (\d+)/g)).toHaveLength(2);
  expect(uniqueMatches(page, /one request (?:of|in) (\d+)/g)).toEqual([sampled]);
});

const metrics = rowsOf("Metrics");
const source = read("filter/assembly/host/metrics.ts");

test("every metric has its row, and none besides", () => {
  const defined = uniqueMatches(source, /\b(lictor_\w+)"/g);
  expect(metrics.map(([, name]) => name!.replaceAll("`", "")).sort()).toEqual(defined);
});

test("every label stands with a metric, and has a tag", () => {
  const labels = uniqueMatches(source, /\b([a-z]+)=\.=/g);
  const listed = uniqueMatches(metrics.map(([, , , cell]) => cell).join(" "), /`(\w+)`/g);
  expect(listed).toEqual(labels);
  expect(uniqueMatches(read("envoy/plain/envoy.yaml"), /tag_name: (\w+)/g)).toEqual(labels);
});
