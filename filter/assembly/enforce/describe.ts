import { Arena } from "as-bytes";
import { Facts } from "./facts";
import { stripTokens } from "./strip-tokens";
import { Where } from "./verdict";

/** Lets rules see the request and its proven caller, as the service will see them: tokens of ours taken out. */
export function describe(where: Where, facts: Facts, arena: Arena): void {
  const request = where.request;
  const caller = where.caller;
  stripTokens(caller.strip, facts.lines, where.changed, arena);
  request.headers = facts.lines;
  request.destinationPort = facts.destinationPort;
  request.serverName = facts.serverName;
  request.peer = caller.peer;
  if (caller.tokens.length == 0) return;
  const first = caller.tokens.at(0);
  request.claims = first.token.claims;
  request.issuer = first.token.issuer;
  request.subject = first.token.subject;
  request.spaceDelimitedClaims = first.rule.spaceDelimitedClaims;
}
