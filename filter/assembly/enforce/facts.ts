import { Bytes } from "as-bytes";
import { HeaderLines } from "as-policy";

/** What the transport says of the peer's identity. */
export enum PeerIdentity {
  /** No TLS, no certificate, or no URI SAN in it; also: nobody asked. */
  ABSENT,
  /** There is one and it cannot be believed. */
  FAILED,
  VERIFIED,
}

/** One request as the proxy shows it: bytes, not yet believed. */
@unmanaged
export class Facts {
  /** The lines of every header that the document reads. */
  lines: HeaderLines;
  peerIdentity: PeerIdentity;
  /** The SPIFFE ID where `peerIdentity` is VERIFIED. */
  peer: Bytes;
  /** `NO_PORT` where the document does not ask or the proxy does not know. */
  destinationPort: i32;
  /** TLS server name; ABSENT where the document does not ask or there is none. */
  serverName: Bytes;
  /** Raw addresses of 4 or 16 bytes: of this connection's peer, of the client behind trusted proxies, of this side. */
  peerAddress: Bytes;
  remoteAddress: Bytes;
  destinationAddress: Bytes;
}
