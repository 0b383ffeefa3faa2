/** A recorded case as a Lictor document, and what Lictor says to its requests. */
import { importIstio } from "lictor";
import { decideLines, isSpiffeId, loadPolicy, type Transport } from "../corpus/enforce.ts";
import type { DecisionRecord } from "../corpus/corpus.ts";
import {
  requestAt,
  tokensIn,
  type CorpusToken,
  type IstioCase,
  type IstioVerdicts,
  type Peer,
  type SentRequest,
} from "./istio-corpus.ts";

export { isSpiffeId };

const ROOT_NAMESPACE = "istio-system";

export interface DecidedBy {
  id: string;
  peer: Peer;
  request: SentRequest;
  tokens: CorpusToken[];
  trustDomains: string[];
  /** How many JWT rules there are. */
  rules: number;
  envoy: { status: number; details: string };
  ours: DecisionRecord;
}

/** Imports a case and loads it; what keeps it from being used, or undefined. */
export async function loadCase(each: IstioCase): Promise<string | undefined> {
  const items = [...each.policies, ...each.requestAuthentications];
  const { document, problems } = await importIstio(
    [{ file: `${each.id}.yaml`, text: JSON.stringify({ apiVersion: "v1", kind: "List", items }) }],
    {
      trustDomains: each.trustDomains,
      inlineKeys: false,
      namespace: each.workload.namespace,
      labels: each.workload.labels,
      rootNamespace: ROOT_NAMESPACE,
      ignoreTargetRefs: true,
    },
  );
  return problems[0]?.message ?? loadPolicy(JSON.stringify(document));
}

/** Every recorded verdict of the case that was loaded last, beside ours. */
export function* decideCase(corpus: IstioVerdicts, each: IstioCase): Generator<DecidedBy> {
  for (const [index, status, details] of each.verdicts) {
    const request = requestAt(corpus, index);
    const peer = corpus.peers[request.peer]!;
    yield {
      id: `${each.id} #${index}`,
      peer,
      request,
      tokens: tokensIn(corpus, index),
      trustDomains: each.trustDomains,
      rules: each.requestAuthentications.flatMap(({ spec }) => spec.jwtRules ?? []).length,
      envoy: { status, details: corpus.details[details]! },
      ours: decideLines(headerLines(request, peer), transport(request, peer)),
    };
  }
}

/** Pseudo-headers, and those that Envoy writes before filters run; values as its codec trims them. */
function headerLines(request: SentRequest, peer: Peer): [string, string][] {
  const scheme = peer.kind === "plaintext" ? "http" : "https";
  const written: [string, string][] = [
    [":method", request.method],
    [":path", request.seen?.path ?? request.path],
    [":authority", request.seen?.authority ?? request.host],
    [":scheme", scheme],
    ["x-request-id", "00000000-0000-4000-8000-000000000000"],
  ];
  // A hop in front is trusted, so what it says of the scheme stays.
  const proto = request.headers.find(([name]) => name.toLowerCase() === "x-forwarded-proto");
  written.push(["x-forwarded-proto", proto?.[1] ?? scheme]);
  if (peer.kind === "mtls") written.push(["x-forwarded-client-cert", `URI=${peer.uriSans?.[0] ?? ""}`]);
  const own = written.map(([name]) => name);
  const sent = request.headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.replace(/^[ \t]+|[ \t]+$/g, "")])
    .filter(([name]) => !own.includes(name) && name !== "x-forwarded-client-cert");
  return [...written, ...withOneAuthorization(sent)];
}

/** Envoy keeps several Authorization headers as one value with commas. */
function withOneAuthorization(lines: readonly [string, string][]): [string, string][] {
  const values = lines.filter(([name]) => name === "authorization").map(([, value]) => value);
  const others = lines.filter(([name]) => name !== "authorization");
  return values.length === 0 ? others : [...others, ["authorization", values.join(",")]];
}

function transport({ src, dst, sni, seen }: SentRequest, { kind, uriSans = [] }: Peer): Transport {
  const colon = dst.lastIndexOf(":");
  return {
    // Envoy shows a filter the first URI SAN only; a second one is refused like one that is no SPIFFE ID.
    ...(kind === "mtls" && uriSans.length > 0 ? { peer: uriSans.length === 1 ? uriSans[0] : "several" } : {}),
    serverName: seen?.sni ?? sni ?? undefined,
    port: Number(dst.slice(colon + 1)),
    peerAddress: src,
    remoteAddress: seen?.remoteIp ?? src,
    destinationAddress: dst.slice(0, colon).replace(/[[\]]/g, ""),
  };
}
