import { createHmac } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { flipBit, hashes, hmacKey, hmacVerify, reset, type Key } from "./as-crypto.ts";

afterEach(reset);

describe.each(hashes)("HMAC with %s", (hash) => {
  const digestBytes = Number(hash.slice(3)) / 8;
  const blockBytes = hash === "sha256" ? 64 : 128;

  function load(secret: Uint8Array): Key {
    const key = hmacKey(hash, secret);
    if (key === null) throw new Error("secret refused");
    return key;
  }

  test("OpenSSL's MACs verify for secrets of every usable length, and not with any bit changed", () => {
    for (let length = digestBytes; length <= blockBytes + 70; length++) {
      const secret = Buffer.alloc(length, length);
      const key = load(secret);
      const message = Buffer.from(`message ${length}`);
      const mac = createHmac(hash, secret).update(message).digest();
      expect(hmacVerify(key, message, mac)).toBe(true);
      expect(hmacVerify(key, message, flipBit(mac, length))).toBe(false);
      expect(hmacVerify(key, flipBit(message, length), mac)).toBe(false);
      reset();
    }
  });

  test("a key serves any message, one after the other", () => {
    const secret = Buffer.alloc(digestBytes, 7);
    const key = load(secret);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600, size: "max" }), fc.nat(), (message, bit) => {
        const mac = createHmac(hash, secret).update(message).digest();
        expect(hmacVerify(key, message, mac)).toBe(true);
        expect(hmacVerify(key, message, flipBit(mac, bit))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("a MAC is whole: no shorter, longer or empty one verifies", () => {
    const secret = Buffer.alloc(digestBytes, 7);
    const key = load(secret);
    const message = Buffer.from("message");
    const mac = createHmac(hash, secret).update(message).digest();
    for (const wrong of [
      Buffer.alloc(0),
      mac.subarray(0, 1),
      mac.subarray(0, digestBytes - 1),
      mac.subarray(1),
      Buffer.concat([mac, Buffer.alloc(1)]),
    ]) {
      expect(hmacVerify(key, message, wrong)).toBe(false);
    }
  });

  test("a secret is at least as long as the digest", () => {
    expect(hmacKey(hash, Buffer.alloc(0))).toBeNull();
    expect(hmacKey(hash, Buffer.alloc(digestBytes - 1, 1))).toBeNull();
    expect(hmacKey(hash, Buffer.alloc(digestBytes, 1))).not.toBeNull();
  });
});
