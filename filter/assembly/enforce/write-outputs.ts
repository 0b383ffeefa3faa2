import {
  ABSENT,
  Arena,
  Bytes,
  JsonKind,
  JsonValue,
  List,
  Writer,
  addressOf,
  indexOfByte,
  isSpace,
  lengthOf,
  literalBytes,
  part,
} from "as-bytes";
import { HeaderLines, isExactInteger } from "as-policy";
import { Document, JwtRule, NO_OUTPUT } from "./document";
import { note } from "./strip-tokens";
import { CallerToken } from "./verdict";

const DOT: u8 = 0x2e;

/** Digits of the largest exact integer and a sign. */
const MAX_INTEGER_BYTES: u32 = 17;

/**
 * Takes away every line of a header that rules write which came with the request. Whatever becomes of the
 * request, nobody else writes them.
 */
export function removeOutputs(document: Document, lines: HeaderLines, changed: List<u32>): void {
  if (document.outputCount == 0) return;
  for (let index: u32 = 0; index < document.jwtRules.length; index++)
    removeOutputsOf(document.jwtRules.at(index), lines, changed);
}

/** Writes what the rules of the caller's tokens tell the service. */
export function writeOutputs(
  tokens: List<CallerToken>,
  lines: HeaderLines,
  changed: List<u32>,
  arena: Arena,
): void {
  for (let left = tokens.length; left > 0; left--) writeToken(tokens.at(left - 1), lines, changed, arena);
}

function removeOutputsOf(rule: JwtRule, lines: HeaderLines, changed: List<u32>): void {
  removeOutput(rule.payloadHeader, lines, changed);
  for (let index: u32 = 0; index < rule.claimOutputs.length; index++)
    removeOutput(rule.claimOutputs.at(index).header, lines, changed);
}

function removeOutput(header: u32, lines: HeaderLines, changed: List<u32>): void {
  if (header == NO_OUTPUT || lines.first(header) === null) return;
  lines.remove(header);
  note(changed, header);
}

/** Of two tokens that write one header the first in document order is heard: it is written last. */
function writeToken(token: CallerToken, lines: HeaderLines, changed: List<u32>, arena: Arena): void {
  const rule = token.rule;
  if (rule.payloadHeader != NO_OUTPUT)
    write(rule.payloadHeader, payloadOf(token.text), lines, changed, arena);
  for (let index: u32 = 0; index < rule.claimOutputs.length; index++) {
    const output = rule.claimOutputs.at(index);
    write(output.header, textOf(claimAt(token.token.claims, output.claim), arena), lines, changed, arena);
  }
}

function write(header: u32, value: Bytes, lines: HeaderLines, changed: List<u32>, arena: Arena): void {
  if (!isHeaderValue(value)) return;
  lines.set(header, value, arena);
  note(changed, header);
}

/** The payload as it stands in the token, base64url without padding. */
function payloadOf(token: Bytes): Bytes {
  const start = <u32>indexOfByte(token, DOT) + 1;
  return part(token, start, <u32>indexOfByte(token, DOT, start));
}

function claimAt(claims: JsonValue, names: List<Bytes>): JsonValue | null {
  let claim: JsonValue | null = claims;
  for (let index: u32 = 0; index < names.length; index++) {
    if (claim === null) return null;
    claim = claim.member(names.at(index));
  }
  return claim;
}

/** A text as it is, an integer in digits, a boolean by its name; ABSENT for all else. */
function textOf(claim: JsonValue | null, arena: Arena): Bytes {
  if (claim === null) return ABSENT;
  if (claim.isString()) return claim.string();
  if (claim.isBoolean()) return literalBytes(claim.kind == JsonKind.TRUE ? "true" : "false", arena);
  if (!claim.isNumber() || !isExactInteger(claim.number())) return ABSENT;
  const writer = Writer.create(arena, MAX_INTEGER_BYTES);
  if (claim.number() < 0) writer.byte(0x2d);
  writer.decimal(<u64>Math.abs(claim.number()));
  return writer.written();
}

/** Not empty, no byte that could end the line and no space around it, which readers take off (RFC 9110 §5.5). */
function isHeaderValue(value: Bytes): bool {
  const length = lengthOf(value);
  if (length == 0 || isSpace(load<u8>(addressOf(value))) || isSpace(load<u8>(addressOf(value) + length - 1)))
    return false;
  for (let index: u32 = 0; index < length; index++) {
    const byte: u32 = load<u8>(addressOf(value) + index);
    if ((byte < 0x20 && byte != 0x09) || byte == 0x7f) return false;
  }
  return true;
}
