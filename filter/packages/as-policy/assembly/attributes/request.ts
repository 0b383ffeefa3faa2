import { Bytes, JsonValue, List } from "as-bytes";
import { HeaderLines } from "./header-lines";

/** `destinationPort` where it is not known. */
export const NO_PORT: i32 = -1;

export const MAX_PORT: u32 = 65535;

/** What rules can ask about a verified token. */
@unmanaged
export class TokenAttributes {
  claims: JsonValue;
  /** ABSENT where the token has none, or none that is a string. */
  issuer: Bytes;
  subject: Bytes;
  /** Claims of the top level whose text is a list with spaces between, `scope` and `permission` aside. */
  spaceDelimitedClaims: List<Bytes> | null;
}

/** What rules can ask about, of one request. A missing attribute is ABSENT, null or NO_PORT. */
@unmanaged
export class RequestAttributes {
  method: Bytes;
  /** Without query and fragment. */
  path: Bytes;
  /** Behind the first `?`, as it stands; ABSENT where there is none. */
  query: Bytes;
  /** `:authority` as it came, port included. */
  host: Bytes;
  headers: HeaderLines;
  destinationPort: i32;
  serverName: Bytes;
  /** Raw addresses, 4 or 16 bytes: of the connection's peer, of the client behind proxies, and of this side. */
  sourceAddress: Bytes;
  remoteAddress: Bytes;
  destinationAddress: Bytes;
  /** The caller's SPIFFE ID from mutual TLS. */
  peer: Bytes;
  /** The token that unqualified `request.auth` reads. */
  token: TokenAttributes | null;
  /** By index of the JWT rule that accepted it; null where the document names no token's rule. */
  tokens: List<TokenAttributes | null> | null;
  /** Seconds since the epoch. */
  now: f64;

  tokenOf(rule: i32): TokenAttributes | null {
    if (rule < 0) return this.token;
    const tokens = this.tokens;
    return tokens === null || <u32>rule >= tokens.length ? null : tokens.at(rule);
  }
}
