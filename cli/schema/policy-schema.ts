/** The JSON Schema of the document as a file's text, for editors. */
import { documentSchema } from "./document.ts";
import { jsonSchemaOf } from "./json-schema.ts";

export function policySchemaText(): string {
  return `${JSON.stringify(jsonSchemaOf(documentSchema), undefined, 2)}\n`;
}
