/**
 * What Istio's validation takes of the two kinds that import reads, in the vocabulary of the document's
 * own schema (istio/istio `pkg/config/validation`, as the vectors record it).
 */
import { z } from "zod";
import { istioKey } from "../schema/condition-key.ts";
import { condition } from "../schema/condition.ts";
import { unnamedPathPattern } from "../schema/path-pattern.ts";
import { operation, source } from "../schema/rule.ts";
import { fieldName, listOf, nonEmptyText } from "../schema/texts.ts";

/** Istio has no names in paths. */
const istioOperation = operation.superRefine((value, context) => {
  for (const [index, path] of (value.paths ?? []).entries()) {
    const issue = unnamedPathPattern.safeParse(path).error?.issues[0];
    if (issue !== undefined)
      context.addIssue({ code: "custom", path: ["paths", index], message: issue.message });
  }
});

const ISTIO_MEMBERS = ["key", "values", "notValues"];

/** Istio has neither our keys nor our operators. */
const istioCondition = condition.superRefine((value, context) => {
  if (!istioKey.test(value.key)) {
    const message = "expected a key of Istio's that the filter can evaluate";
    context.addIssue({ code: "custom", path: ["key"], message });
    return;
  }
  for (const name of Object.keys(value)) {
    if (!ISTIO_MEMBERS.includes(name)) {
      context.addIssue({ code: "unrecognized_keys", keys: [name], message: `unknown field \`${name}\`` });
    }
  }
});

const istioRule = z.strictObject({
  from: listOf(z.strictObject({ source })).optional(),
  to: listOf(z.strictObject({ operation: istioOperation })).optional(),
  when: z.array(istioCondition).optional(),
});

/** Labels hold no wildcards; a value may be empty, a name may not. */
const labelText = /^[^*]*$/;
const matchLabels = z.record(
  z.string().regex(/^[^*]+$/, "expected the name of a label, without `*`"),
  z.string().regex(labelText, "expected the value of a label, without `*`"),
);
const selector = z.strictObject({ matchLabels: matchLabels.optional() });

/** `group/kind` that policies can be attached to. */
const TARGETS = [
  "/Service",
  "core/Service",
  "networking.istio.io/ServiceEntry",
  "gateway.networking.k8s.io/Gateway",
  "gateway.networking.k8s.io/GatewayClass",
];
const targetRef = z
  .strictObject({
    group: z.string().optional(),
    kind: nonEmptyText,
    name: nonEmptyText,
    namespace: z.literal("", "expected no namespace: a target is in the policy's own").optional(),
  })
  .refine(
    ({ group = "", kind }) => TARGETS.includes(`${group}/${kind}`),
    "expected a Gateway, GatewayClass, Service or ServiceEntry",
  );

const attachment = {
  selector: selector.optional(),
  targetRef: targetRef.optional(),
  targetRefs: z.array(targetRef).max(16).optional(),
};

/** At most one way to say where a resource applies. */
function attachesOnce(spec: {
  selector?: unknown;
  targetRef?: unknown;
  targetRefs?: unknown[] | undefined;
}): boolean {
  const ways = [spec.selector, spec.targetRef, spec.targetRefs?.length ? spec.targetRefs : undefined];
  return ways.filter((way) => way !== undefined).length <= 1;
}
const ONE_ATTACHMENT = "expected only one of selector, targetRef and targetRefs";

export const authorizationPolicySpec = z
  .strictObject({
    ...attachment,
    action: z.enum(["ALLOW", "DENY", "AUDIT", "CUSTOM"]).optional(),
    provider: z.strictObject({ name: nonEmptyText }).optional(),
    rules: z.array(istioRule).optional(),
  })
  .refine(attachesOnce, ONE_ATTACHMENT)
  .refine((spec) => (spec.action === "CUSTOM") === (spec.provider !== undefined), {
    path: ["provider"],
    message: "expected a provider with the action CUSTOM, and only with it",
  })
  .refine((spec) => !["DENY", "CUSTOM"].includes(spec.action ?? "ALLOW") || (spec.rules ?? []).length > 0, {
    path: ["rules"],
    message: "expected a rule: without one the policy never acts; `{}` matches every request",
  });

/** A URL as Go's parser takes it, of the two schemes. */
const jwksUri = z.string().refine(isHttpUrl, "expected an http or https URL");

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

/** protojson writes durations in seconds; Istio wants at least a millisecond. */
const timeout = z
  .string()
  .regex(/^[0-9]+(?:\.[0-9]{1,9})?s$/, "expected a duration in seconds like 5s")
  .refine((text) => Number.parseFloat(text) >= 0.001, "expected at least a millisecond");

export const istioJwtRule = z
  .strictObject({
    issuer: z.string().optional(),
    audiences: z.array(nonEmptyText).optional(),
    jwksUri: jwksUri.optional(),
    jwks: z.string().optional(),
    fromHeaders: z.array(z.strictObject({ name: fieldName, prefix: z.string().optional() })).optional(),
    fromParams: z.array(fieldName).optional(),
    fromCookies: z.array(fieldName).optional(),
    outputPayloadToHeader: z.string().optional(),
    outputClaimToHeaders: z
      .array(
        z.strictObject({
          header: z
            .string()
            .regex(/^[-_A-Za-z0-9]+$/, "expected a header name of letters, digits, `-` and `_`"),
          claim: nonEmptyText,
        }),
      )
      .optional(),
    forwardOriginalToken: z.boolean().optional(),
    timeout: timeout.optional(),
    spaceDelimitedClaims: z.array(nonEmptyText).max(64).optional(),
    presence: z.enum(["OPTIONAL", "REQUIRED"]).optional(),
  })
  .refine(
    (rule) => (rule.issuer ?? "") !== "" || (rule.jwksUri ?? "") !== "",
    "expected an issuer or jwksUri",
  );

export type IstioJwtRule = z.output<typeof istioJwtRule>;

export const requestAuthenticationSpec = z
  .strictObject({ ...attachment, jwtRules: z.array(istioJwtRule).max(4096).optional() })
  .refine(attachesOnce, ONE_ATTACHMENT);

export const metadata = z.looseObject({
  name: nonEmptyText,
  namespace: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

export interface Attachment {
  selector?: z.output<typeof selector> | undefined;
  targetRef?: z.output<typeof targetRef> | undefined;
  targetRefs?: z.output<typeof targetRef>[] | undefined;
}
