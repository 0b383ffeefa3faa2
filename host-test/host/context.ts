/** What host calls act on: a root, which is one configuration, or a stream, which is one request. */
import type { HeaderMap } from "./headers.ts";
import type { Pair } from "./pairs.ts";
import { CallFailed, Status } from "./status.ts";

/** A reply as the guest gave it. */
export interface GivenReply {
  status: number;
  details: Buffer;
  body: Buffer;
  headers: Pair[];
  grpcStatus: number;
}

export interface Context {
  readonly id: number;
  /** The map, or undefined where it is out of reach; `change` asks for one that can be changed. */
  map(type: number, change: boolean): HeaderMap | undefined;
  /** Throws `CallFailed` for what there is not. */
  property(path: string[]): Buffer;
  setProperty(path: string, value: Buffer): void;
  headersChanged(type: number): void;
  sendLocalResponse(reply: GivenReply): void;
  closeStream(): void;
  /** The plugin configuration; undefined outside of `proxy_on_configure`. */
  configuration(): Buffer | undefined;
  setTickPeriod(milliseconds: number): void;
}

/** The highest map type; those of trailers and callouts are empty here. */
const LAST_MAP = 7;

/** The map for reading, or a failure that Envoy would answer with. */
export function mapOf(context: Context | undefined, type: number, change: boolean): HeaderMap | undefined {
  if (type < 0 || type > LAST_MAP) throw new CallFailed(Status.BAD_ARGUMENT);
  return context?.map(type, change);
}
