/** Attribute values in the encodings of Envoy's `serializeValue`. */
import { encodePairs } from "./pairs.ts";
import { toBytes } from "./bytes.ts";

/**
 * A string (one character a byte) or bytes as they are, a boolean in 1 byte, a whole number in 8
 * bytes little-endian, a `Double` as its 8 bytes, a time in nanoseconds, a list or map as pairs.
 */
export type Attribute =
  string | Uint8Array | boolean | number | bigint | Double | Date | readonly Attribute[] | AttributeMap;

export interface AttributeMap {
  readonly [name: string]: Attribute;
}

/** A floating-point attribute; plain numbers are integers. */
export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export function isMap(value: Attribute): value is AttributeMap {
  const leaf = typeof value !== "object" || value instanceof Uint8Array || value instanceof Double;
  return !leaf && !(value instanceof Date) && !Array.isArray(value);
}

export function encodeAttribute(value: Attribute): Buffer {
  if (typeof value === "string" || value instanceof Uint8Array) return toBytes(value);
  if (typeof value === "boolean") return Buffer.from([value ? 1 : 0]);
  if (typeof value === "number" || typeof value === "bigint") return encodeInteger(BigInt(value));
  if (value instanceof Date) return encodeInteger(BigInt(value.getTime()) * 1_000_000n);
  if (value instanceof Double) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value.value);
    return bytes;
  }
  if (isMap(value)) {
    return encodePairs(
      Object.entries(value).map(([name, part]) => ({
        name: Buffer.from(name),
        value: encodeAttribute(part),
      })),
    );
  }
  return encodePairs(value.map((part) => ({ name: encodeAttribute(part), value: Buffer.alloc(0) })));
}

function encodeInteger(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}
