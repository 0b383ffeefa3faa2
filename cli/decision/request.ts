/** A request as files and options give it, for commands that decide without a proxy. */
import { isIP } from "node:net";
import { mutualTls, type Properties } from "lictor-host";
import { z } from "zod";
import { UsageError } from "../exit.ts";
import { readText } from "../files/files.ts";
import { wrongMembers } from "../files/wrong-member.ts";
import {
  MINT_ALGORITHMS,
  breakages,
  mintBrokenToken,
  mintToken,
  type Breakage,
  type TokenOrder,
} from "../mint/index.ts";

const address = z.string().refine((text) => isIP(text) !== 0, "expected an IP address");

/** An order to the mint; null leaves a claim out, `broken` spoils the token. */
const tokenOrder = z
  .strictObject({
    issuer: z.string(),
    subject: z.string().nullable(),
    audience: z.union([z.string(), z.array(z.string())]).nullable(),
    claims: z.record(z.string(), z.unknown()),
    key: z.string(),
    alg: z.enum(MINT_ALGORITHMS),
    kid: z.string().nullable(),
    header: z.record(z.string(), z.unknown()),
    expiresIn: z.number().nullable(),
    issuedAt: z.number(),
    notBefore: z.number(),
    broken: z.enum(breakages as [Breakage, ...Breakage[]]),
  })
  .partial();

export const requestSchema = z.strictObject({
  method: z.string(),
  host: z.string(),
  path: z.string(),
  /** `${token}` stands for the token in a value, and in the path. */
  headers: z.array(z.tuple([z.string(), z.string()])).optional(),
  /** A SPIFFE ID, or null for a caller without a certificate. */
  peer: z.string().nullable().optional(),
  /** A compact JWT, or an order to the mint; sent as bearer unless a header or the path places it. */
  token: z.union([z.string(), tokenOrder]).optional(),
  /** When it arrives, RFC 3339; default now. */
  time: z.iso.datetime({ offset: true }).optional(),
  /** Addresses of the client behind proxies and of the connection's peer; default loopback. */
  remote: address.optional(),
  source: address.optional(),
  /** The port that it arrives at; default 80. */
  port: z.int().min(0).max(65535).optional(),
  /** The server name of the TLS handshake. */
  sni: z.string().optional(),
});

export type RequestOrder = z.output<typeof requestSchema>;
export type MintOrder = z.output<typeof tokenOrder>;

/** Reads JSON text, or the file after `@`. */
export function readRequest(text: string): RequestOrder {
  const json = text.startsWith("@") ? readText(text.slice(1)) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UsageError("--request is no JSON; give an object, or @ and the name of a file");
  }
  const result = requestSchema.safeParse(value);
  if (result.success) return result.data;
  const lines = wrongMembers(result.error).map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new UsageError(`the request is wrong: ${lines.join("; ")}`);
}

export function timeOf(request: RequestOrder): number {
  return request.time === undefined ? Date.now() : Date.parse(request.time);
}

/** The request's token as it is sent; an order is minted for the request's time. */
export function tokenOf(request: RequestOrder): string | undefined {
  const { token } = request;
  if (token === undefined || typeof token === "string") return token;
  const { broken, ...rest } = token;
  const now = Math.floor(timeOf(request) / 1000);
  const given = Object.entries({ ...rest, now }).filter(
    ([name, value]) => value !== undefined && !(value === null && ["subject", "audience"].includes(name)),
  );
  const order = Object.fromEntries(given) as TokenOrder;
  return broken === undefined ? mintToken(order) : mintBrokenToken(broken, order);
}

const PLACE = "${token}";

/** The header lines of the request, pseudo-headers first. */
export function headerLines(request: RequestOrder): [string, string][] {
  const token = tokenOf(request);
  const place = (text: string) => text.replaceAll(PLACE, token ?? "");
  const headers = request.headers ?? [];
  const isPlaced = request.path.includes(PLACE) || headers.some(([, value]) => value.includes(PLACE));
  return [
    [":method", request.method],
    [":path", place(request.path)],
    [":authority", request.host],
    [":scheme", "http"],
    ...headers.map(([name, value]): [string, string] => [name, place(value)]),
    ...(token === undefined || isPlaced ? [] : [["authorization", `Bearer ${token}`] as [string, string]]),
  ];
}

const LOOPBACK = "127.0.0.1";
const CLIENT_PORT = 40000;

/** What the transport tells of a request. */
export interface Transport {
  /** The URI SAN of a valid certificate. */
  peer: string | undefined;
  remoteAddress: string;
  peerAddress: string;
  destinationAddress: string;
  port: number;
  serverName: string | undefined;
}

export function transportOf(request: RequestOrder): Transport {
  return {
    peer: request.peer ?? undefined,
    remoteAddress: request.remote ?? LOOPBACK,
    peerAddress: request.source ?? LOOPBACK,
    destinationAddress: LOOPBACK,
    port: request.port ?? 80,
    serverName: request.sni,
  };
}

/** The same as properties of the proxy. */
export function propertiesOf(request: RequestOrder): Properties {
  const { peer, remoteAddress, peerAddress, destinationAddress, port, serverName } = transportOf(request);
  const connection = peer === undefined ? {} : mutualTls(peer)["connection"];
  const remote = isIP(remoteAddress) === 6 ? `[${remoteAddress}]` : remoteAddress;
  return {
    connection: { ...connection, ...(serverName === undefined ? {} : { requested_server_name: serverName }) },
    source: { address: `${remote}:${CLIENT_PORT}`, port: CLIENT_PORT },
    destination: { address: `${destinationAddress}:${port}`, port },
    filter_state: { "lictor.peer_ip": peerAddress },
  };
}
