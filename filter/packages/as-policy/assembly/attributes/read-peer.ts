import { ABSENT, Arena, Bytes, addressOf, isPresent, lengthOf, part } from "as-bytes";
import { AttributeKind } from "./attribute";
import { SPIFFE_SCHEME_BYTES, trustDomainOf } from "./spiffe";
import { AttributeValue, Form, Scalar, ScalarType } from "./value";

const SLASH: u32 = 0x2f;

/** `values` look at the whole SPIFFE ID, typed operators at it without `spiffe://`, as Istio writes principals. */
export function readPeer(peer: Bytes, arena: Arena): AttributeValue {
  if (!isPresent(peer)) return AttributeValue.absent(arena);
  return peerValue(peer, part(peer, SPIFFE_SCHEME_BYTES, lengthOf(peer)), arena);
}

/**
 * Istio's `values` on parts of the identity are patterns over the whole SPIFFE ID; typed operators look
 * at the part itself, which only an ID of the form `…/ns/NAMESPACE/sa/ACCOUNT` has.
 */
export function readPeerPart(kind: AttributeKind, peer: Bytes, arena: Arena): AttributeValue {
  if (!isPresent(peer)) return AttributeValue.absent(arena);
  if (kind == AttributeKind.TRUST_DOMAIN) return peerValue(peer, trustDomainOf(peer), arena);
  return peerValue(peer, kind == AttributeKind.NAMESPACE ? namespaceOf(peer) : serviceAccountOf(peer), arena);
}

/** ABSENT where the ID is not of Istio's form. */
export function namespaceOf(spiffeId: Bytes): Bytes {
  return segmentBehind(pathOf(spiffeId), true);
}

/** ABSENT where the ID is not of Istio's form. */
export function serviceAccountOf(spiffeId: Bytes): Bytes {
  return segmentBehind(pathOf(spiffeId), false);
}

function pathOf(spiffeId: Bytes): Bytes {
  return part(spiffeId, SPIFFE_SCHEME_BYTES + lengthOf(trustDomainOf(spiffeId)), lengthOf(spiffeId));
}

function peerValue(peer: Bytes, whole: Bytes, arena: Arena): AttributeValue {
  const value = AttributeValue.create(isPresent(whole) ? Form.SCALAR : Form.OTHER, 1, arena);
  value.texts.push(peer);
  if (!isPresent(whole)) return value;
  const scalar = Scalar.create(ScalarType.TEXT, whole, 0, arena);
  value.whole = scalar;
  value.elements.push(scalar);
  return value;
}

/** The namespace or else the account of `/ns/NAMESPACE/sa/ACCOUNT`; ABSENT for any other path. */
function segmentBehind(path: Bytes, namespace: bool): Bytes {
  const address = addressOf(path);
  const length = lengthOf(path);
  if (length < 10 || load<u32>(address) != 0x2f736e2f) return ABSENT; // "/ns/"
  let at: u32 = 4;
  while (at < length && load<u8>(address + at) != SLASH) at += 1;
  if (at + 4 >= length || load<u32>(address + at) != 0x2f61732f) return ABSENT; // "/sa/"
  for (let index = at + 4; index < length; index++) {
    if (load<u8>(address + index) == SLASH) return ABSENT;
  }
  return namespace ? part(path, 4, at) : part(path, at + 4, length);
}
