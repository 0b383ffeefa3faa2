import { ABSENT, Arena, Bytes, Writer, addressOf, bytesAt, isPresent, lengthOf } from "as-bytes";
import { Attribute, NearestRule, Policy, writeSourceField } from "as-policy";
import {
  ascii,
  getProperty,
  hostAddress,
  hostLength,
  isValue,
  setProperty,
} from "proxy-wasm-assemblyscript-sdk";
import { Caller, Document, Header, Shadow, Verdict } from "../enforce";
import { nameOf } from "./replies";
import { Root } from "./root";
import { writeTime } from "./time";

/** Filter state `wasm.lictor.decision`. */
const RECORD = ascii("lictor.decision");

/** Longest text of the record in bytes, before escaping. */
const MAX_TEXT_BYTES: u32 = 256;

/** Thirty texts at most, each of 256 bytes that escape to six times their length at worst, and their names. */
const MAX_RECORD_BYTES: u32 = 49152;

/** A node's id of 256 bytes that escape to six times their length, a revision of 64 and a hash of 64 digits, with their names. */
const MAX_TAIL_BYTES: u32 = 1792;

/** The proxy's own name: in Istio, that of its pod. */
const NODE_ID = ascii("xds\0node\0id");

const TRACE_PARENT_BYTES: u32 = 55;
const TRACE_ID_BYTES: u32 = 32;

/** Digits of the first id of a VM, and the dash behind: 19 until the year 2286, 20 at most. */
const MAX_ID_HEAD_BYTES: u32 = 21;

/** What ids of one VM begin with, unlike those of others: when it first decided, in nanoseconds. */
const ID_HEAD = memory.data(MAX_ID_HEAD_BYTES);
let idHeadBytes: u32 = 0;
let decisions: u64 = 0;

/**
 * Writes the decision record: one line of JSON, with no token, secret or other header's value in it.
 * `now` is the time of the decision and `spent` what it took, both in nanoseconds, 0 for not measured.
 */
export function writeRecord(verdict: Verdict, root: Root, now: u64, spent: u64, arena: Arena): void {
  const writer = Writer.create(arena, MAX_RECORD_BYTES);
  writer.text('{"v":1,"time":"');
  writeTime(now, writer);
  writer.text('","id":"');
  writeId(now, writer);
  writer.text(verdict.allows ? '","decision":"allow"' : '","decision":"deny","reason":"');
  if (!verdict.allows) {
    writer.bytes(nameOf(verdict.reason));
    writer.text('","status":');
    writer.decimal(verdict.status);
  }
  writeDecider(verdict, writer);
  writeCaller(verdict.where.caller, writer);
  writeRequest(verdict, writer);
  writer.bytes(root.recordTail);
  if (verdict.where.shadow != Shadow.NONE) {
    writer.text(verdict.where.shadow == Shadow.ALLOW ? ',"shadow":"allow"' : ',"shadow":"deny"');
  }
  if (spent != 0) {
    writer.text(',"evalNs":');
    writer.decimal(spent);
  }
  writer.text("}");
  if (writer.overflowed) return;
  const line = writer.written();
  setProperty(hostAddress(RECORD), hostLength(RECORD), addressOf(line), lengthOf(line));
}

/** What every record of a document ends with: where it was decided, the document's revision and its hash. */
export function makeRecordTail(document: Document, arena: Arena): Bytes {
  const writer = Writer.create(arena, MAX_TAIL_BYTES);
  const node = getProperty(hostAddress(NODE_ID), hostLength(NODE_ID));
  if (isValue(node) && hostLength(node) != 0) member(writer, ',"destination":', node);
  member(writer, ',"revision":', document.revision);
  writer.text(',"hash":"');
  writer.hexadecimal(bytesAt(document.hash, 32));
  writer.text('"');
  return writer.written();
}

/** Unique among the VMs of a proxy, as far as two do not begin in the same nanosecond. */
function writeId(now: u64, writer: Writer): void {
  decisions += 1;
  if (idHeadBytes == 0) {
    const before = lengthOf(writer.written());
    writer.decimal(now);
    writer.byte(0x2d);
    const written = writer.written();
    idHeadBytes = lengthOf(written) - before;
    memory.copy(ID_HEAD, addressOf(written) + before, idHeadBytes);
  } else {
    writer.bytes(bytesAt(ID_HEAD, idHeadBytes));
  }
  writer.decimal(decisions);
}

