/** Writes `policies/policy.schema.json` and the members of a document in `policies/README.md`: `npm run schema`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { memberTable } from "./members.ts";
import { policySchemaText } from "./policy-schema.ts";

const policies = new URL("../../policies/", import.meta.url);
const schema = fileURLToPath(new URL("policy.schema.json", policies));
const readme = fileURLToPath(new URL("README.md", policies));

writeFileSync(schema, policySchemaText());
writeFileSync(
  readme,
  readFileSync(readme, "utf8").replace(
    /(<!-- members -->\n)[\s\S]*(<!-- \/members -->)/,
    (_, start: string, end: string) => `${start}\n${memberTable()}\n\n${end}`,
  ),
);
