/** Header maps on the wire; see `pairs.ts` of the SDK for the layout. */

export interface Pair {
  name: Buffer;
  value: Buffer;
}

/** LIMIT: a larger map from a guest, or one of more pairs, counts as empty (proxy-wasm `limits.h`). */
const MAX_BYTES = 1 << 20;
const MAX_PAIRS = 1024;

/** An empty map is no bytes. */
export function encodePairs(pairs: readonly Pair[]): Buffer {
  if (pairs.length === 0) return Buffer.alloc(0);
  const head = Buffer.alloc(4 + pairs.length * 8);
  head.writeUInt32LE(pairs.length, 0);
  const end = Buffer.alloc(1);
  const parts: Buffer[] = [head];
  pairs.forEach(({ name, value }, index) => {
    head.writeUInt32LE(name.length, 4 + index * 8);
    head.writeUInt32LE(value.length, 8 + index * 8);
    parts.push(name, end, value, end);
  });
  return Buffer.concat(parts);
}

/** What a host makes of a guest's map: empty wherever it is malformed or over a limit. */
export function decodePairs(bytes: Buffer): Pair[] {
  if (bytes.length < 4 || bytes.length > MAX_BYTES) return [];
  const count = bytes.readUInt32LE(0);
  if (count > MAX_PAIRS || 4 + count * 8 > bytes.length) return [];
  const pairs: Pair[] = [];
  let at = 4 + count * 8;
  for (let index = 0; index < count; index++) {
    const nameEnd = at + bytes.readUInt32LE(4 + index * 8);
    const valueEnd = nameEnd + 1 + bytes.readUInt32LE(8 + index * 8);
    if (valueEnd + 1 > bytes.length || bytes[nameEnd] !== 0 || bytes[valueEnd] !== 0) return [];
    pairs.push({ name: bytes.subarray(at, nameEnd), value: bytes.subarray(nameEnd + 1, valueEnd) });
    at = valueEnd + 1;
  }
  return at === bytes.length ? pairs : [];
}
