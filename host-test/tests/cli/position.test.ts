import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locate, regionOfRefusal } from "lictor";

const text = `{
  "apiVersion": "lictor/v1",
  "policies": [
    { "name": "a", "x/y~z": 1, "name: expected b": 2, "…": { "name": 3 }, "na…": 4,
      "rules": [ { "when": [] } ] }
  ]
}
`;

/** What a region covers. */
function covered(region: { start: Point; end: Point }, document: string): string {
  return document.slice(offset(region.start, document), offset(region.end, document));
}

interface Point {
  line: number;
  column: number;
}

function offset({ line, column }: Point, document: string): number {
  const before = document.split("\n").slice(0, line - 1);
  return before.reduce((sum, row) => sum + row.length + 1, 0) + column - 1;
}

describe("a JSON pointer", () => {
  test.each([
    ["/apiVersion", '"lictor/v1"'],
    ["/policies/0/name", '"a"'],
    ["/policies/0/x~1y~0z", "1"],
    ["/policies/0/rules/0/when", "[]"],
    ["/policies/0/rules/7/when", '[ { "when": [] } ]'],
  ])("%s leads to its value, or the nearest parent", (pointer, value) => {
    expect(covered(locate(text).value(pointer), text)).toBe(value);
  });

  test("leads to a member's name", () => {
    expect(covered(locate(text).name("/policies/0/rules"), text)).toBe('"rules"');
  });

  test("leads to every value of any document, however it is laid out", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1, 3), (value, indent) => {
        const document = JSON.stringify(value, undefined, indent);
        const located = locate(document);
        for (const { pointer, leaf } of leaves(value, "")) {
          const region = located.value(pointer);
          // JSON has no −0: it is written as 0.
          expect(JSON.parse(covered(region, document))).toEqual(Object.is(leaf, -0) ? 0 : leaf);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function leaves(value: unknown, pointer: string): { pointer: string; leaf: unknown }[] {
  if (typeof value !== "object" || value === null) return [{ pointer, leaf: value }];
  return Object.entries(value).flatMap(([name, member]) =>
    leaves(member, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

describe("a refusal", () => {
  test.each([
    ["unknown_member at /policies/0/x~1y~0z: expected only members", '"x/y~z"'],
    ['bad_value at /policies/0/name: expected a, got "b: expected c"', '"a"'],
    ["unknown_member at /policies/0/name: expected b: expected only members", '"name: expected b"'],
    ['bad_value at /policies/0/name: expected b: expected a, got "c: expected d"', "2"],
    ["missing_member at /policies/0/rules/0: expected from", '{ "when": [] }'],
    ["bad_value at /: expected a seal", text.trimEnd()],
  ])("%s points there", (refusal, value) => {
    expect(covered(regionOfRefusal(`lictor refused ${refusal}`, text), text)).toBe(value);
  });

  test.each(["/policies/0/…/name", "/policies/0/na…"])(
    "at %s points to what is around the name that is left out or cut",
    (pointer) => {
      const region = regionOfRefusal(`lictor refused bad_value at ${pointer}: expected a`, text);
      expect(region).toEqual(locate(text).value("/policies/0"));
    },
  );

  test.each([
    ['{"a":\n  lictor"', 2],
    ["", 1],
    ['{"a": 1}\n{}', 2],
  ])("of text that is no JSON points to where it breaks: %j", (document, line) => {
    const region = regionOfRefusal("lictor refused not_json at /: expected one JSON text", document);
    expect(region.start.line).toBe(line);
  });
});
