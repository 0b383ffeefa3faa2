/**
 * The corpus: `policies/NAME/policy.json` with the rows of `tests.json` beside it, and `_refused/NAME`
 * for documents that must not load. Every level runs the same rows.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  headerLines,
  propertiesOf,
  readRows,
  timeOf,
  transportOf,
  type RequestOrder,
  type Row,
} from "lictor";
import { keySet, mintKey } from "../mint/index.ts";

export { headerLines, propertiesOf, timeOf, transportOf, type Row };

export type CorpusRequest = RequestOrder;

export const policiesFolder = fileURLToPath(new URL("../../../policies/", import.meta.url));

export interface Example {
  name: string;
  /** The document, with the mint's keys in place of its own. */
  document: string;
  observes: boolean;
  rows: Row[];
  /** What policies answer with, by the policy's name in records. */
  responses: ReadonlyMap<string, PolicyResponse>;
}

export interface Refused {
  name: string;
  document: string;
  expected: { code: string; at: string };
}

interface PolicyResponse {
  status?: number;
  body?: string;
}

interface PolicyFile {
  mode?: string;
  jwtRules?: { jwks: unknown }[];
  policies?: { name: string; namespace?: string; response?: PolicyResponse }[];
}

/** Every asymmetric algorithm of the table. */
export const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;

export const mintedKeys = keySet(...ALGORITHMS.map((algorithm) => mintKey("test", algorithm)));

export function loadExamples(): Example[] {
  return folders(policiesFolder).map((name) => {
    const policy = JSON.parse(read(name, "policy.json")) as PolicyFile;
    const rows: Row[] = readRows(join(policiesFolder, name, "tests.json"));
    for (const rule of policy.jwtRules ?? []) rule.jwks = mintedKeys;
    for (const row of rows) refuseVacuous(name, row);
    const observes = policy.mode === "OBSERVE";
    return { name, document: JSON.stringify(policy), observes, rows, responses: responsesOf(policy) };
  });
}

export function loadRefused(): Refused[] {
  return folders(join(policiesFolder, "_refused")).map((name) => ({
    name,
    document: read("_refused", name, "policy.json"),
    expected: JSON.parse(read("_refused", name, "expect.json")) as Refused["expected"],
  }));
}

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map((entry) => entry.name)
    .sort();
}

function read(...path: string[]): string {
  return readFileSync(join(policiesFolder, ...path), "utf8");
}

function responsesOf({ policies = [] }: PolicyFile): Map<string, PolicyResponse> {
  const responses = new Map<string, PolicyResponse>();
  for (const { name, namespace = "", response } of policies) {
    if (response !== undefined) responses.set(namespace === "" ? name : `${namespace}/${name}`, response);
  }
  return responses;
}

/** A row that would pass whatever the filter does is a mistake. */
function refuseVacuous(example: string, row: Row): void {
  const { decision, reason } = row.expect;
  if (decision !== "allow" && decision !== "deny") throw new Error(`${example}: ${row.name} asserts nothing`);
  if (decision === "deny" && reason === undefined) throw new Error(`${example}: ${row.name} names no reason`);
}

/** The decision record, as far as rows look at it. */
export interface DecisionRecord {
  decision: string;
  reason?: string;
  status?: number;
  policy?: string;
  failed?: string;
  nearest?: { policy: string; rule: number };
}

/** What the row expects of a record; a policy is named on an allow and on a DENY. */
export function expectedRecord(row: Row): Partial<DecisionRecord> {
  const { decision, reason, policy, status } = row.expect;
  return {
    decision,
    ...(reason === undefined ? {} : { reason }),
    ...(policy === undefined ? {} : { policy }),
    ...(status === undefined ? {} : { status }),
  };
}

/** gRPC statuses of the HTTP statuses that a denial has. */
export const GRPC_STATUS: { [status: number]: number } = { 400: 3, 401: 16, 403: 7, 503: 14 };

/** The HTTP status of every reason. */
export const STATUS_OF_REASON: { [reason: string]: number } = {
  ...statuses(400, "path_ambiguous override_header request_malformed"),
  ...statuses(401, "header_merged too_many_tokens algorithm_refused issuer_unknown key_unknown"),
  ...statuses(401, "signature_invalid expiry_missing audience_mismatch type_mismatch"),
  ...statuses(
    401,
    "token_missing token_malformed token_too_large token_expired token_not_yet_valid token_too_old",
  ),
  ...statuses(403, "peer_identity_invalid policy_denied scope_insufficient no_policy_allowed"),
  ...statuses(503, "not_ready"),
};

function statuses(status: number, reasons: string): { [reason: string]: number } {
  return Object.fromEntries(reasons.split(" ").map((reason) => [reason, status]));
}

/** What the client of a denied row sees: for gRPC a 200 with the gRPC status, else the policy's or the reason's status. */
export function clientView(row: Row, { responses }: Example): { status: number; grpcStatus?: number } {
  const byReason = STATUS_OF_REASON[row.expect.reason ?? ""];
  if (byReason === undefined) throw new Error(`no status for ${row.expect.reason}`);
  const type = row.request.headers?.find(([name]) => name === "content-type")?.[1] ?? "";
  if (type.startsWith("application/grpc")) return { status: 200, grpcStatus: GRPC_STATUS[byReason]! };
  return { status: responses.get(row.expect.policy ?? "")?.status ?? byReason };
}
