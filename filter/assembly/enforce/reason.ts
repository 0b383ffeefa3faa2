import { Writer } from "as-bytes";

/**
 * Why a request was decided as it was. Names are stable: they stand in records, metrics and response
 * code details, `allowed` in metrics only; NOT_READY is the zero value, so that a decision that nobody took
 * denies. Reasons of one HTTP status stand together: `httpStatus` reads it from their order.
 */
export enum Reason {
  NOT_READY,
  ALLOWED,
  PATH_AMBIGUOUS,
  OVERRIDE_HEADER,
  REQUEST_MALFORMED,
  HEADER_MERGED,
  TOKEN_MISSING,
  TOKEN_MALFORMED,
  TOKEN_TOO_LARGE,
  TOO_MANY_TOKENS,
  ALGORITHM_REFUSED,
  ISSUER_UNKNOWN,
  KEY_UNKNOWN,
  SIGNATURE_INVALID,
  TOKEN_EXPIRED,
  TOKEN_NOT_YET_VALID,
  TOKEN_TOO_OLD,
  EXPIRY_MISSING,
  AUDIENCE_MISMATCH,
  TYPE_MISMATCH,
  PEER_IDENTITY_INVALID,
  POLICY_DENIED,
  SCOPE_INSUFFICIENT,
  NO_POLICY_ALLOWED,
}

export const REASON_COUNT: u32 = 24;

/** The last reasons of their status in the order above. */
const LAST_OF_400 = Reason.REQUEST_MALFORMED;
const LAST_OF_401 = Reason.TYPE_MISMATCH;

const NAMES =
  "not_ready allowed path_ambiguous override_header request_malformed header_merged token_missing token_malformed token_too_large too_many_tokens algorithm_refused issuer_unknown key_unknown signature_invalid token_expired token_not_yet_valid token_too_old expiry_missing audience_mismatch type_mismatch peer_identity_invalid policy_denied scope_insufficient no_policy_allowed";

export function writeReason(reason: Reason, writer: Writer): void {
  writer.word(NAMES, reason);
}

/** The HTTP status of a denial. */
export function httpStatus(reason: Reason): u32 {
  if (reason == Reason.NOT_READY) return 503;
  if (reason <= LAST_OF_400) return 400;
  if (reason <= LAST_OF_401) return 401;
  return 403;
}

/** The gRPC status of a denial: UNAVAILABLE, INVALID_ARGUMENT, UNAUTHENTICATED or PERMISSION_DENIED. */
export function grpcStatus(reason: Reason): u32 {
  switch (httpStatus(reason)) {
    case 503:
      return 14;
    case 400:
      return 3;
    case 401:
      return 16;
    default:
      return 7;
  }
}
