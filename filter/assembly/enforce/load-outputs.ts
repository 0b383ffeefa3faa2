import {
  Bytes,
  JsonValue,
  List,
  addressOf,
  inLowerCase,
  indexOfByte,
  indexOfWord,
  lengthOf,
  part,
} from "as-bytes";
import { NO_HEADER, Reader, RefusalCode } from "as-policy";
import { ClaimOutput, Document, JwtRule, NO_OUTPUT } from "./document";
import { ONE_SPELLING } from "./load-places";

/** Most headers that the rules of a document write, so that a request is never made much larger. */
export const MAX_OUTPUTS: u32 = 64;

const OUTPUT_MEMBERS = "header claim";
const DOT: u8 = 0x2e;

/** Of the message or the connection itself, or what tells them apart. */
const RESERVED_HEADERS =
  "host connection content-length keep-alive proxy-connection te trailer transfer-encoding upgrade";

/** Reads `outputPayloadToHeader` and `outputClaimToHeaders`: what the service learns of a verified token. */
export function loadOutputs(value: JsonValue, rule: JwtRule, document: Document, reader: Reader): void {
  rule.payloadHeader = NO_OUTPUT;
  const payload = value.memberNamed("outputPayloadToHeader");
  if (payload !== null && lengthOf(reader.textOf(payload)) != 0)
    rule.payloadHeader = outputHeader(payload, document, reader);
  const outputs = reader.array(value, "outputClaimToHeaders");
  rule.claimOutputs = List.create<ClaimOutput>(reader.arena, outputs === null ? 0 : outputs.count());
  if (outputs === null) return;
  let output = outputs.first();
  for (let left = outputs.count(); left > 0 && !reader.refused; left--) {
    if (reader.object(output, OUTPUT_MEMBERS)) rule.claimOutputs.push(readOutput(output, document, reader));
    output = output.next();
  }
}

function readOutput(value: JsonValue, document: Document, reader: Reader): ClaimOutput {
  const output = changetype<ClaimOutput>(reader.arena.allocate(offsetof<ClaimOutput>()));
  const header = reader.required(value, "header");
  const claim = reader.required(value, "claim");
  if (header !== null) output.header = outputHeader(header, document, reader);
  if (claim !== null) output.claim = namesOf(reader.nonEmptyTextOf(claim), reader);
  return output;
}

/** Istio's names: letters, digits, `-` and `_`. */
function outputHeader(at: JsonValue, document: Document, reader: Reader): u32 {
  const name = inLowerCase(reader.nonEmptyTextOf(at), reader.arena);
  let isOurs = true;
  for (let index: u32 = 0; index < lengthOf(name); index++) {
    const byte: u32 = load<u8>(addressOf(name) + index);
    if (byte - 0x61 >= 26 && byte - 0x30 >= 10 && byte != 0x2d && byte != 0x5f) isOurs = false;
  }
  if (!isOurs || indexOfWord(name, RESERVED_HEADERS) >= 0)
    reader.refuse(RefusalCode.BAD_VALUE, at, "a free header name of letters, digits, - and _");
  const header = document.headers.intern(name);
  if (header != NO_HEADER && !document.headers.guard(header))
    reader.refuse(RefusalCode.CONFLICT, at, ONE_SPELLING);
  document.outputCount += 1;
  if (header == NO_HEADER || document.outputCount > MAX_OUTPUTS)
    reader.refuse(RefusalCode.TOO_MANY, at, "at most 64 headers to write");
  return header;
}

/** `a.b` is the claim `b` inside `a`, as in Istio. */
function namesOf(text: Bytes, reader: Reader): List<Bytes> {
  const length = lengthOf(text);
  const names = List.create<Bytes>(reader.arena, (length >> 1) + 1);
  let start: u32 = 0;
  while (start <= length) {
    const dot = indexOfByte(text, DOT, start);
    const end: u32 = dot < 0 ? length : <u32>dot;
    names.push(part(text, start, end));
    start = end + 1;
  }
  return names;
}
