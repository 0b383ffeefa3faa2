import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { reset, selfTest, sha256 } from "./as-crypto.ts";

afterEach(reset);

const expected = (message: Uint8Array) => new Uint8Array(createHash("sha256").update(message).digest());

test("every length of 0 to 192 bytes hashes as OpenSSL hashes it", () => {
  for (let length = 0; length <= 192; length++) {
    const message = randomBytes(length);
    expect(sha256(message), `length ${length}`).toEqual(expected(message));
  }
});

test("messages of many blocks hash as OpenSSL hashes them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000, size: "max" }), (message) => {
      expect(sha256(message)).toEqual(expected(message));
    }),
    { numRuns: 50 },
  );
});

test("the self-test passes, every time", () => {
  expect(selfTest()).toBe(true);
  expect(selfTest()).toBe(true);
});
