import {
  Arena,
  Bytes,
  Region,
  addressOf,
  bytesAt,
  copyJson,
  equal,
  jsonCopyBytes,
  keyedHash,
  lengthOf,
} from "as-bytes";
import { VerifiedToken, stringClaim } from "as-jwt";
import { JwtRule, TokenPlace } from "./document";

/** Memory of a cache for each token that it may hold: token, claims and links of a common one. */
const BYTES_A_TOKEN: u32 = 1728;

/** A verified token with all that it takes to believe it again. */
@unmanaged
export class CachedToken {
  rule: JwtRule;
  token: VerifiedToken;
  /** Where it stood: another place may have other rules. */
  place: TokenPlace;
  text: Bytes;
  hash: u64;
  /** Seconds since the epoch between which its times hold, both included. */
  validFrom: f64;
  validUntil: f64;
  /** The next one of its bucket. */
  next: CachedToken | null;
  /** Neighbors in the order of use. */
  newer: CachedToken | null;
  older: CachedToken | null;
}

/**
 * Tokens that one document's rules have verified, found by their exact bytes. It belongs to a document
 * and goes with it, so that no token outlives the key that signed it; an entry goes at the end of its
 * time, or when it is the least recently used and room is needed.
 *
 * A cache saves work and changes no answer: what it holds would verify again.
 */
@unmanaged
export class TokenCache {
  private region: Region;
  private key: usize;
  private buckets: usize;
  private bucketMask: u32;
  private newest: CachedToken | null;
  private oldest: CachedToken | null;
  /** Tokens that it holds, and at most. */
  count: u32;
  private capacity: u32;

  /** A cache of at most `capacity` tokens, which is not 0; `key` is the address of HASH_KEY_BYTES random bytes that stay. */
  static create(arena: Arena, capacity: u32, key: usize): TokenCache {
    const cache = changetype<TokenCache>(arena.allocate(offsetof<TokenCache>()));
    cache.region = Region.create(arena, capacity * BYTES_A_TOKEN);
    cache.key = key;
    const buckets = powerOfTwo(capacity);
    cache.buckets = arena.allocate(buckets * <u32>sizeof<usize>());
    cache.bucketMask = buckets - 1;
    cache.capacity = capacity;
    return cache;
  }

  /** The token of a place, if it has verified there and its times hold at `now`; the hash is the caller's to keep for `insert`. */
  find(place: TokenPlace, text: Bytes, hash: u64, now: f64): CachedToken | null {
    let entry = this.first(hash);
    while (entry !== null) {
      if (
        entry.hash == hash &&
        changetype<usize>(entry.place) == changetype<usize>(place) &&
        equal(entry.text, text)
      ) {
        if (now >= entry.validFrom && now <= entry.validUntil) {
          this.unlink(entry);
          this.linkNewest(entry);
          return entry;
        }
        this.remove(entry);
        return null;
      }
      entry = entry.next;
    }
    return null;
  }

  hashOf(text: Bytes): u64 {
    return keyedHash(text, this.key);
  }

  /** Keeps a token that has just verified, and was not found before. */
  insert(
    place: TokenPlace,
    text: Bytes,
    hash: u64,
    rule: JwtRule,
    token: VerifiedToken,
    validFrom: f64,
    validUntil: f64,
  ): void {
    const head = <u32>(offsetof<CachedToken>() + offsetof<VerifiedToken>());
    const claims = (jsonCopyBytes(token.claims) + 15) & ~15;
    const block = this.room(head + claims + lengthOf(text));
    if (block == 0) return;
    const entry = changetype<CachedToken>(block);
    const copy = changetype<VerifiedToken>(block + offsetof<CachedToken>());
    copy.claims = copyJson(token.claims, block + head);
    copy.issuer = stringClaim(copy.claims, "iss");
    copy.subject = stringClaim(copy.claims, "sub");
    const textCopy = block + head + claims;
    memory.copy(textCopy, addressOf(text), lengthOf(text));
    entry.rule = rule;
    entry.token = copy;
    entry.place = place;
    entry.text = bytesAt(textCopy, lengthOf(text));
    entry.hash = hash;
    entry.validFrom = validFrom;
    entry.validUntil = validUntil;
    entry.next = this.first(hash);
    store<usize>(this.bucket(hash), changetype<usize>(entry));
    this.linkNewest(entry);
    this.count += 1;
  }

  /** Memory for an entry, at the cost of the least recently used ones; 0 where not even all of them would do. */
  private room(bytes: u32): usize {
    if (this.count == this.capacity) this.removeOldest();
    let memory = this.region.take(bytes);
    while (memory == 0 && this.count != 0) {
      this.removeOldest();
      memory = this.region.take(bytes);
    }
    return memory;
  }

  private removeOldest(): void {
    const oldest = this.oldest;
    if (oldest !== null) this.remove(oldest);
  }

  private remove(entry: CachedToken): void {
    let slot = this.bucket(entry.hash);
    while (load<usize>(slot) != changetype<usize>(entry))
      slot = load<usize>(slot) + offsetof<CachedToken>("next");
    store<usize>(slot, changetype<usize>(entry.next));
    this.unlink(entry);
    this.region.give(changetype<usize>(entry));
    this.count -= 1;
  }

  private unlink(entry: CachedToken): void {
    const newer = entry.newer;
    const older = entry.older;
    if (newer === null) this.newest = older;
    else newer.older = older;
    if (older === null) this.oldest = newer;
    else older.newer = newer;
  }

  private linkNewest(entry: CachedToken): void {
    const newest = this.newest;
    entry.newer = null;
    entry.older = newest;
    if (newest === null) this.oldest = entry;
    else newest.newer = entry;
    this.newest = entry;
  }

  private bucket(hash: u64): usize {
    return this.buckets + <usize>((<u32>hash) & this.bucketMask) * sizeof<usize>();
  }

  private first(hash: u64): CachedToken | null {
    return changetype<CachedToken | null>(load<usize>(this.bucket(hash)));
  }
}

/** The least power of two that is not less. */
function powerOfTwo(value: u32): u32 {
  return value <= 1 ? 1 : 1 << (32 - clz<u32>(value - 1));
}
