import { Arena, Bytes, List } from "as-bytes";
import { VerifiedToken } from "as-jwt";
import { HeaderLines, NearestRule, Policy, PolicyResponse, RequestAttributes } from "as-policy";
import { JwtRule, TokenPlace } from "./document";
import { MAX_OUTPUTS } from "./load-outputs";
import { Reason, httpStatus } from "./reason";
import { CachedToken } from "./token-cache";

export enum VerdictKind {
  DENY,
  ALLOW,
}

/** The outcome of one request; the zero value denies. */
@unmanaged
export class Verdict {
  kind: VerdictKind;
  reason: Reason;
  where: Where;

  static create(arena: Arena): Verdict {
    const verdict = changetype<Verdict>(arena.allocate(offsetof<Verdict>()));
    verdict.where = Where.create(arena);
    return verdict;
  }

  deny(reason: Reason): Verdict {
    this.kind = VerdictKind.DENY;
    this.reason = reason;
    return this;
  }

  allow(): Verdict {
    this.kind = VerdictKind.ALLOW;
    this.reason = Reason.ALLOWED;
    return this;
  }

  /** What the policy that denied says to the client, if it was one and has something to say. */
  get response(): PolicyResponse | null {
    const policy = this.where.decider.policy;
    return policy === null || this.reason != Reason.POLICY_DENIED ? null : policy.response;
  }

  /** The HTTP status of a denial. */
  get status(): u32 {
    const response = this.response;
    return response === null || response.status == 0 ? httpStatus(this.reason) : response.status;
  }

  get allows(): bool {
    return this.kind == VerdictKind.ALLOW;
  }
}

/** A token that verified, with the rule that accepted it and where it stood. */
@unmanaged
export class CallerToken {
  rule: JwtRule;
  token: VerifiedToken;
  place: TokenPlace;
  text: Bytes;
  /** Where a cache is asked: the hash of the text, and what the cache has of it. */
  hash: u64;
  cached: CachedToken | null;
  /** Another rule may accept it later, so it is not kept. */
  isPassing: bool;
  /** What conditions make of it, as lists of atoms (u32): as the first token, and by its rule's name. ABSENT: not yet known. */
  atoms: Bytes;
  namedAtoms: Bytes;
}

/** Who decided: a policy and the place of its rule, or nobody, which leaves it to the default. */
@unmanaged
export class Decider {
  policy: Policy | null;
  rule: u32;
}

/** Who calls, as far as it is proven. */
@unmanaged
export class Caller {
  /** The SPIFFE ID of the peer's certificate, or ABSENT. */
  peer: Bytes;
  /** In the order of the document's rules. */
  tokens: List<CallerToken>;
  /** Places whose token is ours and not to be forwarded. */
  strip: List<TokenPlace>;
}

/** What a dry run of the policies would have said. */
export enum Shadow {
  NONE,
  ALLOW,
  DENY,
}

/** Where the decision fell, for the record. */
@unmanaged
export class Where {
  /** Filled in as far as the steps got. */
  request: RequestAttributes;
  /** The header lines of the request; null where there was no looking at it. */
  lines: HeaderLines | null;
  /** Numbers of the headers whose lines were changed: a token of ours taken out. */
  changed: List<u32>;
  caller: Caller;
  decider: Decider;
  /** Filled in on `no_policy_allowed` and its kin only. */
  nearest: NearestRule;
  shadow: Shadow;
  /** The first AUDIT policy that matched. */
  audit: Decider;

  static create(arena: Arena): Where {
    const where = changetype<Where>(arena.allocate(offsetof<Where>()));
    where.request = changetype<RequestAttributes>(arena.allocate(offsetof<RequestAttributes>()));
    where.caller = changetype<Caller>(arena.allocate(offsetof<Caller>()));
    where.caller.tokens = List.create<CallerToken>(arena, MAX_TOKENS);
    where.caller.strip = List.create<TokenPlace>(arena, MAX_TOKENS);
    where.changed = List.create<u32>(arena, MAX_TOKENS + MAX_OUTPUTS);
    where.decider = changetype<Decider>(arena.allocate(offsetof<Decider>()));
    where.audit = changetype<Decider>(arena.allocate(offsetof<Decider>()));
    where.nearest = changetype<NearestRule>(arena.allocate(offsetof<NearestRule>()));
    return where;
  }
}

/** Most tokens of one request. */
export const MAX_TOKENS: u32 = 4;
