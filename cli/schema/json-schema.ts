/** JSON Schema draft-07, the newest that editors promise to read, of zod schemas. */
import { z } from "zod";

export interface JsonSchema {
  [keyword: string]: unknown;
}

export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return withoutTypeLists(z.toJSONSchema(schema, { target: "draft-7", io: "input" })) as JsonSchema;
}

/** A list of types is what strict readers take for a mistake: each becomes an alternative. */
function withoutTypeLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTypeLists);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) =>
    name === "type" && Array.isArray(member)
      ? ["anyOf", member.map((type: unknown) => ({ type }))]
      : [name, withoutTypeLists(member)],
  );
  return Object.fromEntries(entries) as JsonSchema;
}
