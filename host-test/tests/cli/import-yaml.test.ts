/** What `lictor import istio` makes of YAML that is no plain tree of moderate size. */
import { describe, expect, test } from "vitest";
import { importIstio, problemLine } from "lictor";

function read(text: string) {
  const options = {
    rootNamespace: "istio-system",
    trustDomains: [],
    inlineKeys: false,
    ignoreTargetRefs: false,
  };
  return importIstio([{ file: "p.yaml", text }], options);
}

async function problemsOf(text: string): Promise<string[]> {
  return (await read(text)).problems.map(problemLine);
}

const policy = (spec: string, metadata = "namespace: default") => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, ${metadata}}
spec: ${spec}
`;

describe("YAML that is no plain tree", () => {
  test.each([
    [
      "that contains itself",
      policy("&a\n  rules: [{}]\n  x: *a"),
      "p.yaml:7:6: expected YAML: `*a` contains itself",
    ],
    [
      "an alias for a name",
      policy("{action: &k DENY, *k : ALLOW, rules: [{}]}"),
      "p.yaml:5:25: expected YAML: `*k` cannot be a name",
    ],
    ["a list that does", policy("{rules: &a [*a]}"), "p.yaml:5:19: expected YAML: `*a` contains itself"],
    [
      "that contains itself further down",
      "a: &a\n  b:\n  - c: [*a]\n",
      "p.yaml:3:9: expected YAML: `*a` contains itself",
    ],
    [
      "a name that stands twice",
      policy("{rules: [], rules: [{}]}"),
      "p.yaml:5:19: expected YAML: `rules` stands in the map twice",
    ],
    [
      "a name as number and as text",
      'a: {1: x, "1": y}\n',
      "p.yaml:1:11: expected YAML: `1` stands in the map twice",
    ],
  ])("%s is refused where it stands", async (_, text, problem) => {
    expect(await problemsOf(text)).toEqual([problem]);
  });

  test("the same value in two places is none of it", async () => {
    const text = policy("{rules: [{to: &a [{operation: {methods: [GET]}}]}, {to: *a}]}");
    const { document, problems } = await read(text);
    expect(problems).toEqual([]);
    expect(document.policies?.[0]?.rules).toHaveLength(2);
  });

  test("maps of any size are read in time that grows with it", async () => {
    const members = Array.from({ length: 30_000 }, (__, index) => `k${index}: "1"`).join(", ");
    const started = performance.now();
    expect(await problemsOf(policy(`{${members}}`))).toHaveLength(30_000);
    expect(await problemsOf(policy("{rules: [{}]}", `annotations: {${members}}`))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each([
    ["flow", `a: ${"[".repeat(20_000)}`],
    ["block", Array.from({ length: 5_000 }, (__, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("nesting without end is refused: %s", async (_, text) => {
    const problems = await problemsOf(text);
    expect(problems[0]).toMatch(/^p\.yaml:\d+:\d+: expected /);
    expect(problems.length).toBeLessThan(20);
  });
});
