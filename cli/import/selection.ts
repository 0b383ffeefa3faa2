/** Which resources apply to a workload: Istio's rules for a sidecar (`pilot/pkg/model/policyattachment.go`). */
import type { Attachment } from "./istio-schema.ts";

export interface Workload {
  namespace: string;
  /** Undefined: not given, so a selector cannot be judged. */
  labels?: Record<string, string> | undefined;
  rootNamespace: string;
}

export type Selection =
  | { applies: true }
  /** Undefined: it cannot be said. `at` leads to what decides. */
  | { applies: false | undefined; because: string; at: string[] };

export function select(namespace: string, attachment: Attachment, workload: Workload): Selection {
  if (namespace !== workload.rootNamespace && namespace !== workload.namespace) {
    return { applies: false, because: `its namespace is \`${namespace}\``, at: ["metadata", "namespace"] };
  }
  const labels = Object.entries(attachment.selector?.matchLabels ?? {});
  if (labels.length === 0) return { applies: true };
  const given = workload.labels;
  if (given === undefined) {
    const wanted = labels.map(([name, value]) => `${name}=${value}`).join(",");
    const because = `it selects workloads by label: say --labels, such as \`${wanted}\``;
    return { applies: undefined, because, at: SELECTOR };
  }
  const missing = labels.find(([name, value]) => given[name] !== value);
  if (missing === undefined) return { applies: true };
  return {
    applies: false,
    because: `the workload has no label \`${missing[0]}=${missing[1]}\``,
    at: SELECTOR,
  };
}

const SELECTOR = ["spec", "selector"];
