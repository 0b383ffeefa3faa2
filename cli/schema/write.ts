/** Writes `policies/policy.schema.json` and the tables in `policies/README.md` that come from the schema: `npm run schema`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { conditionTable } from "./condition-table.ts";
import { memberTable } from "./members.ts";
import { policySchemaText } from "./policy-schema.ts";

const policies = new URL("../../policies/", import.meta.url);
const schema = fileURLToPath(new URL("policy.schema.json", policies));
const readme = fileURLToPath(new URL("README.md", policies));

const tables = { conditions: conditionTable(), members: memberTable() };

writeFileSync(schema, policySchemaText());
writeFileSync(
  readme,
  Object.entries(tables).reduce(
    (text, [name, table]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(<!-- /${name} -->)`),
        (_, start: string, end: string) => `${start}\n${table}\n\n${end}`,
      ),
    readFileSync(readme, "utf8"),
  ),
);
