import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { computeDigest, hashes, onEachBuild, reset, selfTest } from "./as-crypto.ts";

afterEach(reset);

describe.each(hashes)("%s", (hash) => {
  const expected = (message: Uint8Array) => new Uint8Array(createHash(hash).update(message).digest());

  test("every length of 0 to 3 blocks hashes as OpenSSL hashes it", () => {
    const longest = hash === "sha256" ? 192 : 384;
    for (let length = 0; length <= longest; length++) {
      const message = randomBytes(length);
      expect(computeDigest(hash, message), `length ${length}`).toEqual(expected(message));
    }
  });

  test("messages of many blocks hash as OpenSSL hashes them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000, size: "max" }), (message) => {
        expect(computeDigest(hash, message)).toEqual(expected(message));
      }),
      { numRuns: 50 },
    );
  });
});

onEachBuild(() => {
  test("the self-test passes, every time", () => {
    expect(selfTest()).toBe(true);
    expect(selfTest()).toBe(true);
  });
});
