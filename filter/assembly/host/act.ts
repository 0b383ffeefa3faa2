import { ABSENT, Bytes, addressOf, isPresent, lengthOf } from "as-bytes";
import {
  Action,
  MapType,
  Status,
  StreamContext,
  StreamType,
  ascii,
  closeStream,
  hostAddress,
  hostLength,
  removeHeaderMapValue,
  replaceHeaderMapValue,
  sendLocalResponse,
  setProperty,
} from "proxy-wasm-assemblyscript-sdk";
import { Document, Reason, Verdict, grpcStatus } from "../enforce";
import { challengeOf, detailsOf } from "./replies";

/** Filter state `wasm.lictor.ok`, which the seal behind this filter asks for. */
const MARK = ascii("lictor.ok");

/** Does what the verdict says. */
export function act(verdict: Verdict, stream: StreamContext, document: Document): Action {
  if (!goesOn(verdict, document)) return refuse(verdict, stream);
  mark(document.seal);
  return Action.CONTINUE;
}

/**
 * Whether the request goes on to the service. Where the document only observes, a denied one does too,
 * changed as far as it was decided; one that could not be decided at all does not.
 */
export function goesOn(verdict: Verdict, document: Document): bool {
  return verdict.allows || (document.observe && verdict.reason != Reason.NOT_READY);
}

function mark(seal: Bytes): void {
  if (lengthOf(seal) == 0) return;
  setProperty(hostAddress(MARK), hostLength(MARK), addressOf(seal), lengthOf(seal));
}

/**
 * Writes out the headers whose lines were changed; false where the proxy does not take a change. Nothing
 * of the request is read from the proxy after: it chooses its route again.
 */
export function forwardChanged(verdict: Verdict, document: Document): bool {
  const where = verdict.where;
  const lines = where.lines;
  if (lines === null) return false;
  for (let index: u32 = 0; index < where.changed.length; index++) {
    const header = where.changed.at(index);
    const line = lines.first(header);
    if (!forwardLine(document.headers.names.at(header).text, line === null ? ABSENT : line.value))
      return false;
  }
  // Only where the document observes: an allowed request has none.
  let other = lines.otherSpellings;
  while (other !== null) {
    if (!forwardLine(other.value, ABSENT)) return false;
    other = other.next;
  }
  return true;
}

/** One line in place of all that the header has, or none where `value` is absent; whether the proxy took it. */
function forwardLine(name: Bytes, value: Bytes): bool {
  const status = isPresent(value)
    ? replaceHeaderMapValue(
        MapType.REQUEST_HEADERS,
        addressOf(name),
        lengthOf(name),
        addressOf(value),
        lengthOf(value),
      )
    : removeHeaderMapValue(MapType.REQUEST_HEADERS, addressOf(name), lengthOf(name));
  return status == Status.OK;
}

/** Answers the client in place of the service, in the words of the policy that denied where it has some. */
export function refuse(verdict: Verdict, stream: StreamContext): Action {
  const reason = verdict.reason;
  const details = detailsOf(reason);
  const response = verdict.response;
  const headers = response === null ? challengeOf(reason) : response.pairs;
  const body = response === null ? ABSENT : response.body;
  const replied = sendLocalResponse(
    stream,
    verdict.status,
    addressOf(details),
    lengthOf(details),
    addressOf(body),
    lengthOf(body),
    addressOf(headers),
    lengthOf(headers),
    grpcStatus(reason),
  );
  // A host that takes no reply must not leave the client waiting.
  if (!replied) closeStream(stream, StreamType.REQUEST);
  return Action.PAUSE;
}
