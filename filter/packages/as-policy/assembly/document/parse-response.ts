import {
  Bytes,
  JsonValue,
  List,
  addressOf,
  inLowerCase,
  indexOfWord,
  isFieldName,
  lengthOf,
  literalBytes,
} from "as-bytes";
import { PolicyReader } from "./parse-policies";
import { Action, PolicyResponse, ResponseHeader } from "./policy";
import { Reader, isExactInteger } from "./reader";
import { RefusalCode } from "./refusal";

/** Longest body of a policy's denial. */
export const MAX_RESPONSE_BODY_BYTES: u32 = 4096;

/** Most headers of a policy's denial, and the longest value of one. */
export const MAX_RESPONSE_HEADERS: u32 = 16;
export const MAX_RESPONSE_VALUE_BYTES: u32 = 1024;

const RESPONSE_MEMBERS = "status headers body contentType";
const HEADER_MEMBERS = "name value";

/** Connection headers (RFC 9110 §7.6.1) and the framing of the message are the proxy's own. */
const RESERVED_HEADERS =
  "connection content-length content-type keep-alive proxy-connection te trailer transfer-encoding upgrade";

/** Reads what a DENY policy tells the client; null where it says nothing. */
export function parseResponse(value: JsonValue | null, context: PolicyReader): PolicyResponse | null {
  const reader = context.reader;
  if (value === null || !reader.object(value, RESPONSE_MEMBERS) || value.count() == 0) return null;
  if (context.policy.action != Action.DENY)
    reader.refuse(RefusalCode.CONFLICT, value, "a response in DENY policies only");
  const response = changetype<PolicyResponse>(reader.arena.allocate(offsetof<PolicyResponse>()));
  response.status = readStatus(value.memberNamed("status"), reader);
  response.body = readBody(value, reader);
  response.headers = readHeaders(value, reader);
  return response;
}

function readStatus(status: JsonValue | null, reader: Reader): u32 {
  if (status === null) return 0;
  const isStatus =
    status.isNumber() && isExactInteger(status.number()) && status.number() >= 400 && status.number() <= 599;
  if (!isStatus) reader.refuse(RefusalCode.BAD_VALUE, status, "a status from 400 to 599");
  return isStatus ? <u32>status.number() : 0;
}

function readBody(value: JsonValue, reader: Reader): Bytes {
  const body = reader.text(value, "body");
  if (lengthOf(body) > MAX_RESPONSE_BODY_BYTES)
    reader.refuse(RefusalCode.TOO_LARGE, value.memberNamed("body"), "at most 4096 bytes");
  return body;
}

/** `contentType`, then `headers`. */
function readHeaders(value: JsonValue, reader: Reader): List<ResponseHeader> {
  const contentType = value.memberNamed("contentType");
  const headers = reader.array(value, "headers");
  const given: u32 = headers === null ? 0 : headers.count();
  if (given > MAX_RESPONSE_HEADERS) reader.refuse(RefusalCode.TOO_MANY, headers, "at most 16 headers");
  const list = List.create<ResponseHeader>(reader.arena, given + 1);
  if (contentType !== null)
    addHeader(list, literalBytes("content-type", reader.arena), readValue(contentType, reader), reader);
  if (headers === null) return list;
  let header = headers.first();
  for (let left = given; left > 0 && !reader.refused; left--) {
    if (reader.object(header, HEADER_MEMBERS)) {
      const name = reader.required(header, "name");
      const text = reader.required(header, "value");
      if (name !== null && text !== null)
        addHeader(list, readName(name, reader), readValue(text, reader), reader);
    }
    header = header.next();
  }
  return list;
}

function addHeader(list: List<ResponseHeader>, name: Bytes, value: Bytes, reader: Reader): void {
  const header = changetype<ResponseHeader>(reader.arena.allocate(offsetof<ResponseHeader>()));
  header.name = name;
  header.value = value;
  list.push(header);
}

/** A field name (RFC 9110 §5.1) in lower case that is not the proxy's own. */
function readName(name: JsonValue, reader: Reader): Bytes {
  const text = inLowerCase(reader.textOf(name), reader.arena);
  if (!isFieldName(text) || indexOfWord(text, RESERVED_HEADERS) >= 0)
    reader.refuse(RefusalCode.BAD_VALUE, name, "a header name that is not the proxy's own");
  return text;
}

/** Visible ASCII with spaces and tabs between (RFC 9110 §5.5); never what could end a line. */
function readValue(value: JsonValue, reader: Reader): Bytes {
  const text = reader.textOf(value);
  if (lengthOf(text) > MAX_RESPONSE_VALUE_BYTES)
    reader.refuse(RefusalCode.TOO_LARGE, value, "at most 1024 bytes");
  for (let index: u32 = 0; index < lengthOf(text); index++) {
    const byte: u32 = load<u8>(addressOf(text) + index);
    if ((byte < 0x20 && byte != 0x09) || byte > 0x7e)
      reader.refuse(RefusalCode.BAD_VALUE, value, "visible ASCII in a header value");
  }
  return text;
}
