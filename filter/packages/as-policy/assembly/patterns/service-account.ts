import { Bytes, addressOf, indexOfByte, lengthOf, part, startsWith } from "as-bytes";

const SLASH: u8 = 0x2f;

/**
 * Istio's `serviceAccounts`, `spiffe://.+/ns/NS/(.+/|)sa/SA(/.+)?` over the whole SPIFFE ID; `account`
 * is `NS/SA`, without a slash in either.
 */
export function serviceAccountMatches(account: Bytes, spiffeId: Bytes): bool {
  const slash = <u32>indexOfByte(account, SLASH);
  const namespace = part(account, 0, slash);
  const name = part(account, slash + 1, lengthOf(account));
  const length = lengthOf(spiffeId);
  // At least one byte between the scheme and the slash of `/ns/`.
  for (let at = SCHEME_BYTES + 1; at + 4 < length; at++) {
    if (!isAt(spiffeId, at, 0x736e2f) || load<u8>(addressOf(spiffeId) + at, 3) != SLASH) continue; // "/ns/"
    const rest = part(spiffeId, at + 4, length);
    if (!startsWith(rest, namespace) || lengthOf(rest) <= lengthOf(namespace)) continue;
    if (load<u8>(addressOf(rest) + lengthOf(namespace)) != SLASH) continue;
    if (accountFollows(part(rest, lengthOf(namespace) + 1, lengthOf(rest)), name)) return true;
  }
  return false;
}

/** `(.+/|)sa/SA(/.+)?` */
function accountFollows(text: Bytes, name: Bytes): bool {
  const length = lengthOf(text);
  const needed = 3 + lengthOf(name);
  for (let at: u32 = 0; at + needed <= length; at++) {
    if (at != 0 && (at == 1 || load<u8>(addressOf(text) + at - 1) != SLASH)) continue;
    if (!isAt(text, at, 0x2f6173)) continue; // "sa/"
    const rest = part(text, at + 3, length);
    if (!startsWith(rest, name)) continue;
    if (lengthOf(rest) == lengthOf(name)) return true;
    if (lengthOf(rest) > lengthOf(name) + 1 && load<u8>(addressOf(rest) + lengthOf(name)) == SLASH)
      return true;
  }
  return false;
}

/** Whether three bytes, little-endian, stand at `at`; the caller guarantees that there are three. */
function isAt(text: Bytes, at: u32, bytes: u32): bool {
  const address = addressOf(text) + at;
  return <u32>load<u16>(address) == (bytes & 0xffff) && <u32>load<u8>(address, 2) == bytes >> 16;
}

/** Of `spiffe://`. */
const SCHEME_BYTES: u32 = 9;
