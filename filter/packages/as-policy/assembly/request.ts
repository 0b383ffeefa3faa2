import { Bytes, JsonValue, List } from "as-bytes";
import { HeaderLines } from "./header-table";

/** `destinationPort` where it is not known. */
export const NO_PORT: i32 = -1;

/** What rules can ask about, of one request. A missing attribute is ABSENT, null or NO_PORT. */
@unmanaged
export class RequestAttributes {
  method: Bytes;
  /** Without query and fragment. */
  path: Bytes;
  /** `:authority` as it came, port included. */
  host: Bytes;
  headers: HeaderLines;
  destinationPort: i32;
  serverName: Bytes;
  /** The caller's SPIFFE ID from mutual TLS. */
  peer: Bytes;
  /** The claims that unqualified `request.auth` reads, only ever of a verified token. */
  claims: JsonValue | null;
  issuer: Bytes;
  subject: Bytes;
  /** Claims of the top level whose text is a list with spaces between, `scope` and `permission` aside. */
  spaceDelimitedClaims: List<Bytes> | null;
}
