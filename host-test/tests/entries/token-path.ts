/** Tokens as the filter takes them: verified as a whole, and found again in the cache of verified ones. */
import { Arena, Bytes, HASH_KEY_BYTES, List, bytesAt } from "as-bytes";
import {
  ASYMMETRIC_ALGORITHMS,
  Expectations,
  KeySet,
  KeySetError,
  parseKeySetText,
  parseToken,
  verify,
} from "as-jwt";
import { JwtRule, TokenPlace } from "../../../filter/assembly/enforce/document";
import { TokenCache } from "../../../filter/assembly/enforce/token-cache";
import { CallerToken } from "../../../filter/assembly/enforce/verdict";

const MAX_TOKEN_BYTES: u32 = 8192;

const kept = Arena.create();
const scratch = Arena.create();
const place = changetype<TokenPlace>(kept.allocate(offsetof<TokenPlace>()));
const rule = changetype<JwtRule>(kept.allocate(offsetof<JwtRule>()));
const cache = TokenCache.create(kept, 1000, kept.allocate(HASH_KEY_BYTES));
let keys: KeySet = changetype<KeySet>(0);

export function take(size: u32): usize {
  return kept.take(size);
}

/** Takes a JWK Set and the issuer that its tokens have; whether it can be used. */
export function configure(jwks: usize, jwksLength: u32, issuer: usize, issuerLength: u32): bool {
  keys = parseKeySetText(bytesAt(jwks, jwksLength), false, kept);
  const expected = changetype<Expectations>(kept.allocate(offsetof<Expectations>()));
  expected.issuer = bytesAt(issuer, issuerLength);
  expected.audiences = List.create<Bytes>(kept, 0);
  expected.clockSkewSeconds = 60;
  expected.requireExpiry = true;
  rule.expectations = expected;
  return keys.error == KeySetError.NONE;
}

/** Parses and verifies a token, signature and claims; whether it is valid at `now`. */
export function verifyWhole(address: usize, length: u32, now: f64): bool {
  const entry = proven(address, length, now);
  const valid = entry !== null;
  scratch.reset();
  return valid;
}

/** Verifies a token and keeps it. */
export function remember(address: usize, length: u32, now: f64): bool {
  const entry = proven(address, length, now);
  if (entry === null) return false;
  const tokens = List.create<CallerToken>(scratch, 1);
  tokens.push(entry);
  cache.beginRequest();
  cache.keepTokens(tokens);
  scratch.reset();
  return true;
}

/** Whether the cache has the token, every byte of it compared. */
export function recall(address: usize, length: u32, now: f64): bool {
  const text = bytesAt(address, length);
  cache.beginRequest();
  return cache.find(place, text, cache.hashOf(text), now) !== null;
}

function proven(address: usize, length: u32, now: f64): CallerToken | null {
  const text = bytesAt(address, length);
  const token = parseToken(text, MAX_TOKEN_BYTES, scratch);
  const verified = verify(token, ASYMMETRIC_ALGORITHMS, keys, rule.expectations, now, scratch);
  if (verified === null) return null;
  const entry = changetype<CallerToken>(scratch.allocate(offsetof<CallerToken>()));
  entry.rule = rule;
  entry.token = verified;
  entry.place = place;
  entry.text = text;
  entry.hash = cache.hashOf(text);
  return entry;
}
