/** The reference of conditions in `policies/README.md`: what it lists is what the schema and the filter take. */
import { conditionTable, KEY_FORMS, operatorsFor } from "lictor";
import { describe, expect, test } from "vitest";
import { loadPolicy } from "../corpus/enforce.ts";
import { read } from "../repository/files.ts";
import { conditionOf } from "./rows.ts";
import { schemaAccepts } from "./schema.ts";

type KeyForm = (typeof KEY_FORMS)[number];

/** Cells without the spaces and dashes that only make columns. */
function cellsOf(table: string): string[][] {
  const lines = table.split("\n").filter((line) => line.startsWith("|"));
  return lines.map((line) => line.split("|").map((cell) => cell.trim().replace(/^-+$/, "---")));
}

test("the table in the reference is that of the schema", () => {
  const [, table] = /<!-- conditions -->([\s\S]*)<!-- \/conditions -->/.exec(read("policies/README.md"))!;
  expect(cellsOf(table!)).toEqual(cellsOf(conditionTable()));
});

test("it has every key without argument that the filter knows", () => {
  const source = read("filter/packages/as-policy/assembly/document/parse-key.ts");
  const keys = /const PLAIN_KEYS =\s*"([^"]*)"/.exec(source)![1]!.split(" ");
  expect(KEY_FORMS.map(({ form }) => form)).toEqual(expect.arrayContaining(keys));
});

/** A value for each operator that suits keys of the kind, as far as they have it. */
function operandsFor({ kind, example }: KeyForm): { [operator: string]: unknown } {
  const text = { address: "10.0.0.0/8", port: "80" }[kind as string] ?? "a";
  const scalar = { port: 80, weekday: "mon" }[kind as string] ?? "a";
  const bound = kind === "time" ? "08:00" : 1;
  const list = [scalar];
  return {
    ...{ values: [text], notValues: [text], allOf: list, anyOf: list, noneOf: list, eq: scalar, ne: scalar },
    ...{ lt: bound, lte: bound, gt: bound, gte: bound, exists: true, sameAs: example.key },
  };
}

describe.each(KEY_FORMS)("$form", (keyForm) => {
  test("its example loads", () => {
    const document = conditionOf(keyForm.example);
    expect(schemaAccepts(document)).toBe(true);
    expect(loadPolicy(JSON.stringify(document))).toBeUndefined();
  });

  test("the filter takes the operators that are listed, and no other", () => {
    const taken = Object.entries(operandsFor(keyForm)).filter(([operator, operand]) => {
      const document = conditionOf({ key: keyForm.example.key, [operator]: operand });
      return loadPolicy(JSON.stringify(document)) === undefined;
    });
    expect(taken.map(([operator]) => operator)).toEqual(operatorsFor(keyForm.kind));
  });
});
