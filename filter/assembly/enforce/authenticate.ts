import { Arena, Bytes, List, equal, equalsText } from "as-bytes";
import { JwtReason, UnverifiedToken, VerifiedToken, parseToken, verify } from "as-jwt";
import { HeaderLines, RequestAttributes } from "as-policy";
import { Document, JwtRule, TokenPlace } from "./document";
import { Facts, PeerIdentity } from "./facts";
import { FindOutcome, FoundToken, findToken } from "./find-token";
import { Reason } from "./reason";
import { Caller, CallerToken, MAX_TOKENS } from "./verdict";
import { Header } from "./well-known";

/** Largest token. */
export const MAX_TOKEN_BYTES: u32 = 8192;

/**
 * Proves who calls; ALLOWED where nothing that was presented fails. Every token must be valid, so
 * that a bad one is never hidden by a good one.
 */
export function authenticate(
  facts: Facts,
  document: Document,
  request: RequestAttributes,
  now: f64,
  caller: Caller,
  arena: Arena,
): Reason {
  if (facts.peerIdentity == PeerIdentity.FAILED) return Reason.PEER_IDENTITY_INVALID;
  if (facts.peerIdentity == PeerIdentity.VERIFIED) caller.peer = facts.peer;

  const tokens = List.create<UnverifiedToken>(arena, MAX_TOKENS);
  const places = List.create<TokenPlace>(arena, MAX_TOKENS);
  const found = collect(facts.lines, document, tokens, places, arena);
  if (found != Reason.ALLOWED) return found;
  noteStripped(places, caller);
  if (isPreflight(request, facts.lines)) return Reason.ALLOWED;

  for (let index: u32 = 0; index < tokens.length; index++) {
    const reason = verifyToken(tokens.at(index), places.at(index), now, caller, arena);
    if (reason != Reason.ALLOWED) return reason;
  }
  return requiredAreThere(document.jwtRules, caller) ? Reason.ALLOWED : Reason.TOKEN_MISSING;
}

/** Reads the token of every place, none verified yet. */
function collect(
  lines: HeaderLines,
  document: Document,
  tokens: List<UnverifiedToken>,
  places: List<TokenPlace>,
  arena: Arena,
): Reason {
  const found = changetype<FoundToken>(arena.allocate(offsetof<FoundToken>()));
  for (let index: u32 = 0; index < document.places.length; index++) {
    const place = document.places.at(index);
    findToken(place, lines, found);
    if (found.outcome == FindOutcome.MERGED) return Reason.HEADER_MERGED;
    if (found.outcome == FindOutcome.NONE) continue;
    if (!places.push(place)) return Reason.TOO_MANY_TOKENS;
    tokens.push(parseToken(found.text, MAX_TOKEN_BYTES, arena));
  }
  return Reason.ALLOWED;
}

/** The one token of a place, by the rules of that place that have its issuer: any of them may accept it. */
function verifyToken(
  token: UnverifiedToken,
  place: TokenPlace,
  now: f64,
  caller: Caller,
  arena: Arena,
): Reason {
  if (token.reason != JwtReason.NONE) return reasonOf(token.reason);
  let first = Reason.ISSUER_UNKNOWN;
  for (let index: u32 = 0; index < place.rules.length; index++) {
    const rule = place.rules.at(index);
    if (!equal(rule.expectations.issuer, token.claimedIssuer)) continue;
    token.reason = JwtReason.NONE;
    const verified = verify(token, rule.algorithms, rule.keys, rule.expectations, now, arena);
    if (verified !== null) {
      addToken(caller, rule, verified, arena);
      return Reason.ALLOWED;
    }
    if (first == Reason.ISSUER_UNKNOWN) first = reasonOf(token.reason);
  }
  return first;
}

/** Keeps the caller's tokens in the order of their rules: the first is the one that unqualified claims mean. */
function addToken(caller: Caller, rule: JwtRule, token: VerifiedToken, arena: Arena): void {
  const entry = changetype<CallerToken>(arena.allocate(offsetof<CallerToken>()));
  entry.rule = rule;
  entry.token = token;
  caller.tokens.push(entry);
  let place = caller.tokens.length - 1;
  while (place > 0 && caller.tokens.at(place - 1).rule.index > rule.index) {
    caller.tokens.put(place, caller.tokens.at(place - 1));
    place -= 1;
  }
  caller.tokens.put(place, entry);
}

/** A token of ours is taken off the forwarded request unless every rule of its place forwards it. */
function noteStripped(places: List<TokenPlace>, caller: Caller): void {
  for (let index: u32 = 0; index < places.length; index++) {
    const place = places.at(index);
    let forwards = true;
    for (let rule: u32 = 0; rule < place.rules.length; rule++) {
      if (!place.rules.at(rule).forwardOriginalToken) forwards = false;
    }
    if (!forwards) caller.strip.push(place.header);
  }
}

/** A true CORS preflight (Fetch §3.2.2): browsers send it without credentials. */
function isPreflight(request: RequestAttributes, lines: HeaderLines): bool {
  return (
    equalsText(request.method, "OPTIONS") &&
    lines.first(Header.ORIGIN) !== null &&
    lines.first(Header.ACCESS_CONTROL_REQUEST_METHOD) !== null
  );
}

/** Every rule with `presence: REQUIRED` has a token of its issuer. */
function requiredAreThere(rules: List<JwtRule>, caller: Caller): bool {
  for (let index: u32 = 0; index < rules.length; index++) {
    const rule = rules.at(index);
    if (rule.required && !hasIssuer(caller, rule.expectations.issuer)) return false;
  }
  return true;
}

function hasIssuer(caller: Caller, issuer: Bytes): bool {
  for (let index: u32 = 0; index < caller.tokens.length; index++) {
    if (equal(caller.tokens.at(index).token.issuer, issuer)) return true;
  }
  return false;
}

function reasonOf(reason: JwtReason): Reason {
  switch (reason) {
    case JwtReason.TOO_LARGE:
      return Reason.TOKEN_TOO_LARGE;
    case JwtReason.ALGORITHM_REFUSED:
      return Reason.ALGORITHM_REFUSED;
    case JwtReason.KEY_UNKNOWN:
      return Reason.KEY_UNKNOWN;
    case JwtReason.SIGNATURE_INVALID:
      return Reason.SIGNATURE_INVALID;
    case JwtReason.ISSUER_MISMATCH:
      return Reason.ISSUER_UNKNOWN;
    case JwtReason.EXPIRED:
      return Reason.TOKEN_EXPIRED;
    case JwtReason.NOT_YET_VALID:
      return Reason.TOKEN_NOT_YET_VALID;
    case JwtReason.TOO_OLD:
      return Reason.TOKEN_TOO_OLD;
    case JwtReason.EXPIRY_MISSING:
      return Reason.EXPIRY_MISSING;
    case JwtReason.AUDIENCE_MISMATCH:
      return Reason.AUDIENCE_MISMATCH;
    case JwtReason.TYPE_MISMATCH:
      return Reason.TYPE_MISMATCH;
    default:
      return Reason.TOKEN_MALFORMED;
  }
}