function writeDecider(verdict: Verdict, writer: Writer): void {
  const where = verdict.where;
  const policy = where.decider.policy;
  if (policy !== null) {
    writer.text(',"policy":');
    writePolicyName(policy, writer);
    writer.text(',"rule":');
    writer.decimal(where.decider.rule);
  }
  const nearest = where.nearest;
  const nearestPolicy = nearest.policy;
  const failed = nearest.failed;
  if (nearestPolicy !== null && failed !== null) {
    writer.text(',"failed":');
    writeFailed(nearest, failed, writer);
    writer.text(',"nearest":{"policy":');
    writePolicyName(nearestPolicy, writer);
    writer.text(',"rule":');
    writer.decimal(nearest.rule);
    writer.text("}");
  }
  const audit = where.audit.policy;
  if (audit !== null) {
    writer.text(',"audit":');
    writePolicyName(audit, writer);
  }
}

/** `namespace/name`, or the name. */
function writePolicyName(policy: Policy, writer: Writer): void {
  writer.text('"');
  if (lengthOf(policy.namespace) != 0) {
    writer.escaped(policy.namespace, MAX_TEXT_BYTES);
    writer.text("/");
  }
  writer.escaped(policy.name, MAX_TEXT_BYTES);
  writer.text('"');
}

/** `when[1].request.auth.claims[scope]`, `from[0].source.notPrincipals`. */
function writeFailed(nearest: NearestRule, failed: Attribute, writer: Writer): void {
  writer.text(nearest.failedInWhen ? '"when[' : '"from[');
  writer.decimal(nearest.failedIndex);
  writer.text(nearest.failedInWhen ? "]." : "].source.");
  if (nearest.failedInWhen) writer.escaped(failed.key, MAX_TEXT_BYTES);
  else writeSourceField(failed.kind, nearest.failedNegated, writer);
  writer.text('"');
}

/** Only what is proven: the peer's identity and verified tokens. */
function writeCaller(caller: Caller, writer: Writer): void {
  member(writer, ',"peer":', caller.peer);
  if (caller.tokens.length == 0) return;
  writer.text(',"tokens":[');
  for (let index: u32 = 0; index < caller.tokens.length; index++) {
    const entry = caller.tokens.at(index);
    writer.text(index == 0 ? '{"rule":' : ',{"rule":');
    writer.jsonString(entry.rule.name, MAX_TEXT_BYTES);
    member(writer, ',"iss":', entry.token.issuer);
    member(writer, ',"sub":', entry.token.subject);
    member(writer, ',"client":', entry.token.client);
    writer.text("}");
  }
  writer.text("]");
}

function writeRequest(verdict: Verdict, writer: Writer): void {
  const request = verdict.where.request;
  member(writer, ',"method":', request.method);
  member(writer, ',"host":', request.host);
  member(writer, ',"path":', request.path);
  const lines = verdict.where.lines;
  if (lines === null) return;
  const requestId = lines.first(Header.REQUEST_ID);
  if (requestId !== null) member(writer, ',"requestId":', requestId.value);
  const traceParent = lines.first(Header.TRACE_PARENT);
  if (traceParent !== null) member(writer, ',"traceId":', traceIdOf(traceParent.value));
}

/** The trace id of a `traceparent` (W3C Trace Context §3.2): 32 lower-case digits after version and dash; else ABSENT. */
function traceIdOf(value: Bytes): Bytes {
  if (lengthOf(value) < TRACE_PARENT_BYTES) return ABSENT;
  const traceId = bytesAt(addressOf(value) + 3, TRACE_ID_BYTES);
  for (let index: u32 = 0; index < TRACE_ID_BYTES; index++) {
    const byte: u32 = load<u8>(addressOf(traceId) + index);
    if (byte - 0x30 > 9 && byte - 0x61 > 5) return ABSENT;
  }
  return traceId;
}

/** A member behind others, `start` being all in front of its value; nothing where the value is absent. */
function member(writer: Writer, start: string, value: Bytes): void {
  if (!isPresent(value)) return;
  writer.text(start);
  writer.jsonString(value, MAX_TEXT_BYTES);
}
