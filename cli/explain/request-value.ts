/**
 * What a request had where a rule looked, for people to read beside what the rule asked for. Nothing is
 * decided here. Credentials are not shown: no token, and no header that may carry one.
 */
import type { DecisionRecord } from "../decision/record.ts";
import { timeOf, tokenOf, transportOf, type RequestOrder } from "../decision/request.ts";
import type { Document } from "../schema/document.ts";

export interface Seen {
  request: RequestOrder;
  record: DecisionRecord;
  document: Document;
}

const HIDDEN = "(not shown)";

/** The value, or undefined where the request has none or it is not known here. */
export function valueOf(about: string, path: string | undefined, seen: Seen): unknown {
  const field = FIELDS[about.replace(/^not(.)/, (_, first: string) => first.toLowerCase())];
  return field === undefined ? attribute(about, path, seen) : attribute(field, path, seen);
}

/** What the fields of sources and operations look at. */
const FIELDS: Readonly<Record<string, string>> = {
  principals: "source.principal",
  namespaces: "source.namespace",
  serviceAccounts: "source.serviceAccount",
  trustDomains: "source.trustDomain",
  requestPrincipals: "request.auth.principal",
  ipBlocks: "source.ip",
  remoteIpBlocks: "remote.ip",
  hosts: "request.host",
  ports: "destination.port",
  methods: "request.method",
  paths: "request.path",
};

function attribute(key: string, path: string | undefined, seen: Seen): unknown {
  const { request, record } = seen;
  const transport = transportOf(request);
  const peer = record.peer?.replace(/^spiffe:\/\//, "");
  switch (key) {
    case "source.principal":
      return peer;
    case "source.trustDomain":
      return peer?.split("/")[0];
    case "source.namespace":
      return /\/ns\/([^/]+)/.exec(peer ?? "")?.[1];
    case "source.serviceAccount":
      return /\/ns\/([^/]+)\/sa\/(.+)$/
        .exec(peer ?? "")
        ?.slice(1)
        .join("/");
    case "source.ip":
      return transport.peerAddress;
    case "remote.ip":
      return transport.remoteAddress;
    case "destination.ip":
      return transport.destinationAddress;
    case "destination.port":
      return transport.port;
    case "connection.sni":
      return transport.serverName;
    case "request.host":
      return request.host;
    case "request.method":
      return request.method;
    case "request.path":
      return request.path.split("?")[0];
    case "request.time":
      return new Date(timeOf(request)).toISOString();
    case "request.time.weekday":
      return ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][new Date(timeOf(request)).getUTCDay()];
    default:
      return named(key, path, seen);
  }
}

function named(key: string, path: string | undefined, seen: Seen): unknown {
  const segment = /^request\.path\{(.*)\}$/.exec(key)?.[1];
  if (segment !== undefined) {
    const index = (path ?? "").split("/").indexOf(`{${segment}}`);
    return index < 0 ? undefined : seen.request.path.split("?")[0]?.split("/")[index];
  }
  const header = /^request\.headers\[(.*)\]$/.exec(key)?.[1];
  if (header !== undefined) return headerValue(header.toLowerCase(), seen);
  const parameter = /^request\.query\[(.*)\]$/s.exec(key)?.[1];
  if (parameter !== undefined) return queryValue(parameter, seen);
  const token = /^request\.auth(?:\[([^\]]*)\])?\.(.*)$/s.exec(key);
  return token === null ? undefined : claimValue(token[1], token[2] ?? "", seen);
}

/** Headers that carry credentials by their standards (RFC 9110 §11, RFC 6265). */
const SECRET_HEADERS = new Set(["authorization", "proxy-authorization", "cookie"]);

function headerValue(name: string, { request, document }: Seen): unknown {
  const values = (request.headers ?? [])
    .filter(([each]) => each.toLowerCase() === name)
    .map(([, value]) => value);
  if (values.length === 0) return undefined;
  const places = (document.jwtRules ?? []).flatMap(({ fromHeaders = [] }) => fromHeaders);
  const isSecret =
    SECRET_HEADERS.has(name) ||
    places.some((place) => place.name.toLowerCase() === name) ||
    values.some((value) => holdsToken(value, request));
  return isSecret ? HIDDEN : values.join(",");
}

function queryValue(name: string, { request, document }: Seen): unknown {
  const values = new URLSearchParams(request.path.split("?").slice(1).join("?")).getAll(name);
  if (values.length === 0) return undefined;
  const isPlace = (document.jwtRules ?? []).some(({ fromParams = [] }) => fromParams.includes(name));
  return isPlace || values.some((value) => holdsToken(value, request)) ? HIDDEN : values.join(",");
}

/** A compact JWS by its look (RFC 7515 §7.1), or the request's own token or its place. */
function holdsToken(value: string, request: RequestOrder): boolean {
  const token = typeof request.token === "string" ? request.token : undefined;
  return (
    /eyJ[\w-]*\.[\w-]*\./.test(value) ||
    value.includes("${token}") ||
    (token !== undefined && value.includes(token))
  );
}

/** Of a token that the filter has verified; of others nothing is said. */
function claimValue(rule: string | undefined, what: string, { request, record }: Seen): unknown {
  const verified = (record.tokens ?? []).find((token) => rule === undefined || token.rule === rule);
  if (verified === undefined) return undefined;
  if (what === "principal") return `${verified.iss}/${verified.sub ?? ""}`;
  const claims = claimsOf(tokenOf(request));
  if (claims === undefined || claims["iss"] !== verified.iss) return undefined;
  if (what === "audiences") return claims["aud"];
  if (what === "presenter") return claims["azp"];
  const names = /^claims\[([\s\S]*)\]$/.exec(what)?.[1]?.split("][") ?? [];
  return names.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    claims,
  );
}

function claimsOf(token: string | undefined): Record<string, unknown> | undefined {
  try {
    const payload = Buffer.from(token?.split(".")[1] ?? "", "base64url").toString("utf8");
    return JSON.parse(payload) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
