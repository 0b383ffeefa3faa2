/** An Envoy bootstrap around listeners and clusters. */

/** JSON as Envoy reads its configuration. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export interface Bootstrap {
  /** The proxy's own name, which records of decisions call their destination. Default `lictor`. */
  node?: string;
  listeners: JsonObject[];
  clusters?: JsonObject[];
}

/** Labels in Lictor's metric names, `LABEL=.=VALUE;.;` each. */
const LABELS = ["outcome", "reason", "policy", "revision", "hash"];

/** A bootstrap without dynamic resources but those that the listeners name. */
export function bootstrap({ node = "lictor", listeners, clusters = [] }: Bootstrap): JsonObject {
  return {
    node: { id: node, cluster: node },
    static_resources: { listeners, clusters },
    stats_config: {
      stats_tags: LABELS.map((label) => ({ tag_name: label, regex: `(${label}=\\.=(.*?);\\.;)` })),
    },
  };
}

export interface Endpoint {
  host: string;
  port: number;
}

/** A cluster of one endpoint; with `transportSocket` for TLS (`tls.ts`). */
export function cluster(name: string, endpoint: Endpoint, transportSocket?: JsonObject): JsonObject {
  return {
    name,
    type: "STRICT_DNS",
    connect_timeout: "2s",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(endpoint) } }] }],
    },
    ...(transportSocket === undefined ? {} : { transport_socket: transportSocket }),
  };
}

export function socketAddress({ host, port }: Endpoint): JsonObject {
  return { socket_address: { address: host, port_value: port } };
}

/** A message of a named type. */
export function typed(type: string, fields: JsonObject = {}): JsonObject {
  return { "@type": `type.googleapis.com/${type}`, ...fields };
}
