import { Bytes, addressOf, lengthOf } from "as-bytes";
import {
  Action,
  MapType,
  StreamContext,
  ascii,
  hostAddress,
  hostLength,
  removeHeaderMapValue,
  sendLocalResponse,
  setProperty,
} from "proxy-wasm-assemblyscript-sdk";
import { Document, Verdict, grpcStatus, httpStatus } from "../enforce";
import { challengeOf, detailsOf } from "./replies";

/** Filter state `wasm.lictor.ok`, which the seal behind this filter asks for. */
const MARK = ascii("lictor.ok");

/** Does what the verdict says; where the document only observes, every request goes on and is marked. */
export function act(verdict: Verdict, stream: StreamContext, document: Document): Action {
  if (verdict.allows) {
    mark(document.seal);
    stripTokens(verdict, document);
    return Action.CONTINUE;
  }
  if (document.observe) {
    mark(document.seal);
    return Action.CONTINUE;
  }
  deny(verdict, stream);
  return Action.PAUSE;
}

function mark(seal: Bytes): void {
  if (lengthOf(seal) == 0) return;
  setProperty(hostAddress(MARK), hostLength(MARK), addressOf(seal), lengthOf(seal));
}

/** Nothing of the request is read after this: an edit makes the proxy choose its route again. */
function stripTokens(verdict: Verdict, document: Document): void {
  const headers = verdict.where.caller.strip;
  for (let index: u32 = 0; index < headers.length; index++) {
    const name = document.headers.names.at(headers.at(index));
    removeHeaderMapValue(MapType.REQUEST_HEADERS, addressOf(name), lengthOf(name));
  }
}

function deny(verdict: Verdict, stream: StreamContext): void {
  const reason = verdict.reason;
  const details = detailsOf(reason);
  const challenge = challengeOf(reason);
  sendLocalResponse(
    stream,
    httpStatus(reason),
    addressOf(details),
    lengthOf(details),
    0,
    0,
    addressOf(challenge),
    lengthOf(challenge),
    grpcStatus(reason),
  );
}
