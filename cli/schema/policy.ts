/** One policy: Istio's AuthorizationPolicy, its metadata beside its rules. */
import { z } from "zod";
import { rule } from "./rule.ts";
import { TOKEN, described, freeHeaderName, nonEmptyText, text } from "./texts.ts";

/** RFC 9110 §5.5 without `obs-text`: visible ASCII, spaces and tabs. */
const fieldValue = z.string().regex(/^[\t\x20-\x7e]{0,1024}$/, "expected visible ASCII, at most 1024 bytes");

const responseHeader = freeHeaderName(TOKEN, "content-type");

export const response = z
  .strictObject({
    status: described(z.int().min(400).max(599), "HTTP status of the denial.", 404).optional(),
    headers: z
      .array(
        z.strictObject({
          name: described(responseHeader, "Name of the header.", "retry-after"),
          value: described(fieldValue, "Its value, visible ASCII.", "60"),
        }),
      )
      .max(16)
      .meta({ description: "Headers of the answer.", examples: [[{ name: "retry-after", value: "60" }]] })
      .optional(),
    body: described(
      z.string().max(4096),
      "Body of the answer, at most 4096 bytes.",
      '{"title":"Not for you"}',
    ).optional(),
    contentType: described(fieldValue, "Content type of the body.", "application/problem+json").optional(),
  })
  .meta({ title: "Response", description: "What a caller gets whom this DENY policy denies." });

export const policy = z
  .strictObject({
    name: described(nonEmptyText, "Name in records and metrics.", "orders-read"),
    namespace: described(
      text,
      "Namespace of the policy: what a service account without one belongs to.",
      "shop",
    ).optional(),
    action: described(
      z.enum(["ALLOW", "DENY", "AUDIT"]),
      "A matching DENY wins over ALLOW; AUDIT only records. Default ALLOW.",
    ).optional(),
    dryRun: described(z.boolean(), "Only the shadow verdict knows of it.").optional(),
    rules: described(
      z.array(rule),
      "Any of these rules. None, under ALLOW: nothing is allowed by this policy.",
    ).optional(),
    response: response.optional(),
  })
  .refine((value) => value.action !== "DENY" || (value.rules ?? []).length > 0, {
    path: ["rules"],
    message: "a DENY policy needs at least one rule",
  })
  .refine((value) => value.action === "DENY" || Object.keys(value.response ?? {}).length === 0, {
    path: ["response"],
    message: "expected a response in DENY policies only: the others deny nothing",
  })
  .meta({
    title: "Policy",
    description: "A named set of rules and what follows where one matches.",
    if: { type: "object", properties: { action: { const: "DENY" } }, required: ["action"] },
    then: { type: "object", properties: { rules: { type: "array", minItems: 1 } }, required: ["rules"] },
    else: { type: "object", properties: { response: { type: "object", maxProperties: 0 } } },
  });

export type Policy = z.output<typeof policy>;
