import { Arena, Bytes, List } from "as-bytes";
import { AlgorithmSet, Expectations, KeySet } from "as-jwt";
import { HeaderTable, PolicyTables } from "as-policy";

/** Most memory of a document, its text aside: two of them, the old and the new, stay below what a VM may hold. */
export const MAX_DOCUMENT_MEMORY: u32 = 33554432;

export enum IdentitySource {
  TLS,
  NONE,
}

/** One issuer of tokens and what its tokens must be (Istio's JWTRule). */
@unmanaged
export class JwtRule {
  name: Bytes;
  /** Its place in the document. */
  index: u32;
  algorithms: AlgorithmSet;
  /** Inline, or from the environment once `keysVariable` has been read; null until then. */
  keys: KeySet | null;
  /** The variable of the VM's environment that holds the keys; ABSENT where they are inline. */
  keysVariable: Bytes;
  expectations: Expectations;
  forwardOriginalToken: bool;
  required: bool;
  spaceDelimitedClaims: List<Bytes>;
  /** The header that gets the payload of its tokens, or NO_OUTPUT. */
  payloadHeader: u32;
  claimOutputs: List<ClaimOutput>;
}

/** In place of a header's number. */
export const NO_OUTPUT: u32 = u32.MAX_VALUE;

/** A claim of verified tokens that the service reads in a header. */
@unmanaged
export class ClaimOutput {
  header: u32;
  /** Names from the top of the claims down. */
  claim: List<Bytes>;
}

export enum PlaceKind {
  HEADER,
  /** A parameter of the query. */
  PARAMETER,
  COOKIE,
}

/** One place where tokens may stand, and the rules that read it. */
@unmanaged
export class TokenPlace {
  kind: PlaceKind;
  /** The header that holds it: `:path` for a parameter, `cookie` for a cookie. */
  header: u32;
  /** Of a parameter or a cookie, compared byte for byte. */
  name: Bytes;
  /** Of a header's value, compared without regard to case; may be empty. */
  prefix: Bytes;
  rules: List<JwtRule>;
}

/** What the document allows of tokens. */
@unmanaged
export class Limits {
  /** Tokens that the cache of verified ones holds; 0: there is no cache. */
  tokenCache: u32;
  /** Longest token. */
  tokenBytes: u32;
}

/** A policy document, compiled: everything that a decision reads besides the request and the clock. */
@unmanaged
export class Document {
  revision: Bytes;
  /** Address of the 32 bytes of its SHA-256. */
  hash: usize;
  /** ABSENT: no mark is set. */
  seal: Bytes;
  observe: bool;
  identitySource: IdentitySource;
  /** Ours first, then its aliases. */
  trustDomains: List<Bytes>;
  /** The proxy keeps the address of the connection's peer in filter state `lictor.peer_ip`. */
  readsPeerAddress: bool;
  headers: HeaderTable;
  jwtRules: List<JwtRule>;
  places: List<TokenPlace>;
  /** Headers that rules write. */
  outputCount: u32;
  limits: Limits;
  policies: PolicyTables;
  allowByDefault: bool;
  keepAmbiguousPaths: bool;
  keepOverrides: bool;

  /** Whether the caller's certificate decides anything. */
  get readsPeer(): bool {
    return (
      this.identitySource == IdentitySource.TLS && (this.policies.readsPeer || this.trustDomains.length != 0)
    );
  }

  static create(arena: Arena): Document {
    return changetype<Document>(arena.allocate(offsetof<Document>()));
  }
}
