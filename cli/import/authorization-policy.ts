/** One AuthorizationPolicy as a policy of the document: its rules are Istio's as they stand. */
import type { z } from "zod";
import type { Policy } from "../schema/policy.ts";
import type { authorizationPolicySpec } from "./istio-schema.ts";

export const DRY_RUN = "istio.io/dry-run";

/** Go's strconv.ParseBool. */
const BOOLEANS = new Map<string, boolean>([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text): [string, boolean] => [text, true]),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text): [string, boolean] => [text, false]),
]);

export interface NamedPolicy {
  name: string;
  namespace: string;
  annotations: Record<string, string>;
  spec: z.output<typeof authorizationPolicySpec>;
}

export function convertPolicy(
  { name, namespace, annotations, spec }: NamedPolicy,
  refuse: (tokens: PropertyKey[], message: string) => void,
): Policy | undefined {
  const { action = "ALLOW", rules } = spec;
  if (action === "CUSTOM") {
    refuse(["spec", "action"], "CUSTOM asks another service, which a document cannot express");
    return undefined;
  }
  const dryRun = dryRunOf(annotations, action, refuse);
  return {
    name,
    namespace,
    action,
    ...(dryRun ? { dryRun } : {}),
    ...(rules === undefined ? {} : { rules }),
  };
}

function dryRunOf(
  annotations: Record<string, string>,
  action: string,
  refuse: (tokens: PropertyKey[], message: string) => void,
): boolean {
  const text = annotations[DRY_RUN];
  if (text === undefined) return false;
  const value = BOOLEANS.get(text);
  const at = ["metadata", "annotations", DRY_RUN];
  if (value === undefined) refuse(at, "expected true or false");
  else if (value && action === "AUDIT") refuse(at, "expected the action ALLOW or DENY for a dry run");
  return value ?? false;
}
