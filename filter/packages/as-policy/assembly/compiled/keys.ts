import { Arena, Bytes, addressOf, bytesAt, equalsText, lengthOf } from "as-bytes";
import { AttributeKind } from "../attributes/attribute";
import { trustDomainOf } from "../attributes/spiffe";
import { namespaceOf, serviceAccountOf } from "../attributes/read-peer";
import { masked } from "../patterns/address";

// What the values of attributes that are no plain text are under in the table of literals.

/** Eight bytes; −0 is 0. */
export function numberKey(number: f64, arena: Arena): Bytes {
  const key = arena.take(8);
  store<f64>(key, number == 0 ? 0 : number);
  return bytesAt(key, 8);
}

/** The length of the issuer, so that no two pairs look alike, then both. */
export function pairKey(issuer: Bytes, subject: Bytes, arena: Arena): Bytes {
  const length = 4 + lengthOf(issuer) + lengthOf(subject);
  const key = arena.take(length);
  store<u32>(key, lengthOf(issuer));
  memory.copy(key + 4, addressOf(issuer), lengthOf(issuer));
  memory.copy(key + 4 + lengthOf(issuer), addressOf(subject), lengthOf(subject));
  return bytesAt(key, length);
}

/** The bits of a network's prefix and, above them, the bytes of its addresses. */
export function networkSize(address: Bytes, bits: u32): u32 {
  return (lengthOf(address) << 8) | bits;
}

export function networkSizeFits(size: u32, address: Bytes): bool {
  return lengthOf(address) == size >> 8;
}

/** The network of this size that an address lies in: its masked bytes and the bits of the prefix. */
export function networkKey(address: Bytes, size: u32, arena: Arena): Bytes {
  const bits = size & 0xff;
  const network = masked(address, bits, arena);
  const length = lengthOf(network);
  const key = arena.take(length + 1);
  memory.copy(key, addressOf(network), length);
  store<u8>(key + length, bits);
  return bytesAt(key, length + 1);
}

/**
 * Whether Istio's expressions for namespaces and accounts could find more in a SPIFFE ID than its parts:
 * it is not `…/ns/NAMESPACE/sa/ACCOUNT`, or its trust domain or its namespace is `ns`, where another
 * `/ns/` fits too.
 */
export function unusualIdentity(spiffeId: Bytes): bool {
  const namespace = namespaceOf(spiffeId);
  return lengthOf(namespace) == 0 || equalsText(namespace, "ns") || equalsText(trustDomainOf(spiffeId), "ns");
}

/** Of a usual SPIFFE ID the namespace, or else `namespace/account`. */
export function identityKey(kind: AttributeKind, spiffeId: Bytes, arena: Arena): Bytes {
  const namespace = namespaceOf(spiffeId);
  if (kind == AttributeKind.NAMESPACE) return namespace;
  const account = serviceAccountOf(spiffeId);
  const length = lengthOf(namespace) + 1 + lengthOf(account);
  const key = arena.take(length);
  memory.copy(key, addressOf(namespace), lengthOf(namespace));
  store<u8>(key + lengthOf(namespace), SLASH);
  memory.copy(key + lengthOf(namespace) + 1, addressOf(account), lengthOf(account));
  return bytesAt(key, length);
}

const SLASH: u8 = 0x2f;
