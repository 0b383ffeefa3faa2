/**
 * Ends of a stream: a local response, or a reset. One a stream, from its own callbacks, and never
 * from log, done or delete: a second one, or one of those, crashes a whole Envoy. What breaks this
 * is refused here and never reaches the host.
 */
import { proxy_close_stream, proxy_send_local_response } from "./abi";
import { Phase, StreamContext } from "./contexts";
import { Status, StreamType } from "./enums";
import { hostBytes } from "./host-bytes";
import { isSafeToSend } from "./pairs";
import { isRunning } from "./running";
import { isSafeHeaderValue } from "./safe";

/** HTTP status codes of final responses (RFC 9110 §15); hosts write others as they are given. */
const FIRST_STATUS: u32 = 200;
const LAST_STATUS: u32 = 599;

/** Whether the stream can still be answered or closed from the callback that runs now. */
export function canEnd(stream: StreamContext): bool {
  return stream.phase == Phase.OPEN && isRunning(stream);
}

/**
 * Answers the stream in place of the upstream; the host does so when the callback has returned, and
 * ignores what it returned. `headerPairs` is a map of `PairsWriter` (length 0 for none). Whether it
 * was sent: not on a stream that is over, for unsafe or malformed bytes, or when the host refuses.
 * A caller that gets false must deny otherwise, say with fewer headers.
 */
export function sendLocalResponse(
  stream: StreamContext,
  statusCode: u32,
  details: usize,
  detailsLength: u32,
  body: usize,
  bodyLength: u32,
  headerPairs: usize,
  headerPairsLength: u32,
  grpcStatus: u32,
): bool {
  if (!canEnd(stream)) return false;
  if (statusCode < FIRST_STATUS || statusCode > LAST_STATUS) return false;
  if (!isSafeHeaderValue(details, detailsLength)) return false;
  if (!isSafeToSend(hostBytes(headerPairs, headerPairsLength))) return false;
  const status = proxy_send_local_response(
    statusCode,
    details,
    detailsLength,
    body,
    bodyLength,
    headerPairs,
    headerPairsLength,
    grpcStatus,
  );
  if (status != Status.OK) return false;
  stream.phase = Phase.ANSWERED;
  return true;
}

/** Resets the stream without an answer, when the callback has returned. Whether it will; see above. */
export function closeStream(stream: StreamContext, type: StreamType): bool {
  if (!canEnd(stream)) return false;
  if (proxy_close_stream(type) != Status.OK) return false;
  stream.phase = Phase.ANSWERED;
  return true;
}
