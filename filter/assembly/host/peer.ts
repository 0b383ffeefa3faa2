import {
  HostBytes,
  ascii,
  getProperty,
  hostAddress,
  hostLength,
  isAbsent,
  isValue,
} from "proxy-wasm-assemblyscript-sdk";
import { Document, Facts, PeerIdentity, isTrustedPeer } from "../enforce";

const MUTUAL_TLS = ascii("connection\0mtls");
const CERTIFICATE_VALID = ascii("connection\0peer_certificate_valid");
const URI_SAN = ascii("connection\0uri_san_peer_certificate");

/**
 * The peer's identity from mutual TLS. A certificate alone is not enough: Envoy shows the names in
 * one that it did not validate too. What is there and cannot be believed is FAILED, never absent.
 */
export function collectPeer(document: Document, facts: Facts): void {
  facts.peerIdentity = PeerIdentity.ABSENT;
  const mutual = property(MUTUAL_TLS);
  if (isAbsent(mutual) || isFalse(mutual)) return;
  facts.peerIdentity = PeerIdentity.FAILED;
  if (!isTrue(mutual)) return;
  // Not found before Envoy 1.39: there the listener alone can keep out a certificate that is not valid.
  const valid = property(CERTIFICATE_VALID);
  if (!isAbsent(valid) && !isTrue(valid)) return;
  const name = property(URI_SAN);
  if (isAbsent(name) || (isValue(name) && hostLength(name) == 0)) {
    facts.peerIdentity = PeerIdentity.ABSENT;
    return;
  }
  if (!isValue(name) || !isTrustedPeer(document, name)) return;
  facts.peerIdentity = PeerIdentity.VERIFIED;
  facts.peer = name;
}

function property(path: HostBytes): HostBytes {
  return getProperty(hostAddress(path), hostLength(path));
}

function isTrue(value: HostBytes): bool {
  return isValue(value) && hostLength(value) == 1 && load<u8>(hostAddress(value)) == 1;
}

function isFalse(value: HostBytes): bool {
  return isValue(value) && hostLength(value) == 1 && load<u8>(hostAddress(value)) == 0;
}
