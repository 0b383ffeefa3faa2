import { Arena, HASH_KEY_BYTES } from "as-bytes";
import { fillRandom } from "proxy-wasm-assemblyscript-sdk";
import { Document, TokenCache } from "../enforce";

/** The key of this VM's hashes. */
const KEY: usize = memory.data(HASH_KEY_BYTES);

let hasKey = false;

/** Memory of the cache that the document asks for. */
export function cacheBytes(document: Document): u32 {
  return document.jwtRules.length == 0 ? 0 : TokenCache.bytesFor(document.limits.tokenCache);
}

/** The cache that the document asks for; none without tokens to keep, or without randomness for its hashes. */
export function makeTokenCache(document: Document, arena: Arena): TokenCache | null {
  const capacity = document.limits.tokenCache;
  if (document.jwtRules.length == 0 || capacity == 0) return null;
  if (!hasKey) hasKey = fillRandom(KEY, HASH_KEY_BYTES);
  return hasKey ? TokenCache.create(arena, capacity, KEY) : null;
}
