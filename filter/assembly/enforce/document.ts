import { Arena, Bytes, JsonValue, List } from "as-bytes";
import { AlgorithmSet, Expectations, KeySet } from "as-jwt";
import { HeaderTable, PolicySet, Refusal } from "as-policy";

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
  keys: KeySet;
  expectations: Expectations;
  forwardOriginalToken: bool;
  required: bool;
  spaceDelimitedClaims: List<Bytes>;
}

/** One header and prefix under which tokens may stand, and the rules that read it. */
@unmanaged
export class TokenPlace {
  header: u32;
  /** Compared without regard to case; may be empty. */
  prefix: Bytes;
  rules: List<JwtRule>;
}

/** A policy document, compiled: everything that a decision reads besides the request and the clock. */
@unmanaged
export class Document {
  /** What is wrong with it; code NONE where it loads, and only then may the rest be used. */
  refusal: Refusal;
  /** The tape that the refusal points into; null where the text was not JSON. */
  root: JsonValue | null;

  revision: Bytes;
  /** Address of the 32 bytes of its SHA-256. */
  hash: usize;
  /** ABSENT: no mark is set. */
  seal: Bytes;
  observe: bool;
  identitySource: IdentitySource;
  trustDomains: List<Bytes>;
  headers: HeaderTable;
  jwtRules: List<JwtRule>;
  places: List<TokenPlace>;
  policies: PolicySet;
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
