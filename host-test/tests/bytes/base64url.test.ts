import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf } from "./bytes.ts";

const decode = (text: string) => bytesOf("base64url", Buffer.from(text, "latin1"));

describe("base64url", () => {
  test("decodes what node:buffer encodes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64url");
        return decode(text)?.equals(Buffer.from(bytes)) === true;
      }),
    );
  });

  test("takes one spelling of each value only: what it accepts encodes back to itself", () => {
    const characters = fc.constantFrom(..."AZaz09-_+/= .\n\0é");
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 9 }), (text) => {
        const bytes = decode(text);
        return bytes === undefined || bytes.toString("base64url") === text;
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["a single digit", "A"],
    ["a length of one too many", "AAAAA"],
    ["padding", "QQ=="],
    ["an unused bit in the last of two digits", "QR"],
    ["an unused bit in the last of three digits", "QUJ"],
    ["the plus of base64", "++++"],
    ["the slash of base64", "//8"],
    ["white space", "QU FB"],
    ["a byte beyond ASCII", "QU\u00e9B"],
  ])("refuses %s", (_, text) => {
    expect(decode(text)).toBeUndefined();
  });
});
