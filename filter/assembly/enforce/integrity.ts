import { ABSENT, Bytes, addressOf, bytesAt, equalsText, indexOfByte, isPresent, lengthOf } from "as-bytes";
import { RequestAttributes } from "as-policy";
import { isAmbiguousPath } from "./ambiguous-path";
import { Document } from "./document";
import { Facts } from "./facts";
import { Reason } from "./reason";
import { END_OF_OVERRIDES, Header } from "./well-known";

/** Longest `:path`, query included. */
export const MAX_PATH_BYTES: u32 = 8192;

const COMMA: u8 = 0x2c;
const AT: u8 = 0x40;
const SLASH: u32 = 0x2f;
const QUESTION_MARK: u8 = 0x3f;
const HASH: u8 = 0x23;

/**
 * Whether the request means one thing only, before any rule looks at it; ALLOWED where it does.
 * Fills in method, path and host of `request`.
 */
export function checkIntegrity(facts: Facts, document: Document, request: RequestAttributes): Reason {
  const method = onlyValue(facts, Header.METHOD);
  const path = onlyValue(facts, Header.PATH);
  const host = onlyValue(facts, Header.AUTHORITY);
  if (lengthOf(method) == 0 || !isHost(host)) return Reason.REQUEST_MALFORMED;
  request.method = method;
  request.host = host;
  if (facts.lines.hasSpaceAround) return Reason.REQUEST_MALFORMED;
  const isConnect = equalsText(method, "CONNECT");
  if (isConnect && !document.policies.namesConnect) return Reason.REQUEST_MALFORMED;
  // A tunnel has no path (RFC 9110 §9.3.6).
  if (!isConnect || isPresent(path)) {
    if (!isPathForm(path, method)) return Reason.REQUEST_MALFORMED;
    request.path = pathOnly(path);
    if (!document.keepAmbiguousPaths && isAmbiguousPath(withoutQuery(path))) return Reason.PATH_AMBIGUOUS;
  }
  // Servers that read headers as variables would take it for the one that only a verified token writes.
  if (facts.lines.otherSpellings !== null) return Reason.OVERRIDE_HEADER;
  const restates = document.policies.namesMethodsOrPaths && restatesMethodOrPath(facts);
  return restates && !document.keepOverrides ? Reason.OVERRIDE_HEADER : Reason.ALLOWED;
}

/** The value of a header that stands there once; ABSENT where it is missing or repeated. */
function onlyValue(facts: Facts, header: Header): Bytes {
  const line = facts.lines.first(header);
  return line !== null && line.next === null ? line.value : ABSENT;
}

/** Not empty, no merged duplicate, and no user information (RFC 9113 §8.3.1), which would dodge rules on hosts. */
function isHost(host: Bytes): bool {
  return lengthOf(host) != 0 && indexOfByte(host, COMMA) < 0 && indexOfByte(host, AT) < 0;
}

/** `/…`, or `*` with OPTIONS (RFC 9112 §3.2.4). */
function isPathForm(path: Bytes, method: Bytes): bool {
  const length = lengthOf(path);
  if (length == 0 || length > MAX_PATH_BYTES) return false;
  if (load<u8>(addressOf(path)) == SLASH) return true;
  return equalsText(path, "*") && equalsText(method, "OPTIONS");
}

/** Rules see the path up to the first `?` or `#`. */
function pathOnly(path: Bytes): Bytes {
  const whole = withoutQuery(path);
  const fragment = indexOfByte(whole, HASH);
  return fragment < 0 ? whole : bytesAt(addressOf(whole), fragment);
}

function withoutQuery(path: Bytes): Bytes {
  const query = indexOfByte(path, QUESTION_MARK);
  return query < 0 ? path : bytesAt(addressOf(path), query);
}

function restatesMethodOrPath(facts: Facts): bool {
  for (let header: u32 = Header.FIRST_OVERRIDE; header < END_OF_OVERRIDES; header++) {
    if (facts.lines.first(header) !== null) return true;
  }
  return false;
}
