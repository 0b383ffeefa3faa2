import {
  Arena,
  Bytes,
  List,
  Region,
  addressOf,
  bytesAt,
  copyJson,
  equal,
  isPresent,
  jsonCopyBytes,
  keyedHash,
  lengthOf,
} from "as-bytes";
import { VerifiedToken, validFrom, validUntil } from "as-jwt";
import { JwtRule, TokenPlace } from "./document";
import { CallerToken } from "./verdict";

/** Memory of a cache for each token that it may hold: token, claims, atoms and links of a common one. */
const BYTES_A_TOKEN: u32 = 1408;

/** A region's own structure, and what its parts lose to alignment. */
const REGION_BYTES: u32 = 64;

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
  /** What conditions make of it, see `CallerToken`. */
  atoms: Bytes;
  namedAtoms: Bytes;
  /** The latest request that used it, which may look at it until it ends. */
  request: u32;
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
  /** The request at hand. */
  private request: u32;

  /** What `create` takes of an arena at most. */
  static bytesFor(capacity: u32): u32 {
    if (capacity == 0) return 0;
    return <u32>offsetof<TokenCache>() + REGION_BYTES + capacity * BYTES_A_TOKEN + bucketBytes(capacity);
  }

  /** A cache of at most `capacity` tokens, which is not 0; `key` is the address of HASH_KEY_BYTES random bytes that stay. */
  static create(arena: Arena, capacity: u32, key: usize): TokenCache {
    const cache = changetype<TokenCache>(arena.allocate(offsetof<TokenCache>()));
    cache.region = Region.create(arena, capacity * BYTES_A_TOKEN);
    cache.key = key;
    cache.buckets = arena.allocate(bucketBytes(capacity));
    cache.bucketMask = powerOfTwo(capacity) - 1;
    cache.capacity = capacity;
    return cache;
  }

  /** From here on nothing that `find` answers goes before the next request begins. */
  beginRequest(): void {
    this.request += 1;
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
          entry.request = this.request;
          return entry;
        }
        this.remove(entry);
        return null;
      }
      entry = entry.next;
    }
    return null;
  }

  /** Of its signature, that is, which nobody but its issuer makes: forged tokens that share it cost a comparison each. */
  hashOf(text: Bytes): u64 {
    return keyedHash(text, this.key);
  }

  /** Keeps what has just verified, with what conditions made of it. */
  keepTokens(tokens: List<CallerToken>): void {
    for (let index: u32 = 0; index < tokens.length; index++) {
      const token = tokens.at(index);
      if (token.cached === null && !token.isPassing) this.insert(token);
    }
  }

  private insert(verified: CallerToken): void {
    const token = verified.token;
    const expectations = verified.rule.expectations;
    const text = verified.text;
    const head = <u32>(offsetof<CachedToken>() + offsetof<VerifiedToken>());
    const claims = aligned(jsonCopyBytes(token.claims));
    const atoms = aligned(lengthOf(verified.atoms));
    const namedAtoms = aligned(lengthOf(verified.namedAtoms));
    const block = this.room(head + claims + atoms + namedAtoms + lengthOf(text));
    if (block == 0) return;
    const entry = changetype<CachedToken>(block);
    const copy = changetype<VerifiedToken>(block + offsetof<CachedToken>());
    copy.setClaims(copyJson(token.claims, block + head));
    entry.rule = verified.rule;
    entry.token = copy;
    entry.place = verified.place;
    const behind = block + head + claims;
    entry.atoms = placed(verified.atoms, behind);
    entry.namedAtoms = placed(verified.namedAtoms, behind + atoms);
    entry.text = placed(text, behind + atoms + namedAtoms);
    entry.hash = verified.hash;
    entry.validFrom = validFrom(token.claims, expectations);
    entry.validUntil = validUntil(token.claims, expectations);
    entry.request = this.request;
    entry.next = this.first(entry.hash);
    store<usize>(this.bucket(entry.hash), changetype<usize>(entry));
    this.linkNewest(entry);
    this.count += 1;
  }

  /** Memory for an entry, at the cost of the least recently used ones; 0 where not even all that may go would do. */
  private room(bytes: u32): usize {
    if (this.count == this.capacity && !this.removeOldest()) return 0;
    let memory = this.region.take(bytes);
    while (memory == 0 && this.removeOldest()) memory = this.region.take(bytes);
    return memory;
  }

  /** False where there is none that the request at hand does not use. */
  private removeOldest(): bool {
    const oldest = this.oldest;
    if (oldest === null || oldest.request == this.request) return false;
    this.remove(oldest);
    return true;
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

/** A copy of the bytes at `address`; ABSENT stays absent. */
function placed(bytes: Bytes, address: usize): Bytes {
  if (!isPresent(bytes)) return bytes;
  memory.copy(address, addressOf(bytes), lengthOf(bytes));
  return bytesAt(address, lengthOf(bytes));
}

function bucketBytes(capacity: u32): u32 {
  return powerOfTwo(capacity) * <u32>sizeof<usize>();
}

function aligned(bytes: u32): u32 {
  return (bytes + 15) & ~15;
}

/** The least power of two that is not less. */
function powerOfTwo(value: u32): u32 {
  return value <= 1 ? 1 : 1 << (32 - clz<u32>(value - 1));
}
