import { Bytes, JsonKind, JsonValue, List } from "as-bytes";
import { Reader, RefusalCode, isTrustDomain } from "as-policy";
import { Document } from "./document";

/** Ours and its aliases. */
const MAX_TRUST_DOMAINS: u32 = 16;

const IDENTITY_MEMBERS = "source trustDomains xfccFrom peerAddress";
const SOURCES = "TLS NONE ISTIO XFCC";
const FIRST_UNSUPPORTED_SOURCE: u32 = 2;
/** The empty word is the first. */
const PEER_ADDRESSES = " FILTER_STATE";

/** The member `identity` of a document: where callers' identities come from, and whose count. */
export function readIdentity(root: JsonValue, document: Document, reader: Reader): void {
  document.trustDomains = List.create<Bytes>(reader.arena, MAX_TRUST_DOMAINS);
  const identity = root.memberNamed("identity");
  if (identity === null || !reader.object(identity, IDENTITY_MEMBERS)) return;
  const source = reader.choice(identity, "source", SOURCES, "TLS, ISTIO, XFCC or NONE");
  if (source >= FIRST_UNSUPPORTED_SOURCE) {
    reader.refuse(RefusalCode.NOT_SUPPORTED, identity.memberNamed("source"), "TLS or NONE");
  }
  document.identitySource = source;
  reader.onlyDefault(identity, "xfccFrom", JsonKind.ARRAY);
  document.readsPeerAddress = reader.choice(identity, "peerAddress", PEER_ADDRESSES, "FILTER_STATE") == 1;
  const domains = reader.array(identity, "trustDomains");
  if (domains === null || domains.count() == 0) return;
  if (domains.count() > MAX_TRUST_DOMAINS) {
    reader.refuse(RefusalCode.TOO_MANY, domains, "at most 16 trust domains");
    return;
  }
  let domain = domains.first();
  for (let left = domains.count(); left > 0; left--) {
    const text = reader.textOf(domain);
    if (!isTrustDomain(text))
      reader.refuse(RefusalCode.BAD_VALUE, domain, "1 to 255 lower-case letters, digits and .-_");
    document.trustDomains.push(text);
    domain = domain.next();
  }
}
