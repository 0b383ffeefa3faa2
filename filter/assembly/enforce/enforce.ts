import { Arena } from "as-bytes";
import { authenticate } from "./authenticate";
import { authorize } from "./authorize";
import { Document } from "./document";
import { Facts, PeerIdentity } from "./facts";
import { checkIntegrity } from "./integrity";
import { presentRequest } from "./present-request";
import { Reason } from "./reason";
import { TokenCache } from "./token-cache";
import { Verdict } from "./verdict";
import { removeOutputs } from "./write-outputs";

/**
 * The decision about one request: is it one request and not two, who calls, and may they. The first
 * step that fails names the reason. Reads nothing but its arguments, and writes nothing but `facts.lines`,
 * which it makes what the service is to see, `cache`, which only saves work, and `arena`, which holds the
 * verdict until the request is done; `now` is in seconds since the epoch.
 */
export function enforce(
  facts: Facts,
  document: Document,
  cache: TokenCache | null,
  now: f64,
  arena: Arena,
): Verdict {
  const verdict = Verdict.create(arena);
  const request = verdict.where.request;
  verdict.where.lines = facts.lines;
  removeOutputs(document, facts.lines, verdict.where.changed);

  const caller = verdict.where.caller;
  // Proven by the transport, so that the record names the caller of a malformed request too.
  if (facts.peerIdentity == PeerIdentity.VERIFIED) caller.peer = facts.peer;

  const integrity = checkIntegrity(facts, document, request);
  if (integrity != Reason.ALLOWED) return verdict.deny(integrity);

  const authentication = authenticate(facts, document, cache, request, now, caller, arena);
  if (authentication != Reason.ALLOWED) return verdict.deny(authentication);

  presentRequest(verdict.where, document, facts, now, arena);
  const authorization = authorize(document, request, verdict.where, arena);
  if (cache !== null) cache.keepTokens(caller.tokens);
  return authorization == Reason.ALLOWED ? verdict.allow() : verdict.deny(authorization);
}
