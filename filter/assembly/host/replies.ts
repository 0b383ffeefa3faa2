import { ABSENT, Arena, Bytes, List, Writer, addressOf, lengthOf, literalBytes, part } from "as-bytes";
import { Policy, ResponseHeader } from "as-policy";
import { HostBytes, hostBytes, writePairs } from "proxy-wasm-assemblyscript-sdk";
import { REASON_COUNT, Reason, httpStatus, writeReason } from "../enforce";

/** Response code details and challenges of every reason, made once in each VM. */
const DETAILS: usize = memory.data(REASON_COUNT * 8);
const CHALLENGES: usize = memory.data(REASON_COUNT * 8);

/** The wire format's count, and the two sizes and two NULs of each pair. */
const BYTES_OF_A_COUNT: u32 = 4;
const BYTES_BESIDE_A_PAIR: u32 = 10;

/** Room for one header of a challenge in the proxy's wire format. */
const CHALLENGE_BYTES: u32 = 128;

const DETAILS_HEAD = "lictor_denied{";

let prepared = false;

export function prepareReplies(): void {
  if (prepared) return;
  prepared = true;
  const arena = Arena.create();
  const noToken = challenge('Bearer realm="lictor"', arena);
  const invalidToken = challenge('Bearer realm="lictor", error="invalid_token"', arena);
  const insufficientScope = challenge('Bearer realm="lictor", error="insufficient_scope"', arena);
  for (let reason: u32 = 0; reason < REASON_COUNT; reason++) {
    store<u64>(DETAILS + (reason << 3), details(reason, arena));
    let pairs: HostBytes = 0;
    if (reason == Reason.TOKEN_MISSING) pairs = noToken;
    else if (reason == Reason.SCOPE_INSUFFICIENT) pairs = insufficientScope;
    else if (httpStatus(reason) == 401) pairs = invalidToken;
    store<u64>(CHALLENGES + (reason << 3), pairs);
  }
}

/** Makes the header pairs of policies that have a response of their own. */
export function preparePolicyReplies(policies: List<Policy>, arena: Arena): void {
  for (let index: u32 = 0; index < policies.length; index++) {
    const response = policies.at(index).response;
    if (response !== null) response.pairs = pairsOf(response.headers, arena);
  }
}

/** ABSENT for no headers. */
function pairsOf(headers: List<ResponseHeader>, arena: Arena): Bytes {
  if (headers.length == 0) return ABSENT;
  let bytes: u32 = BYTES_OF_A_COUNT;
  for (let index: u32 = 0; index < headers.length; index++) {
    const header = headers.at(index);
    bytes += lengthOf(header.name) + lengthOf(header.value) + BYTES_BESIDE_A_PAIR;
  }
  const writer = writePairs(arena.take(bytes), bytes, headers.length);
  for (let index: u32 = 0; index < headers.length; index++) {
    const header = headers.at(index);
    writer.add(asHost(header.name), asHost(header.value));
  }
  return writer.finish();
}

function asHost(bytes: Bytes): HostBytes {
  return hostBytes(addressOf(bytes), lengthOf(bytes));
}

/** `lictor_denied{reason}` */
export function detailsOf(reason: Reason): Bytes {
  return load<u64>(DETAILS + ((<u32>reason) << 3));
}

/** The name of a reason, which stands between the braces of the details. */
export function nameOf(reason: Reason): Bytes {
  const text = detailsOf(reason);
  return part(text, DETAILS_HEAD.length, lengthOf(text) - 1);
}

/** Header pairs with the RFC 6750 §3 challenge, or ABSENT: clients learn no more than this. */
export function challengeOf(reason: Reason): Bytes {
  return load<u64>(CHALLENGES + ((<u32>reason) << 3));
}

function details(reason: Reason, arena: Arena): Bytes {
  const writer = Writer.create(arena, 48);
  writer.text(DETAILS_HEAD);
  writeReason(reason, writer);
  writer.text("}");
  return writer.written();
}

function challenge(value: string, arena: Arena): HostBytes {
  const name = literalBytes("www-authenticate", arena);
  const text = literalBytes(value, arena);
  const writer = writePairs(arena.take(CHALLENGE_BYTES), CHALLENGE_BYTES, 1);
  writer.add(asHost(name), asHost(text));
  return writer.finish();
}
