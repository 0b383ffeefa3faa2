/** Which of the resources are for the workload, with what the user should know of the others. */
import type { Attachment } from "./istio-schema.ts";
import type { Known } from "./known.ts";
import type { Findings, Problem } from "./problem.ts";
import { select, type Workload } from "./selection.ts";

export interface WorkloadOptions {
  /** The workload's namespace; where it is not given, the one that the files speak of. */
  namespace?: string | undefined;
  labels?: Record<string, string> | undefined;
  rootNamespace: string;
  /** Leave out what is attached to gateways and waypoints, as a sidecar does, instead of refusing it. */
  ignoreTargetRefs: boolean;
}

export const DEFAULT_NAMESPACE = "default";

/** The workload that is asked about; its namespace is plain where the files speak of one only. */
export function workloadOf(read: readonly Known[], options: WorkloadOptions, findings: Findings): Workload {
  const { labels, rootNamespace } = options;
  if (options.namespace !== undefined) return { namespace: options.namespace, labels, rootNamespace };
  const others = [...new Set(read.map((known) => known.namespace))].filter((name) => name !== rootNamespace);
  const second = read.find((known) => known.namespace === others[1]);
  if (second !== undefined) {
    findings.problems.push({
      file: second.resource.file,
      region: second.resource.regionOf(["metadata", "namespace"]),
      message: `the files speak of the namespaces ${others.join(", ")}: say which with --namespace`,
    });
  }
  return { namespace: others[0] ?? DEFAULT_NAMESPACE, labels, rootNamespace };
}

/** Whether the resource is for the workload; where not, a note says why. */
export function applies(
  known: Known,
  workload: Workload,
  options: WorkloadOptions,
  findings: Findings,
): boolean {
  const { resource, kind, namespace, name, spec } = known;
  const title = `${kind} ${namespace}/${name}`;
  const say = (list: Problem[], tokens: PropertyKey[], message: string) =>
    list.push({ file: resource.file, region: resource.regionOf(tokens), message: `${title} ${message}` });
  if (isTargeted(spec)) {
    const at = ["spec", spec.targetRef === undefined ? "targetRefs" : "targetRef"];
    const message = "is for a gateway or waypoint";
    if (options.ignoreTargetRefs) say(findings.notes, at, `${message}: left out`);
    else say(findings.problems, at, `${message}; a sidecar ignores it: --ignore-target-refs leaves it out`);
    return false;
  }
  const selection = select(namespace, spec, workload);
  if (selection.applies === true) {
    if (spec.selector !== undefined && Object.keys(spec.selector.matchLabels ?? {}).length === 0)
      say(findings.notes, ["spec", "selector"], "has an empty selector: it selects every workload");
    return true;
  }
  const message = `does not apply, ${selection.because}`;
  if (selection.applies === undefined) say(findings.problems, selection.at, message);
  else say(findings.notes, selection.at, `${message}: left out`);
  return false;
}

function isTargeted(spec: Attachment): boolean {
  return spec.targetRef !== undefined || (spec.targetRefs ?? []).length > 0;
}
