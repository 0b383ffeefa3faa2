/** What a client gets for a local response. */
import { toText } from "./bytes.ts";
import type { GivenReply } from "./context.ts";
import { HeaderMap } from "./headers.ts";

/** A response that the filter or the proxy gave in place of the upstream. */
export interface Reply {
  status: number;
  /** `%RESPONSE_CODE_DETAILS%` */
  details: string;
  /** As the client sees them, `:status` apart, and without what the proxy adds on its own. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** Set for gRPC requests only. */
  grpcStatus: number | undefined;
}

/** gRPC status by HTTP status: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
const GRPC_STATUS = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);
const GRPC_UNKNOWN = 2;
const LAST_GRPC_STATUS = 16;

export function isGrpc(request: HeaderMap): boolean {
  return /^application\/grpc($|\+)/.test(toText(request.get("content-type") ?? Buffer.alloc(0)));
}

/** Response code details as Envoy keeps them: one word. */
export function detailsText(details: Buffer): string {
  return toText(details).replace(/[ \t\n\v\f\r]/g, "_");
}

/** The response headers as they enter the filters. */
export function replyHeaders(given: GivenReply, grpc: boolean): HeaderMap {
  const headers = new HeaderMap([[":status", grpc ? "200" : String(given.status)]]);
  for (const { name, value } of given.headers) {
    const lower = toText(name).toLowerCase();
    if (lower !== ":status") headers.add(lower, value);
  }
  if (grpc) {
    headers.replace("content-type", Buffer.from("application/grpc"));
    headers.replace("grpc-status", Buffer.from(String(grpcStatusOf(given))));
    if (given.body.length > 0) headers.replace("grpc-message", Buffer.from(percentEncode(given.body)));
    return headers;
  }
  if (given.body.length > 0) {
    headers.replace("content-length", Buffer.from(String(given.body.length)));
    if (headers.get("content-type") === undefined) headers.add("content-type", Buffer.from("text/plain"));
  } else {
    headers.remove("content-type");
  }
  return headers;
}

function grpcStatusOf({ status, grpcStatus }: GivenReply): number {
  if (grpcStatus >= 0 && grpcStatus <= LAST_GRPC_STATUS) return grpcStatus;
  return GRPC_STATUS.get(status) ?? GRPC_UNKNOWN;
}

/** `grpc-message`: bytes outside of printable ASCII, and `%`. */
function percentEncode(bytes: Buffer): string {
  return [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}

/** What a client gets whose stream meets a VM that is down. */
export const FAILED_STREAM: GivenReply = {
  status: 503,
  details: Buffer.from("wasm_fail_stream"),
  body: Buffer.alloc(0),
  headers: [],
  grpcStatus: 14,
};
