import { Arena } from "as-bytes";
import {
  Action,
  Decider,
  NearestRule,
  RequestAttributes,
  decide,
  findMatch,
  findNearestRule,
} from "as-policy";
import { Document } from "./document";
import { Reason } from "./reason";
import { Shadow, Where } from "./verdict";

/** What the policies say to this caller and request; ALLOWED, or why not. */
export function authorize(
  document: Document,
  request: RequestAttributes,
  where: Where,
  arena: Arena,
): Reason {
  const policies = document.policies;
  const allowed = decide(policies, request, document.allowByDefault, false, where.decider);
  if (policies.hasDryRun) {
    const shadow = decide(policies, request, document.allowByDefault, true, scratchDecider(arena));
    where.shadow = shadow ? Shadow.ALLOW : Shadow.DENY;
  }
  if (policies.hasAudit) findMatch(policies.policies, Action.AUDIT, request, false, where.audit);
  if (allowed) return Reason.ALLOWED;
  if (where.decider.policy !== null) return Reason.POLICY_DENIED;
  return nearestReason(document, request, where, arena);
}

/** Nobody allowed: the rule that came nearest tells what the caller could bring along. */
function nearestReason(document: Document, request: RequestAttributes, where: Where, arena: Arena): Reason {
  const nearest = where.nearest;
  const trial = changetype<NearestRule>(arena.allocate(offsetof<NearestRule>()));
  findNearestRule(document.policies, request, nearest, trial);
  if (nearest.policy === null) return Reason.NO_POLICY_ALLOWED;
  const anonymous = where.caller.tokens.length == 0;
  if (anonymous && nearest.onlyIdentity) return Reason.TOKEN_MISSING;
  if (!anonymous && nearest.onlyScope) return Reason.SCOPE_INSUFFICIENT;
  return Reason.NO_POLICY_ALLOWED;
}

function scratchDecider(arena: Arena): Decider {
  return changetype<Decider>(arena.allocate(offsetof<Decider>()));
}
