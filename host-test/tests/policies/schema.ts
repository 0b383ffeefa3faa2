/** The schema in its two forms: zod as the command line runs it, JSON Schema as editors do. */
import { Ajv } from "ajv";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documentSchema } from "lictor";
import { policiesFolder } from "../corpus/corpus.ts";

export const schemaFile = join(policiesFolder, "policy.schema.json");

const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(schemaFile, "utf8")) as object);

/** Whether the schema takes the value; both forms must say the same. */
export function schemaAccepts(value: unknown): boolean {
  const byZod = documentSchema.safeParse(value);
  const byJsonSchema = validate(value);
  if (byZod.success !== byJsonSchema) {
    const reasons = JSON.stringify([byZod.error?.issues, validate.errors], undefined, 2);
    throw new Error(`zod ${byZod.success}, JSON Schema ${byJsonSchema}: ${reasons}`);
  }
  return byJsonSchema;
}
