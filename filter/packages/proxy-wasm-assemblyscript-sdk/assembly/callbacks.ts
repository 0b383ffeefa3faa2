/**
 * What the host calls. A filter re-exports the callbacks that it needs from its entry file; see the
 * README for those that every filter needs.
 */
import { getBufferBytes } from "./buffers";
import {
  createRoot,
  createStream,
  findRoot,
  findStream,
  hasRoot,
  Phase,
  removeContext,
  StreamContext,
} from "./contexts";
import { Action, BufferType, GRPC_STATUS_FROM_HTTP } from "./enums";
import * as handlers from "./handlers";
import { sendLocalResponse } from "./reply";
import { enter, leave } from "./running";

/** The marker of the ABI version; hosts look for the export and never call it. */
export function proxy_abi_version_0_2_1(): void {}

/** `parentId` 0: a new configuration; else a stream of that root. */
export function proxy_on_context_create(id: u32, parentId: u32): void {
  if (parentId == 0) createRoot(id);
  else createStream(id, parentId);
}

/** Each root starts so, before `proxy_on_configure`. */
export function proxy_on_vm_start(rootId: u32, _vmConfigurationSize: u32): bool {
  return findRoot(rootId) !== null;
}

export function proxy_on_configure(rootId: u32, configurationSize: u32): bool {
  const root = findRoot(rootId);
  const handler = handlers.configure;
  if (root === null || handler === null) return false;
  enter(null);
  const accepted = handler(root, getBufferBytes(BufferType.PLUGIN_CONFIGURATION, 0, configurationSize));
  leave();
  return accepted;
}

export function proxy_on_tick(rootId: u32): void {
  const root = findRoot(rootId);
  const handler = handlers.tick;
  if (root === null || handler === null) return;
  enter(null);
  handler(root);
  leave();
}

/** A stream that the host never announced gets the same 503 as one without a handler. */
export function proxy_on_request_headers(id: u32, count: u32, endOfStream: bool): Action {
  const known = findStream(id);
  const stream = known === null ? createStream(id, 0) : known;
  return onHeaders(stream, count, endOfStream, handlers.requestHeaders);
}

/** A stream that is unknown here may be over already: answering it would crash the host. It is held. */
export function proxy_on_response_headers(id: u32, count: u32, endOfStream: bool): Action {
  return onHeaders(findStream(id), count, endOfStream, handlers.responseHeaders);
}

function onHeaders(
  stream: StreamContext | null,
  count: u32,
  endOfStream: bool,
  handler: handlers.HeadersHandler | null,
): Action {
  if (stream === null) return Action.PAUSE;
  enter(stream);
  let action = Action.PAUSE;
  if (handler !== null && hasRoot(stream)) action = handler(stream, count, endOfStream);
  else if (stream.phase == Phase.OPEN) action = refuse(stream);
  leave();
  return action;
}

/** "proxy_wasm_no_handler" */
const NO_HANDLER: usize = memory.data<u8>([
  0x70, 0x72, 0x6f, 0x78, 0x79, 0x5f, 0x77, 0x61, 0x73, 0x6d, 0x5f, 0x6e, 0x6f, 0x5f, 0x68, 0x61, 0x6e, 0x64,
  0x6c, 0x65, 0x72,
]);
const NO_HANDLER_LENGTH: u32 = 21;
const SERVICE_UNAVAILABLE: u32 = 503;

function refuse(stream: StreamContext): Action {
  sendLocalResponse(
    stream,
    SERVICE_UNAVAILABLE,
    NO_HANDLER,
    NO_HANDLER_LENGTH,
    0,
    0,
    0,
    0,
    GRPC_STATUS_FROM_HTTP,
  );
  return Action.PAUSE;
}

export function proxy_on_log(id: u32): void {
  endStream(id, handlers.streamLog);
}

/** True: the context can be deleted right away. Hosts wait for no stream. */
export function proxy_on_done(id: u32): bool {
  const root = findRoot(id);
  const handler = handlers.rootDone;
  if (root !== null) {
    if (handler === null) return true;
    enter(null);
    handler(root);
    leave();
    return true;
  }
  endStream(id, handlers.streamDone);
  return true;
}

/** Every filter exports this one: without it, contexts pile up. */
export function proxy_on_delete(id: u32): void {
  const root = findRoot(id);
  const handler = handlers.rootDelete;
  if (root === null) {
    endStream(id, handlers.streamDelete);
  } else if (handler !== null) {
    enter(null);
    handler(root);
    leave();
  }
  removeContext(id);
}

/** Runs a callback that must not end the stream any more. */
function endStream(id: u32, handler: handlers.StreamHandler | null): void {
  const stream = findStream(id);
  if (stream === null) return;
  stream.phase = Phase.ENDED;
  if (handler === null || !hasRoot(stream)) return;
  enter(stream);
  handler(stream);
  leave();
}
