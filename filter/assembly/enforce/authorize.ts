import { Arena } from "as-bytes";
import {
  Applying,
  RequestAttributes,
  RuleClass,
  Truths,
  evaluateRequest,
  findApplying,
  findNearest,
  isAllowed,
  wouldBeAllowed,
} from "as-policy";
import { Document } from "./document";
import { evaluateTokens } from "./evaluate-tokens";
import { Reason } from "./reason";
import { Decider, Shadow, Where } from "./verdict";

/** What the policies say to this caller and request; ALLOWED, or why not. */
export function authorize(
  document: Document,
  request: RequestAttributes,
  where: Where,
  arena: Arena,
): Reason {
  const tables = document.policies;
  const truths = Truths.create(arena, tables.atomCount);
  evaluateRequest(tables, request, truths, arena);
  evaluateTokens(tables, request, where.caller.tokens, truths, arena);

  const applying = findApplying(tables, truths, arena);
  const allowed = isAllowed(applying, document.allowByDefault);
  nameDecider(where.audit, applying, RuleClass.AUDIT);
  if (tables.hasDryRun) {
    const shadow = wouldBeAllowed(applying, document.allowByDefault);
    where.shadow = shadow ? Shadow.ALLOW : Shadow.DENY;
  }
  nameDecider(where.decider, applying, applying.has(RuleClass.DENY) ? RuleClass.DENY : RuleClass.ALLOW);
  if (allowed) return Reason.ALLOWED;
  if (applying.has(RuleClass.DENY)) return Reason.POLICY_DENIED;
  return nearestReason(document, truths, where, arena);
}

function nameDecider(decider: Decider, applying: Applying, ruleClass: RuleClass): void {
  if (!applying.has(ruleClass)) return;
  decider.policy = applying.policy(ruleClass);
  decider.rule = applying.ruleIndex(ruleClass);
}

/** Nobody allowed: the rule that came nearest tells what the caller could bring along. */
function nearestReason(document: Document, truths: Truths, where: Where, arena: Arena): Reason {
  const nearest = where.nearest;
  findNearest(document.policies, truths, nearest, arena);
  if (nearest.policy === null) return Reason.NO_POLICY_ALLOWED;
  const anonymous = where.caller.tokens.length == 0;
  if (anonymous && nearest.onlyIdentity) return Reason.TOKEN_MISSING;
  if (!anonymous && nearest.onlyScope) return Reason.SCOPE_INSUFFICIENT;
  return Reason.NO_POLICY_ALLOWED;
}
