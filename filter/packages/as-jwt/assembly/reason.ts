/** Why a token was refused; the first failure wins. NONE only ever stands beside a verified token. */
export enum JwtReason {
  NONE,
  /** Not three base64url parts of strict JSON objects, a registered member of a wrong type, `crit` or `b64`. */
  MALFORMED,
  TOO_LARGE,
  /** `alg` is not in the table, not in the allow-list, or not the key's. */
  ALGORITHM_REFUSED,
  /** No usable key for this `kid` and algorithm. */
  KEY_UNKNOWN,
  SIGNATURE_INVALID,
  ISSUER_MISMATCH,
  EXPIRED,
  NOT_YET_VALID,
  TOO_OLD,
  EXPIRY_MISSING,
  AUDIENCE_MISMATCH,
  TYPE_MISMATCH,
}
