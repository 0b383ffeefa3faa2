import { ABSENT, Bytes, addressOf, lengthOf } from "as-bytes";
import {
  Action,
  MapType,
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
import { Document, Verdict, grpcStatus } from "../enforce";
import { challengeOf, detailsOf } from "./replies";

/** Filter state `wasm.lictor.ok`, which the seal behind this filter asks for. */
const MARK = ascii("lictor.ok");

/** Does what the verdict says; where the document only observes, every request goes on, marked and as an allowed one would. */
export function act(verdict: Verdict, stream: StreamContext, document: Document): Action {
  if (verdict.allows) {
    mark(document.seal);
    forwardChanged(verdict, document);
    return Action.CONTINUE;
  }
  if (document.observe) {
    mark(document.seal);
    forwardChanged(verdict, document);
    return Action.CONTINUE;
  }
  return refuse(verdict, stream);
}

function mark(seal: Bytes): void {
  if (lengthOf(seal) == 0) return;
  setProperty(hostAddress(MARK), hostLength(MARK), addressOf(seal), lengthOf(seal));
}

/** Writes out the headers that lost a token. Nothing of the request is read after: the proxy chooses its route again. */
function forwardChanged(verdict: Verdict, document: Document): void {
  const where = verdict.where;
  const lines = where.lines;
  if (lines === null) return;
  for (let index: u32 = 0; index < where.changed.length; index++) {
    const header = where.changed.at(index);
    const name = document.headers.names.at(header);
    const line = lines.first(header);
    if (line === null) {
      removeHeaderMapValue(MapType.REQUEST_HEADERS, addressOf(name), lengthOf(name));
    } else {
      const value = line.value;
      replaceHeaderMapValue(
        MapType.REQUEST_HEADERS,
        addressOf(name),
        lengthOf(name),
        addressOf(value),
        lengthOf(value),
      );
    }
  }
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
