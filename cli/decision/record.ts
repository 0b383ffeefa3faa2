/** The decision record (filter state `wasm.lictor.decision`), and how it reads. */
import { colors, printable } from "../output.ts";

export interface DecisionRecord {
  v: number;
  time: string;
  id: string;
  decision: "allow" | "deny";
  reason?: string;
  status?: number;
  policy?: string;
  rule?: number;
  failed?: string;
  nearest?: { policy: string; rule: number };
  audit?: string;
  peer?: string;
  tokens?: { rule: string; iss: string; sub?: string; client?: string }[];
  method?: string;
  host?: string;
  path?: string;
  requestId?: string;
  traceId?: string;
  destination?: string;
  revision?: string;
  hash: string;
  shadow?: "allow" | "deny";
  evalNs?: number;
}

/** Who called, in the shortest true words. */
export function callerOf(record: DecisionRecord): string {
  const token = record.tokens?.[0];
  const user = token === undefined ? undefined : (token.sub ?? token.client ?? token.iss);
  const workload = record.peer?.replace(/^spiffe:\/\//, "");
  if (user !== undefined && workload !== undefined) return `${user} via ${workload}`;
  return user ?? workload ?? "anonymous";
}

/** Why, in one phrase: the deciding policy, or the reason with what came nearest. */
export function whyOf(record: DecisionRecord): string {
  if (record.decision === "allow") {
    return record.policy === undefined ? "default action" : `policy ${record.policy}, rule ${record.rule}`;
  }
  const reason = record.reason ?? "unknown";
  if (record.policy !== undefined) return `${reason}: policy ${record.policy}, rule ${record.rule}`;
  if (record.nearest === undefined) return reason;
  const { policy, rule } = record.nearest;
  return `${reason}: nearest is policy ${policy}, rule ${rule}, which failed at ${record.failed}`;
}

/** One line for a log that people watch. */
export function decisionLine(record: DecisionRecord): string {
  const verdict = record.decision === "allow" ? colors.green("allow") : colors.red("deny ");
  const status = record.status === undefined ? "" : ` ${record.status}`;
  const request = `${record.method ?? "?"} ${record.host ?? ""}${record.path ?? ""}`;
  return [
    `${record.time} ${verdict}${status} ${printable(request)}`,
    colors.dim(printable(callerOf(record))),
    printable(whyOf(record)),
  ].join("  ");
}
