/** The two kinds of resource that an import reads, checked as Istio's own validation checks them. */
import type { z } from "zod";
import type { Region } from "../files/position.ts";
import { DRY_RUN } from "./authorization-policy.ts";
import { authorizationPolicySpec, metadata, requestAuthenticationSpec } from "./istio-schema.ts";
import type { Findings } from "./problem.ts";
import type { Resource } from "./resource.ts";

const GROUP = "security.istio.io";
const VERSIONS = [`${GROUP}/v1`, `${GROUP}/v1beta1`];

interface Named {
  resource: Resource;
  name: string;
  namespace: string;
  annotations: Record<string, string>;
}

export type Known = Named &
  (
    | { kind: "AuthorizationPolicy"; spec: z.output<typeof authorizationPolicySpec> }
    | { kind: "RequestAuthentication"; spec: z.output<typeof requestAuthenticationSpec> }
  );

const RESOURCE_MEMBERS = ["apiVersion", "kind", "metadata", "spec", "status"];

/** The resource by its kind; nothing where it is another or wrong, which the findings then say. */
export function readKnown(resource: Resource, defaultNamespace: string, findings: Findings): Known[] {
  const { apiVersion, kind, file, value } = resource;
  const isKnown = kind === "AuthorizationPolicy" || kind === "RequestAuthentication";
  if (!apiVersion.startsWith(`${GROUP}/`) || kind === "PeerAuthentication") {
    const message = `${kind} is not imported: left out`;
    findings.notes.push({ file, region: resource.regionOf(["kind"]), message });
    return [];
  }
  const refuse = (tokens: PropertyKey[], message: string, name?: "name") =>
    findings.problems.push({ file, region: resource.regionOf(tokens, name), message });
  if (!isKnown || !VERSIONS.includes(apiVersion)) {
    refuse(["kind"], `expected AuthorizationPolicy or RequestAuthentication of ${VERSIONS.join(" or ")}`);
    return [];
  }
  for (const member of Object.keys(value)) {
    if (!RESOURCE_MEMBERS.includes(member)) refuse([member], `unknown field \`${member}\``, "name");
  }
  const head = parse(metadata, resource, ["metadata"], findings);
  if (head === undefined) return [];
  const named: Named = {
    resource,
    name: head.name,
    namespace: head.namespace ?? defaultNamespace,
    annotations: head.annotations ?? {},
  };
  if (kind === "AuthorizationPolicy") {
    const spec = parse(authorizationPolicySpec, resource, ["spec"], findings);
    return spec === undefined ? [] : [{ ...named, kind, spec }];
  }
  if (named.annotations[DRY_RUN] !== undefined) {
    refuse(["metadata", "annotations", DRY_RUN], `a RequestAuthentication has no \`${DRY_RUN}\``, "name");
  }
  const spec = parse(requestAuthenticationSpec, resource, ["spec"], findings);
  return spec === undefined ? [] : [{ ...named, kind, spec }];
}

/** A part of the resource by its schema; what does not fit goes to the problems, each where it stands. */
function parse<T extends z.ZodType>(
  schema: T,
  resource: Resource,
  tokens: PropertyKey[],
  findings: Findings,
): z.output<T> | undefined {
  const part = tokens.reduce<unknown>(
    (value, token) => (value as Record<PropertyKey, unknown>)[token],
    resource.value,
  );
  const parsed = schema.safeParse(part ?? {});
  if (parsed.success) return parsed.data;
  const seen = new Set<string>();
  // The first word about a place is enough: what follows follows from it.
  const refuse = (region: Region, message: string) => {
    const place = `${region.start.line}:${region.start.column}`;
    if (!seen.has(place)) findings.problems.push({ file: resource.file, region, message });
    seen.add(place);
  };
  for (const issue of parsed.error.issues) {
    const at = [...tokens, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys)
        refuse(resource.regionOf([...at, key], "name"), `unknown field \`${key}\``);
    } else {
      refuse(resource.regionOf(at), issue.message.charAt(0).toLowerCase() + issue.message.slice(1));
    }
  }
  return undefined;
}

export function refuseDuplicates(read: readonly Known[], findings: Findings): void {
  const seen = new Set<string>();
  for (const { kind, namespace, name, resource } of read) {
    const key = `${kind} ${namespace}/${name}`;
    if (seen.has(key)) {
      const region = resource.regionOf(["metadata", "name"]);
      findings.problems.push({ file: resource.file, region, message: `${key} stands in the files twice` });
    }
    seen.add(key);
  }
}
