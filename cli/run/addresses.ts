/** Addresses, and whose word is taken for them, as options give them. */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { Endpoint } from "../envoy/bootstrap.ts";

/** `host:port`, an IPv6 address in brackets. */
export function parseEndpoint(text: string): Endpoint {
  const colon = text.lastIndexOf(":");
  const port = Number(text.slice(colon + 1));
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, "$1");
  if (host === "" || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError("expected HOST:PORT");
  }
  return { host, port };
}

/** The same, or a port of loopback. */
export function parseListen(text: string): Endpoint {
  return parseEndpoint(text.includes(":") ? text : `127.0.0.1:${text}`);
}

export function parseHops(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("expected a whole number, 0 or more");
  return Number(text);
}
