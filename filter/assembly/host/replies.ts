import { Arena, Bytes, Writer, addressOf, lengthOf, literalBytes } from "as-bytes";
import { HostBytes, hostBytes, writePairs } from "proxy-wasm-assemblyscript-sdk";
import { REASON_COUNT, Reason, httpStatus, reasonName } from "../enforce";

/** Response code details and challenges of every reason, made once in each VM. */
const DETAILS: usize = memory.data(REASON_COUNT * 8);
const CHALLENGES: usize = memory.data(REASON_COUNT * 8);

/** Room for one header of a challenge in the proxy's wire format. */
const CHALLENGE_BYTES: u32 = 128;

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

/** `lictor_denied{reason}` */
export function detailsOf(reason: Reason): Bytes {
  return load<u64>(DETAILS + ((<u32>reason) << 3));
}

/** Header pairs with the RFC 6750 §3 challenge, or ABSENT: clients learn no more than this. */
export function challengeOf(reason: Reason): Bytes {
  return load<u64>(CHALLENGES + ((<u32>reason) << 3));
}

function details(reason: Reason, arena: Arena): Bytes {
  const writer = Writer.create(arena, 48);
  writer.text("lictor_denied{");
  writer.text(reasonName(reason));
  writer.text("}");
  return writer.written();
}

function challenge(value: string, arena: Arena): HostBytes {
  const name = literalBytes("www-authenticate", arena);
  const text = literalBytes(value, arena);
  const writer = writePairs(arena.take(CHALLENGE_BYTES), CHALLENGE_BYTES, 1);
  writer.add(hostBytes(addressOf(name), lengthOf(name)), hostBytes(addressOf(text), lengthOf(text)));
  return writer.finish();
}
