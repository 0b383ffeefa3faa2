import { ABSENT, Arena, Bytes, bytesAt } from "as-bytes";
import { HeaderLines, NO_PORT, PolicyTables, parseAddress, parseHostAndPort } from "as-policy";
import {
  HostBytes,
  MapType,
  ascii,
  getHeaderMapPairs,
  getProperty,
  hostAddress,
  hostLength,
  isValue,
  readPairs,
} from "proxy-wasm-assemblyscript-sdk";
import { Document, Facts } from "../enforce";
import { collectPeer } from "./peer";

const DESTINATION_PORT = ascii("destination\0port");
const PEER_ADDRESS = ascii("filter_state\0lictor.peer_ip");
const REMOTE_ADDRESS = ascii("source\0address");
const DESTINATION_ADDRESS = ascii("destination\0address");
const REQUESTED_SERVER_NAME = ascii("connection\0requested_server_name");

/**
 * Asks the proxy for what the document needs, headers in one call and a property only where a rule
 * reads it. Null where the headers are not to be had.
 */
export function collectFacts(document: Document, arena: Arena): Facts | null {
  const pairs = readPairs(getHeaderMapPairs(MapType.REQUEST_HEADERS));
  if (pairs.malformed || pairs.count == 0) return null;
  const facts = changetype<Facts>(arena.allocate(offsetof<Facts>()));
  facts.lines = HeaderLines.create(document.headers, arena);
  while (pairs.next()) facts.lines.collect(pairs.name, pairs.value, arena);
  if (document.readsPeer) collectPeer(document, facts);
  facts.destinationPort = document.policies.readsPort ? destinationPort() : NO_PORT;
  if (document.policies.readsServerName) facts.serverName = serverName();
  collectAddresses(document.policies, facts, arena);
  return facts;
}

/**
 * Addresses that rules read. Envoy's `source.address` is the client behind trusted proxies (from
 * `x-forwarded-for`); that of the connection itself only filter state tells, where it is configured.
 */
function collectAddresses(policies: PolicyTables, facts: Facts, arena: Arena): void {
  if (policies.readsSourceAddress) facts.peerAddress = parseAddress(valueOf(PEER_ADDRESS), arena);
  if (policies.readsRemoteAddress) facts.remoteAddress = parseHostAndPort(valueOf(REMOTE_ADDRESS), arena);
  if (policies.readsDestinationAddress)
    facts.destinationAddress = parseHostAndPort(valueOf(DESTINATION_ADDRESS), arena);
}

/** ABSENT where there is none. */
function valueOf(path: HostBytes): Bytes {
  const value = getProperty(hostAddress(path), hostLength(path));
  return isValue(value) ? bytesAt(hostAddress(value), hostLength(value)) : ABSENT;
}

/** A 64-bit integer, little-endian. */
function destinationPort(): i32 {
  const value = getProperty(hostAddress(DESTINATION_PORT), hostLength(DESTINATION_PORT));
  if (!isValue(value) || hostLength(value) != 8) return NO_PORT;
  return <i32>load<u64>(hostAddress(value));
}

/** Envoy answers an empty text where the client sent none. */
function serverName(): Bytes {
  const value = getProperty(hostAddress(REQUESTED_SERVER_NAME), hostLength(REQUESTED_SERVER_NAME));
  return isValue(value) && hostLength(value) != 0 ? value : ABSENT;
}
