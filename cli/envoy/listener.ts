/** An HTTP listener with filters in front of one upstream, set up as Lictor needs it. */
import { socketAddress, typed, type Endpoint, type JsonObject } from "./bootstrap.ts";

export interface Listener {
  name: string;
  /** Port 0: the system picks one, see `EnvoyProcess.port`. Default loopback, port 0. */
  address?: Endpoint;
  /** In order, the seal last; the router is added. */
  filters: JsonObject[];
  /** The upstream's cluster, or a fixed answer in its place. */
  upstream: { cluster: string } | { status: number; body: string };
  /** `downstreamTls` */
  transportSocket?: JsonObject;
  /** Where the access log goes: standard output, a file, or nowhere. Default standard output. */
  accessLog?: { file: string } | "stdout" | "none";
  /**
   * How many proxies in front are believed in `x-forwarded-for`; default 0: the client is the connection's
   * peer. `all`: the header passes as it comes, as in Istio's sidecars.
   */
  trustedHops?: number | "all";
  /** Ends a stream on which nothing happens, say one that a failed VM forgot. Default 300s. */
  streamIdleTimeout?: string;
}

/**
 * One line of JSON a request. The decision record stands in an array, empty where Lictor did not
 * decide, so that the line is JSON in both cases. The path is left out: queries carry secrets.
 */
const ACCESS_LINE =
  '{"time":"%START_TIME%","status":%RESPONSE_CODE%,"details":"%RESPONSE_CODE_DETAILS%","flags":"%RESPONSE_FLAGS%",' +
  '"decisions":[%FILTER_STATE(wasm.lictor.decision:PLAIN)%]}\n';

export function listener(options: Listener): JsonObject {
  const { name, filters, address = { host: "127.0.0.1", port: 0 }, transportSocket } = options;
  const router = {
    name: "envoy.filters.http.router",
    typed_config: typed("envoy.extensions.filters.http.router.v3.Router"),
  };
  const manager = typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", {
    stat_prefix: name,
    codec_type: "AUTO",
    ...clientAddress(options.trustedHops ?? 0),
    // As Istio has it: dot segments are resolved, escaped slashes arrive as they are.
    normalize_path: true,
    path_with_escaped_slashes_action: "KEEP_UNCHANGED",
    stream_idle_timeout: options.streamIdleTimeout ?? "300s",
    http_filters: [...filters, router],
    route_config: { name, virtual_hosts: [{ name, domains: ["*"], routes: [route(options.upstream)] }] },
    access_log: accessLog(options.accessLog ?? "stdout"),
  });
  const chain = {
    filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }],
  };
  return {
    name,
    address: socketAddress(address),
    filter_chains: [transportSocket === undefined ? chain : { ...chain, transport_socket: transportSocket }],
  };
}

function clientAddress(trustedHops: number | "all"): JsonObject {
  return trustedHops === "all" ? {} : { use_remote_address: true, xff_num_trusted_hops: trustedHops };
}

function route(upstream: Listener["upstream"]): JsonObject {
  const match = { prefix: "/" };
  if ("cluster" in upstream) return { match, route: { cluster: upstream.cluster } };
  return { match, direct_response: { status: upstream.status, body: { inline_string: upstream.body } } };
}

function accessLog(to: NonNullable<Listener["accessLog"]>): JsonObject[] {
  if (to === "none") return [];
  const log_format = { text_format_source: { inline_string: ACCESS_LINE }, omit_empty_values: true };
  const type = "envoy.extensions.access_loggers";
  return to === "stdout"
    ? [{ name: "stdout", typed_config: typed(`${type}.stream.v3.StdoutAccessLog`, { log_format }) }]
    : [{ name: "file", typed_config: typed(`${type}.file.v3.FileAccessLog`, { path: to.file, log_format }) }];
}

/** A line of the access log. */
export interface AccessLine {
  /** When the request came, in UTC. */
  time: string;
  status: number;
  details: string;
  flags: string;
  /** The decision record; none where Lictor did not decide. */
  decisions: unknown[];
}

/** The line of the access log in `line`, or undefined for other output. */
export function parseAccessLine(line: string): AccessLine | undefined {
  if (!line.startsWith('{"time":')) return undefined;
  try {
    return JSON.parse(line) as AccessLine;
  } catch {
    return undefined;
  }
}
