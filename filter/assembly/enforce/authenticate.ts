import { Arena, Bytes, List, equal, equalsText, lengthOf } from "as-bytes";
import { JwtReason, parseToken, verify } from "as-jwt";
import { HeaderLine, HeaderLines, RequestAttributes } from "as-policy";
import { Document, JwtRule, TokenPlace } from "./document";
import { Facts, PeerIdentity } from "./facts";
import { FindOutcome, findTokens } from "./find-tokens";
import { Reason } from "./reason";
import { CachedToken, TokenCache } from "./token-cache";
import { Caller, CallerToken, MAX_TOKENS } from "./verdict";
import { Header } from "./well-known";

/**
 * Proves who calls; ALLOWED where nothing that was presented fails. Every token must be valid, so
 * that a bad one is never hidden by a good one.
 */
export function authenticate(
  facts: Facts,
  document: Document,
  cache: TokenCache | null,
  request: RequestAttributes,
  now: f64,
  caller: Caller,
  arena: Arena,
): Reason {
  if (facts.peerIdentity == PeerIdentity.FAILED) return Reason.PEER_IDENTITY_INVALID;

  const texts = List.create<Bytes>(arena, MAX_TOKENS);
  const places = List.create<TokenPlace>(arena, MAX_TOKENS);
  const found = collect(facts.lines, document, texts, places, arena);
  if (found != Reason.ALLOWED) return found;
  chooseStripped(places, caller);
  if (isPreflight(request, facts.lines)) return Reason.ALLOWED;

  if (cache !== null) cache.beginRequest();
  for (let index: u32 = 0; index < texts.length; index++) {
    const reason = proveToken(texts.at(index), places.at(index), document, cache, now, caller, arena);
    if (reason != Reason.ALLOWED) return reason;
  }
  return requiredAreThere(document.jwtRules, caller) ? Reason.ALLOWED : Reason.TOKEN_MISSING;
}

/** The token of every place that has one, none verified yet. */
function collect(
  lines: HeaderLines,
  document: Document,
  texts: List<Bytes>,
  places: List<TokenPlace>,
  arena: Arena,
): Reason {
  const all = findTokens(document.places, lines, arena);
  for (let index: u32 = 0; index < all.length; index++) {
    const found = all.at(index);
    if (found.outcome == FindOutcome.MERGED) return Reason.HEADER_MERGED;
    if (found.outcome == FindOutcome.NONE) continue;
    if (!places.push(document.places.at(index))) return Reason.TOO_MANY_TOKENS;
    texts.push(found.text);
  }
  return Reason.ALLOWED;
}

/** A token that the cache knows by all its bytes, or one that verifies now. */
function proveToken(
  text: Bytes,
  place: TokenPlace,
  document: Document,
  cache: TokenCache | null,
  now: f64,
  caller: Caller,
  arena: Arena,
): Reason {
  if (lengthOf(text) > document.limits.tokenBytes) return Reason.TOKEN_TOO_LARGE;
  const entry = changetype<CallerToken>(arena.allocate(offsetof<CallerToken>()));
  entry.place = place;
  entry.text = text;
  if (cache !== null) {
    entry.hash = cache.hashOf(text);
    const known = cache.find(place, text, entry.hash, now);
    if (known !== null) {
      recall(entry, known);
      addToken(caller, entry);
      return Reason.ALLOWED;
    }
  }
  const reason = verifyToken(entry, document, now, arena);
  if (reason == Reason.ALLOWED) addToken(caller, entry);
  return reason;
}

function recall(entry: CallerToken, known: CachedToken): void {
  entry.rule = known.rule;
  entry.token = known.token;
  entry.atoms = known.atoms;
  entry.namedAtoms = known.namedAtoms;
  entry.cached = known;
}

/** By the rules of its place that have its issuer: any of them may accept it. */
function verifyToken(entry: CallerToken, document: Document, now: f64, arena: Arena): Reason {
  const place = entry.place;
  const token = parseToken(entry.text, document.limits.tokenBytes, arena);
  if (token.reason != JwtReason.NONE) return reasonOf(token.reason);
  let first = Reason.ISSUER_UNKNOWN;
  for (let index: u32 = 0; index < place.rules.length; index++) {
    const rule = place.rules.at(index);
    const keys = rule.keys;
    if (keys === null || !equal(rule.expectations.issuer, token.claimedIssuer)) continue;
    token.reason = JwtReason.NONE;
    const verified = verify(token, rule.algorithms, keys, rule.expectations, now, arena);
    if (verified !== null) {
      entry.rule = rule;
      entry.token = verified;
      return Reason.ALLOWED;
    }
    // What is not valid yet may be later, and then this rule counts: the answer must not be kept.
    if (token.reason == JwtReason.NOT_YET_VALID) entry.isPassing = true;
    if (first == Reason.ISSUER_UNKNOWN) first = reasonOf(token.reason);
  }
  return first;
}

/** Keeps the caller's tokens in the order of their rules: the first is the one that unqualified claims mean. */
function addToken(caller: Caller, entry: CallerToken): void {
  caller.tokens.push(entry);
  let place = caller.tokens.length - 1;
  while (place > 0 && caller.tokens.at(place - 1).rule.index > entry.rule.index) {
    caller.tokens.put(place, caller.tokens.at(place - 1));
    place -= 1;
  }
  caller.tokens.put(place, entry);
}

/** A token of ours is taken off the forwarded request unless every rule of its place forwards it. */
function chooseStripped(places: List<TokenPlace>, caller: Caller): void {
  for (let index: u32 = 0; index < places.length; index++) {
    const place = places.at(index);
    let forwards = true;
    for (let rule: u32 = 0; rule < place.rules.length; rule++) {
      if (!place.rules.at(rule).forwardOriginalToken) forwards = false;
    }
    if (!forwards) caller.strip.push(place);
  }
}

/** A true CORS preflight (Fetch §3.2.2), whose headers say something: browsers send it without credentials. */
function isPreflight(request: RequestAttributes, lines: HeaderLines): bool {
  return (
    equalsText(request.method, "OPTIONS") &&
    saysSomething(lines.first(Header.ORIGIN)) &&
    saysSomething(lines.first(Header.ACCESS_CONTROL_REQUEST_METHOD))
  );
}

function saysSomething(line: HeaderLine | null): bool {
  return line !== null && lengthOf(line.value) != 0;
}

/** Every rule with `presence: REQUIRED` has a token that it accepted itself. */
function requiredAreThere(rules: List<JwtRule>, caller: Caller): bool {
  for (let index: u32 = 0; index < rules.length; index++) {
    if (rules.at(index).required && !hasTokenOf(rules.at(index), caller)) return false;
  }
  return true;
}

function hasTokenOf(rule: JwtRule, caller: Caller): bool {
  for (let index: u32 = 0; index < caller.tokens.length; index++) {
    if (changetype<usize>(caller.tokens.at(index).rule) == changetype<usize>(rule)) return true;
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
