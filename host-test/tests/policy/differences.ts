/**
 * Where Lictor decides otherwise than Istio on purpose: the rows of `policies/DIFFERENCES.md`. A row
 * excuses a verdict only where the request is of its kind and the answer is the row's.
 */
import { isSpiffeId, type DecidedBy } from "./istio-decide.ts";

export interface Difference {
  /** The row's name in the document. */
  name: string;
  excuses(verdict: DecidedBy): boolean;
}

const TOKEN_REASONS = [
  "token_malformed",
  "token_expired",
  "token_not_yet_valid",
  "algorithm_refused",
  "expiry_missing",
];

const authorization = ({ request }: DecidedBy) =>
  request.headers.filter(([name]) => name.toLowerCase() === "authorization").map(([, value]) => value);

/** The first that fits counts. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: "no-authority",
    excuses: ({ request, ours }) =>
      (request.seen?.authority ?? request.host) === "" && ours.reason === "request_malformed",
  },
  {
    name: "strict-spiffe-id",
    excuses: ({ peer, ours }) =>
      peer.kind === "mtls" &&
      (peer.uriSans ?? []).length > 0 &&
      !(peer.uriSans!.length === 1 && isSpiffeId(peer.uriSans![0]!)) &&
      ours.reason === "peer_identity_invalid",
  },
  {
    name: "named-trust-domains",
    excuses: ({ peer, trustDomains, ours }) =>
      peer.kind === "mtls" &&
      !trustDomains.some((domain) => peer.uriSans?.[0]?.startsWith(`spiffe://${domain}/`)) &&
      ours.reason === "peer_identity_invalid",
  },
  {
    name: "no-other-names",
    excuses: ({ peer }) => peer.kind === "mtls" && (peer.uriSans ?? []).length === 0,
  },
  {
    name: "bearer-scheme",
    excuses: (verdict) =>
      authorization(verdict).some((value) => /^bearer /.test(value) || /^Basic x Bearer /.test(value)),
  },
  {
    name: "merged-tokens",
    excuses: ({ ours }) => ours.reason === "header_merged",
  },
  {
    name: "strict-tokens",
    excuses: ({ tokens, ours }) =>
      tokens.length > 0 && ours.decision === "deny" && TOKEN_REASONS.includes(ours.reason ?? ""),
  },
  {
    name: "every-token",
    excuses: ({ tokens, ours, rules }) =>
      rules > 1 && tokens.length > 0 && ["issuer_unknown", "signature_invalid"].includes(ours.reason ?? ""),
  },
  {
    name: "denied-templates",
    excuses: ({ request, ours }) =>
      /[[\]]/.test(request.seen?.path ?? request.path) && ours.reason === "policy_denied",
  },
];
