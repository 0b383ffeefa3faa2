/** Istio's own validation, and cases that a real Envoy decided, against what an import takes. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importIstio, problemLine, type Imported } from "lictor";
import { loadPolicy } from "../corpus/enforce.ts";
import { schemaAccepts } from "../policies/schema.ts";
import { describeVectors, readVectors } from "../support/vectors.ts";

interface Workload {
  namespace: string;
  labels: Record<string, string>;
}

const labels = { app: "httpbin", version: "v1" };

function istio(
  resources: readonly unknown[],
  workload: Workload,
  trustDomains: string[] = [],
): Promise<Imported> {
  const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: resources });
  return importIstio([{ file: "case", text }], {
    ...workload,
    rootNamespace: "istio-system",
    trustDomains,
    inlineKeys: false,
    ignoreTargetRefs: true,
  });
}

/** Why an import refuses what Istio takes, by the name of the case. */
type Excuses = Record<string, string>;

async function expectTaken(name: string, imported: Imported, excuses: Excuses): Promise<void> {
  const problems = imported.problems.map(problemLine);
  const excuse = excuses[name];
  if (excuse === undefined) {
    expect(problems).toEqual([]);
    expect(schemaAccepts(imported.document)).toBe(true);
  } else {
    expect(problems.join("\n")).toContain(excuse);
  }
}

describeVectors("tables/istio_policy_validation.json", (path) => {
  interface Case {
    name: string;
    annotations: Record<string, string> | null;
    spec: unknown;
    valid: boolean;
  }
  const { cases } = readVectors<{ cases: Record<string, Case[]> }>(path);

  /** The table writes Go's names where resources have the values. */
  const GO_NAMES: Record<string, string> = {
    "gvk.KubernetesGateway.Group": "gateway.networking.k8s.io",
    "gvk.KubernetesGateway.Kind": "Gateway",
    "gvk.Service.Group": "",
    "gvk.Service.Kind": "Service",
  };
  const inPlainWords = (spec: unknown) =>
    JSON.parse(JSON.stringify(spec), (_, value: unknown) =>
      typeof value === "string" ? (GO_NAMES[value] ?? value) : value,
    ) as unknown;

  const excuses: Excuses = {
    "custom-good": "CUSTOM asks another service",
    "empty issuer and set jwksUri": "a rule for tokens of any issuer cannot be expressed",
  };

  for (const [kind, rows] of Object.entries(cases)) {
    describe(kind, () => {
      test.each(rows.map((row) => [row.valid ? "takes" : "refuses", row.name, row] as const))(
        "%s %s",
        async (_, name, row) => {
          const metadata = { name: "p", namespace: "default", annotations: row.annotations };
          const resource = {
            apiVersion: "security.istio.io/v1",
            kind,
            metadata,
            spec: inPlainWords(row.spec),
          };
          const imported = await istio([resource], { namespace: "default", labels });
          if (row.valid) await expectTaken(name, imported, excuses);
          else expect(imported.problems).not.toEqual([]);
        },
      );
    });
  }
});

describeVectors("istio-verdicts", (folder) => {
  interface Case {
    id: string;
    document: unknown;
  }
  const { refused, warned, acceptedSilently } = readVectors<{
    refused: Case[];
    warned: Case[];
    acceptedSilently: Case[];
  }>(join(folder, "refused.json"));

  /** What that build of Istio refuses and an import takes. */
  const NEWER = ["ra-presence"];

  test.each(refused.map(({ id, document }) => [id, document] as const))(
    "Istio refuses %s, and so does an import",
    async (id, document) => {
      const { problems } = await istio([document], { namespace: "default", labels });
      expect(problems.length > 0).toBe(!NEWER.includes(id));
    },
  );

  const trustDomain = "expected a trust domain";
  const template = "expected a template of whole segments";
  const excuses: Excuses = {
    "w-ra-oct": "symmetric ones are taken from the VM's environment only",
    "w-ra-oct-second": "symmetric ones are taken from the VM's environment only",
    // Istio widens what is empty to anything; what says nothing is taken for a mistake.
    "n-empty-from": "expected at least one element",
    "n-empty-to": "expected at least one element",
    "n-null-rule": "expected object, received null",
    "n-name-empty": "expected text that is not empty",
    "n-ra-space-claims-empty": "expected text that is not empty",
    "n-ra-jwks-and-uri": "expected either jwks or jwksUri",
    "n-ra-issuer-only": "--inline-keys asks the issuer",
    "n-empty-key-set": "expected a key",
    // These make Envoy abort, or refuse the listener.
    "n-template-no-leading-slash": template,
    "n-template-no-leading-slash-any": template,
    "n-template-no-leading-slash-literal": template,
    "n-template-leading-double-slash": template,
    "n-template-trailing-double-slash": template,
    "n-when-principal-empty-bracket-text": "expected an attribute that the format names",
    // Istio drops the rule or the condition.
    "n-header-bracket-junk": "expected an attribute that the format names",
    "n-header-nested": "expected an attribute that the format names",
    "n-when-td-slash": trustDomain,
  };

  test.each(
    [...warned, ...acceptedSilently]
      .filter(({ document }) => typeof document === "object")
      .map(({ id, document }) => [id, document] as const),
  )("Istio takes %s", async (id, document) => {
    await expectTaken(id, await istio([document], { namespace: "default", labels }), excuses);
  });

  interface Decided {
    id: string;
    policies: unknown[];
    requestAuthentications: unknown[];
    trustDomains: string[];
    workload: Workload;
  }
  const { cases } = readVectors<{ cases: Decided[] }>(join(folder, "verdicts.json"));

  const caseExcuses: Excuses = {
    "edge-42-experimental-metadata-key": "expected an attribute that the format names",
    "edge-47-empty-issuer": "a rule for tokens of any issuer cannot be expressed",
    "edge-61-from-empty-list-means-any": excuses["n-empty-from"]!,
    "edge-61b-rules-null-element": excuses["n-null-rule"]!,
    "edge-62-unbuildable-key-allow": excuses["n-header-bracket-junk"]!,
    "edge-62b-unbuildable-key-deny": excuses["n-header-bracket-junk"]!,
    "edge-62c-unbuildable-key-deny-with-more": excuses["n-header-bracket-junk"]!,
    "edge-62d-unbuildable-key-second-rule-stays": excuses["n-header-bracket-junk"]!,
  };

  // The filter has no slashes in trust domains.
  for (const id of ["edge-53-source-trust-domain-with-slash", ...numbered(167, 185, 295, 370)]) {
    caseExcuses[id] = trustDomain;
  }
  test.each(cases.map((row) => [row.id, row] as const))("%s is imported, and loads", async (id, row) => {
    const resources = [...row.requestAuthentications, ...row.policies];
    const imported = await istio(resources, row.workload, row.trustDomains);
    await expectTaken(id, imported, caseExcuses);
    if (caseExcuses[id] !== undefined) return;
    const text = JSON.stringify(imported.document);
    const refusal = loadPolicy(text);
    if (LATER.some((member) => text.includes(`"${member}":`)))
      expect(refusal).toContain("lictor refused not_supported ");
    else expect(refusal).toBeUndefined();
  });
});

/** What the filter does not do yet. */
const LATER = ["jwksUri"];

function numbered(...numbers: number[]): string[] {
  return numbers.map((number) => `v${number}`);
}
