import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { describe, expect, test } from "vitest";
import { policySchemaText } from "lictor";
import { loadExamples, loadRefused } from "../corpus/corpus.ts";
import { loadPolicy } from "../corpus/enforce.ts";
import { schemaAccepts, schemaFile } from "./schema.ts";

test("policies/policy.schema.json is what `npm run schema` writes", async () => {
  const options = await resolveConfig(schemaFile);
  expect(readFileSync(schemaFile, "utf8")).toBe(
    await format(policySchemaText(), { ...options, filepath: schemaFile }),
  );
});

describe("every example", () => {
  test.each(loadExamples().map((example) => [example.name, example.document]))(
    "%s is taken by the schema and by the filter",
    (_, document) => {
      expect(schemaAccepts(JSON.parse(document))).toBe(true);
      expect(loadPolicy(document)).toBeUndefined();
    },
  );
});

describe("what must not load", () => {
  test.each(loadRefused().map((refused) => [refused.name, refused] as const))(
    "%s is refused by the schema, unless only a loader can see why",
    (_, { document, expected }) => {
      expect(loadPolicy(document)).toContain(`lictor refused ${expected.code} at `);
      // What is to be supported later has a schema already.
      if (expected.code === "not_supported") return;
      expect(takes(document)).toBe((expected as { schema?: string }).schema === "accepts");
    },
  );
});

function takes(document: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    return false;
  }
  return schemaAccepts(value);
}
