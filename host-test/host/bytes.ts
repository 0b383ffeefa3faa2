/**
 * Bytes and text. Header names and values, details and messages are bytes on the wire; in this API
 * they are strings of one character a byte (latin1), so that nothing is lost and tables stay readable.
 */

/** Bytes, or a string of one character a byte. */
export type ByteText = string | Uint8Array;

/** The bytes; throws for a character that is no byte. UTF-8 goes through `Buffer.from(text)`. */
export function toBytes(value: ByteText): Buffer {
  if (typeof value !== "string") return Buffer.from(value);
  for (const character of value) {
    if ((character.codePointAt(0) ?? 0) > 0xff) {
      throw new RangeError(`\`${character}\` is not one byte: give UTF-8 as Buffer.from(text)`);
    }
  }
  return Buffer.from(value, "latin1");
}

/** One character a byte. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
