import { Arena, inLowerCase } from "as-bytes";
import { Attribute, AttributeKind } from "./attribute";
import { HeaderLine } from "./header-lines";
import { readClaim, readRequestPrincipal } from "./read-claim";
import { readPeer, readPeerPart } from "./read-peer";
import { readQuery } from "./read-query";
import { readSegment } from "./read-segment";
import { readTime } from "./read-time";
import { NO_PORT, RequestAttributes } from "./request";
import { AttributeValue, Form } from "./value";

/** Looks an attribute up in the request; the answer lives in `arena`. */
export function readAttribute(
  attribute: Attribute,
  request: RequestAttributes,
  arena: Arena,
): AttributeValue {
  switch (attribute.kind) {
    case AttributeKind.PRINCIPAL:
      return readPeer(request.peer, arena);
    case AttributeKind.NAMESPACE:
    case AttributeKind.SERVICE_ACCOUNT:
    case AttributeKind.TRUST_DOMAIN:
      return readPeerPart(attribute.kind, request.peer, arena);
    case AttributeKind.REQUEST_PRINCIPAL:
      return readRequestPrincipal(request.tokenOf(attribute.token), arena);
    case AttributeKind.CLAIM:
      return readClaim(attribute, request.tokenOf(attribute.token), arena);
    case AttributeKind.HOST:
      return AttributeValue.ofText(inLowerCase(request.host, arena), arena);
    case AttributeKind.METHOD:
      return AttributeValue.ofText(request.method, arena);
    case AttributeKind.PATH:
      return AttributeValue.ofText(request.path, arena);
    case AttributeKind.PATH_SEGMENT:
      return readSegment(request.path, attribute.number, arena);
    case AttributeKind.HEADER:
      return readHeader(attribute.number, request, arena);
    case AttributeKind.QUERY:
      return readQuery(request.query, attribute.names!.at(0), arena);
    case AttributeKind.PORT:
      return request.destinationPort == NO_PORT
        ? AttributeValue.absent(arena)
        : AttributeValue.ofNumber(request.destinationPort, arena);
    case AttributeKind.SERVER_NAME:
      return AttributeValue.ofText(request.serverName, arena);
    case AttributeKind.SOURCE_ADDRESS:
      return AttributeValue.ofText(request.sourceAddress, arena);
    case AttributeKind.REMOTE_ADDRESS:
      return AttributeValue.ofText(request.remoteAddress, arena);
    case AttributeKind.DESTINATION_ADDRESS:
      return AttributeValue.ofText(request.destinationAddress, arena);
    default:
      return readTime(attribute.kind, request.now, arena);
  }
}

/** Every line by itself, so that no second line can hide a first (CVE-2026-26308). */
function readHeader(header: u32, request: RequestAttributes, arena: Arena): AttributeValue {
  const first = request.headers.first(header);
  if (first === null) return AttributeValue.absent(arena);
  if (first.next === null) return AttributeValue.ofText(first.value, arena);
  const value = AttributeValue.create(Form.LIST, countLines(first), arena);
  let line: HeaderLine | null = first;
  while (line !== null) {
    value.add(line.value, arena);
    line = line.next;
  }
  return value;
}

function countLines(first: HeaderLine): u32 {
  let count: u32 = 0;
  let line: HeaderLine | null = first;
  while (line !== null) {
    count += 1;
    line = line.next;
  }
  return count;
}
