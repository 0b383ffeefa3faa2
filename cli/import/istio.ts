/** `lictor import istio`: AuthorizationPolicy and RequestAuthentication to one document, with Istio's decisions. */
import type { Document } from "../schema/document.ts";
import type { JwtRule } from "../schema/jwt-rule.ts";
import type { Policy } from "../schema/policy.ts";
import { DEFAULT_NAMESPACE, applies, workloadOf, type WorkloadOptions } from "./applies.ts";
import { convertPolicy } from "./authorization-policy.ts";
import { convertJwtRule } from "./jwt-rules.ts";
import { readKnown, refuseDuplicates, type Known } from "./known.ts";
import type { Findings, Problem } from "./problem.ts";
import { readResources, type Resource } from "./resource.ts";

export interface ImportOptions extends WorkloadOptions {
  trustDomains: string[];
  inlineKeys: boolean;
}

export interface SourceText {
  file: string;
  text: string;
}

/** Where a part of the document comes from: the pointer's tokens below it lead to the resource's value. */
export interface Origin {
  pointer: string;
  resource: Resource;
  tokens: PropertyKey[];
}

export interface Imported {
  document: Document;
  origins: Origin[];
  /** Reasons why the document does not stand for the resources; with any, it must not be used. */
  problems: Problem[];
  notes: Problem[];
}

export async function importIstio(sources: readonly SourceText[], options: ImportOptions): Promise<Imported> {
  const findings: Findings = { problems: [], notes: [] };
  const resources = sources.flatMap(({ file, text }) => readResources(file, text, findings));
  const read = resources.flatMap((resource) =>
    readKnown(resource, options.namespace ?? DEFAULT_NAMESPACE, findings),
  );
  refuseDuplicates(read, findings);
  const workload = workloadOf(read, options, findings);
  const applying = read.filter((known) => applies(known, workload, options, findings));
  // Order decides nothing but which policy is named; root comes first, as in Istio.
  const rank = ({ namespace }: Known) => (namespace === options.rootNamespace ? 0 : 1);
  applying.sort((left, right) => rank(left) - rank(right));
  const origins: Origin[] = [];
  const policies = applying.flatMap((known) => policyOf(known, origins, findings));
  const jwtRules = await jwtRulesOf(applying, options, origins, findings);
  const document = documentOf(policies, jwtRules, options);
  notePeerAddress(document, origins, findings);
  return { document, origins, ...findings };
}

function policyOf(known: Known, origins: Origin[], findings: Findings): Policy[] {
  if (known.kind !== "AuthorizationPolicy") return [];
  const { resource } = known;
  const policy = convertPolicy(known, (tokens, message) =>
    findings.problems.push({ file: resource.file, region: resource.regionOf(tokens), message }),
  );
  if (policy === undefined) return [];
  const index = origins.filter(({ pointer }) => pointer.startsWith("/policies/")).length;
  origins.push({ pointer: `/policies/${index}`, resource, tokens: ["spec"] });
  return [policy];
}

async function jwtRulesOf(
  applying: readonly Known[],
  { inlineKeys }: ImportOptions,
  origins: Origin[],
  findings: Findings,
): Promise<JwtRule[]> {
  const converted: { rule: JwtRule; resource: Resource; tokens: PropertyKey[] }[] = [];
  for (const known of applying) {
    if (known.kind !== "RequestAuthentication") continue;
    const { resource } = known;
    for (const [index, rule] of (known.spec.jwtRules ?? []).entries()) {
      const tokens = ["spec", "jwtRules", index];
      const problem = (member: string, message: string): Problem => ({
        file: resource.file,
        region: resource.regionOf([...tokens, member]),
        message,
      });
      const result = await convertJwtRule(rule, { inlineKeys }, (member, message) =>
        findings.notes.push(problem(member, message)),
      );
      if ("rule" in result) converted.push({ rule: result.rule, resource, tokens });
      else findings.problems.push(problem(result.member, result.message));
    }
  }
  // Istio sorts them so, and the first that verifies is what conditions see.
  converted.sort((left, right) =>
    Buffer.compare(Buffer.from(left.rule.issuer), Buffer.from(right.rule.issuer)),
  );
  return converted.map(({ rule, resource, tokens }, index) => {
    origins.push({ pointer: `/jwtRules/${index}`, resource, tokens });
    return rule;
  });
}

function documentOf(policies: Policy[], jwtRules: JwtRule[], { trustDomains }: ImportOptions): Document {
  const identity = {
    ...(trustDomains.length === 0 ? {} : { trustDomains }),
    ...(policies.some(readsPeerAddress) ? { peerAddress: "FILTER_STATE" as const } : {}),
  };
  const hasAllow = policies.some(({ action, dryRun }) => action === "ALLOW" && dryRun !== true);
  return {
    apiVersion: "lictor/v1",
    ...(Object.keys(identity).length === 0 ? {} : { identity }),
    ...(jwtRules.length === 0 ? {} : { jwtRules }),
    policies,
    defaultAction: hasAllow ? "DENY" : "ALLOW",
    requests: { ambiguousPaths: "KEEP", overrides: "KEEP" },
  };
}

/** What the proxy must be told so that the document can be decided. */
function notePeerAddress({ policies = [] }: Document, origins: readonly Origin[], { notes }: Findings): void {
  const index = policies.findIndex(readsPeerAddress);
  const origin = origins.find(({ pointer }) => pointer === `/policies/${index}`);
  if (origin === undefined) return;
  const { resource, tokens } = origin;
  const message =
    "ipBlocks and source.ip need Envoy's set_filter_state filter, which puts the peer's address into lictor.peer_ip";
  notes.push({ file: resource.file, region: resource.regionOf(tokens), message });
}

/** Whether a rule asks for the address of the TCP peer, which only native filter state can tell. */
function readsPeerAddress({ rules = [] }: Policy): boolean {
  return rules.some(
    ({ from = [], when = [] }) =>
      from.some(({ source }) => source.ipBlocks !== undefined || source.notIpBlocks !== undefined) ||
      when.some(({ key }) => key === "source.ip"),
  );
}
