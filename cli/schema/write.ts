/** Writes `policies/policy.schema.json`: `npm run schema`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { policySchemaText } from "./policy-schema.ts";

writeFileSync(
  fileURLToPath(new URL("../../policies/policy.schema.json", import.meta.url)),
  policySchemaText(),
);
