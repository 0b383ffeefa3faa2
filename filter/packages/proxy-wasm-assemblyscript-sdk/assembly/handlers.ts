/**
 * What a filter does, as plain functions that it registers while its module starts. A callback that
 * is exported without a handler answers closed: no configuration loads, requests get 503.
 */
import { Action } from "./enums";
import { RootContext, StreamContext } from "./contexts";
import { HostBytes } from "./host-bytes";

export type ConfigurationHandler = (root: RootContext, configuration: HostBytes) => bool;
export type HeadersHandler = (stream: StreamContext, count: u32, endOfStream: bool) => Action;
export type RootHandler = (root: RootContext) => void;
export type StreamHandler = (stream: StreamContext) => void;

export let configure: ConfigurationHandler | null = null;
export let requestHeaders: HeadersHandler | null = null;
export let responseHeaders: HeadersHandler | null = null;
export let tick: RootHandler | null = null;
export let streamLog: StreamHandler | null = null;
export let streamDone: StreamHandler | null = null;
export let streamDelete: StreamHandler | null = null;
export let rootDone: RootHandler | null = null;
export let rootDelete: RootHandler | null = null;

/** A configuration arrives for a new root; false refuses it. Refuse on nothing but its bytes (README). */
export function onConfigure(handler: ConfigurationHandler): void {
  configure = handler;
}

export function onRequestHeaders(handler: HeadersHandler): void {
  requestHeaders = handler;
}

/** Runs for the filter's own local responses too. */
export function onResponseHeaders(handler: HeadersHandler): void {
  responseHeaders = handler;
}

export function onTick(handler: RootHandler): void {
  tick = handler;
}

/** The stream is over and about to be written to the access log. */
export function onLog(handler: StreamHandler): void {
  streamLog = handler;
}

export function onDone(handler: StreamHandler): void {
  streamDone = handler;
}

/** The last word on a stream: what its `data` refers to has to be freed. */
export function onDelete(handler: StreamHandler): void {
  streamDelete = handler;
}

/** The root serves no new stream any more. */
export function onRootDone(handler: RootHandler): void {
  rootDone = handler;
}

/** The last word on a root: what its `data` refers to has to be freed. */
export function onRootDelete(handler: RootHandler): void {
  rootDelete = handler;
}
