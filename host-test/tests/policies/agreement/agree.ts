/** Schema and filter held to one another: what both say of each document of a table. */
import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../corpus/enforce.ts";
import type { Row } from "../rows.ts";
import { schemaAccepts } from "../schema.ts";

/** Runs the table: what the schema says, and what the filter says, of each document. */
export function agree(title: string, table: Row[]): void {
  describe(title, () => {
    test.each(table.map((row) => [row.verdict, row.name, row] as const))("%s: %s", (verdict, _, row) => {
      const refusal = loadPolicy(JSON.stringify(row.document));
      expect(schemaAccepts(row.document)).toBe(verdict !== "bad");
      if (verdict === "good") expect(refusal).toBeUndefined();
      else
        expect(refusal).toContain(verdict === "later" ? "lictor refused not_supported " : "lictor refused ");
    });
  });
}
