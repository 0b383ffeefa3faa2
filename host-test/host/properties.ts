/** Properties as `proxy_get_property` finds them. */
import { encodeAttribute, isMap, type Attribute, type AttributeMap } from "./attributes.ts";
import { toText } from "./bytes.ts";
import type { HeaderMap } from "./headers.ts";
import type { Proxy } from "./proxy.ts";
import { CallFailed, Status } from "./status.ts";

/** Groups of attributes, which are no values themselves. */
export interface Properties {
  readonly [group: string]: AttributeMap;
}

/** The property at `path` below `groups`; throws `CallFailed` for none, and for a group as a whole. */
export function findProperty(groups: Properties, path: readonly string[]): Buffer {
  const [group = "", ...names] = path;
  let value: Attribute | undefined = groups[group];
  if (names.length === 0 && (value !== undefined || group === "")) {
    throw new CallFailed(Status.SERIALIZATION_FAILURE);
  }
  for (const name of names) {
    if (value === undefined || !isMap(value)) throw new CallFailed(Status.NOT_FOUND);
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  if (value === undefined) throw new CallFailed(Status.NOT_FOUND);
  return encodeAttribute(value);
}

/** Properties of the plugin, there for every context. */
export function pluginProperty(proxy: Proxy, path: readonly string[]): Buffer {
  const [name] = path;
  if (path.length === 1 && name === "plugin_name") return Buffer.from(proxy.pluginName);
  if (path.length === 1 && name === "plugin_root_id") return Buffer.from(proxy.pluginName);
  if (path.length === 1 && name === "plugin_vm_id") return Buffer.from(proxy.vmId);
  return findProperty({ xds: nodeOf(proxy) }, path);
}

/** The proxy's own name, as `bootstrap` sets it. */
function nodeOf({ node }: Proxy): AttributeMap {
  return { node: { id: node, cluster: node } };
}

/** What every request has: a plaintext HTTP/1.1 connection from loopback. `given` wins over it. */
export function requestProperties(headers: HeaderMap, proxy: Proxy, given: Properties): Properties {
  const path = text(headers, ":path") ?? "";
  const mark = path.indexOf("?");
  const request = {
    path,
    url_path: mark < 0 ? path : path.slice(0, mark),
    query: mark < 0 ? "" : path.slice(mark + 1),
    ...present("host", text(headers, ":authority")),
    ...present("scheme", text(headers, ":scheme")),
    ...present("method", text(headers, ":method")),
    ...present("referer", text(headers, "referer")),
    ...present("useragent", text(headers, "user-agent")),
    ...present("id", text(headers, "x-request-id")),
    headers: Object.fromEntries(headers.names().map((name) => [name, headers.joined(name) ?? ""])),
    time: new Date(proxy.clock.milliseconds),
    protocol: "HTTP/1.1",
  };
  const defaults: Properties = {
    request,
    source: { address: "127.0.0.1:40000", port: 40000 },
    destination: { address: "127.0.0.1:80", port: 80 },
    connection: { mtls: false, peer_certificate_valid: false, requested_server_name: "", id: 1 },
    xds: { ...nodeOf(proxy), listener_direction: 0 },
    filter_state: {},
    response: {},
  };
  const groups = new Set([...Object.keys(defaults), ...Object.keys(given)]);
  return Object.fromEntries([...groups].map((group) => [group, { ...defaults[group], ...given[group] }]));
}

function text(headers: HeaderMap, name: string): string | undefined {
  const value = headers.get(name);
  return value === undefined ? undefined : toText(value);
}

function present(name: string, value: string | undefined): AttributeMap {
  return value === undefined ? {} : { [name]: value };
}

/** Connection properties of a caller with a valid certificate for `spiffeId`. */
export function mutualTls(spiffeId: string): Properties {
  return {
    connection: {
      mtls: true,
      peer_certificate_valid: true,
      uri_san_peer_certificate: spiffeId,
      subject_peer_certificate: "",
      tls_version: "TLSv1.3",
    },
  };
}
