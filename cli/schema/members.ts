/** Every member of a document with what it means, as the reference lists them. */
import { documentSchema } from "./document.ts";
import { jsonSchemaOf, type JsonSchema } from "./json-schema.ts";

export interface Member {
  /** `policies[].rules[].when[].key` */
  path: string;
  description: string;
  /** The values that it can have, where there are only a few. */
  values: readonly string[];
}

export function documentMembers(): Member[] {
  return membersIn(jsonSchemaOf(documentSchema), "");
}

function membersIn(schema: JsonSchema, path: string): Member[] {
  const items = schema["items"] as JsonSchema | undefined;
  if (items !== undefined) return membersIn(items, `${path}[]`);
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>);
  return properties.flatMap(([name, member]) => {
    const below = path === "" ? name : `${path}.${name}`;
    return [memberOf(member, below), ...membersIn(member, below)];
  });
}

function memberOf(schema: JsonSchema, path: string): Member {
  const items = (schema["items"] ?? {}) as JsonSchema;
  const description = (schema["description"] ?? items["description"] ?? items["title"] ?? "") as string;
  const values = (schema["enum"] ?? []) as unknown[];
  return { path, description, values: values.map(String).filter((value) => value !== "") };
}

/** A Markdown table. */
export function memberTable(): string {
  const rows = documentMembers().map(({ path, description, values }) => {
    const isSaid = values.every((value) => description.includes(value));
    const choice = isSaid ? "" : `One of ${values.map((value) => `\`${value}\``).join(", ")}.`;
    const meaning = `${description} ${choice}`.trim();
    return `| \`${path}\` | ${meaning.replaceAll("|", "\\|")} |`;
  });
  return ["| member | meaning |", "| --- | --- |", ...rows].join("\n");
}
