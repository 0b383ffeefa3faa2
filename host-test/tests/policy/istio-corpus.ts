/** The recorded decisions of a real Envoy on the configuration that Istio's own code builds. */
import { readVectors } from "../support/vectors.ts";

export interface Peer {
  kind: "plaintext" | "mtls" | "tls";
  uriSans?: string[];
  dnsSans?: string[];
  subject?: string;
}

export interface CorpusToken {
  tag: string;
  jwt: string;
  payload?: { [claim: string]: unknown };
  /** What Envoy answers where it is the only thing that decides: status and details. */
  alone: [number, string];
}

export interface SentRequest {
  peer: number;
  sni: string | null;
  src: string;
  dst: string;
  method: string;
  path: string;
  host: string;
  headers: [string, string][];
  seen?: { path?: string; authority?: string; remoteIp?: string; sni?: string };
}

export interface IstioCase {
  id: string;
  policies: object[];
  requestAuthentications: { spec: { jwtRules?: object[] } }[];
  trustDomains: string[];
  workload: { namespace: string; labels: Record<string, string> };
  verdicts: [request: number, status: number, details: number][];
}

export interface IstioVerdicts {
  meta: { requestDefaults: SentRequest };
  peers: Peer[];
  tokens: CorpusToken[];
  details: string[];
  requests: Partial<SentRequest>[];
  cases: IstioCase[];
}

export function readIstioVerdicts(): IstioVerdicts {
  return readVectors("istio-verdicts/verdicts.json");
}

/** The request with its defaults and its tokens in place. */
export function requestAt(corpus: IstioVerdicts, index: number): SentRequest {
  const request = { ...corpus.meta.requestDefaults, ...corpus.requests[index] };
  const filled = (text: string) =>
    text.replace(/\$\{t(\d+)\}/g, (_, token: string) => corpus.tokens[Number(token)]!.jwt);
  return {
    ...request,
    path: filled(request.path),
    headers: request.headers.map(([name, value]) => [name, filled(value)]),
  };
}

/** The tokens that a request carries, by number. */
export function tokensIn(corpus: IstioVerdicts, index: number): CorpusToken[] {
  const text = JSON.stringify(corpus.requests[index]);
  return [...text.matchAll(/\$\{t(\d+)\}/g)].map(([, token]) => corpus.tokens[Number(token)]!);
}
