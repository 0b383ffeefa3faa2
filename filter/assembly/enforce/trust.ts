import { Bytes, equal } from "as-bytes";
import { isSpiffeId, trustDomainOf } from "as-policy";
import { Document } from "./document";

/** Whether a name is one strict SPIFFE ID of a trust domain that the document takes, any where it names none. */
export function isTrustedPeer(document: Document, name: Bytes): bool {
  if (!isSpiffeId(name)) return false;
  const domains = document.trustDomains;
  if (domains.length == 0) return true;
  const domain = trustDomainOf(name);
  for (let index: u32 = 0; index < domains.length; index++) {
    if (equal(domains.at(index), domain)) return true;
  }
  return false;
}
