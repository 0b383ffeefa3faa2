import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { edKey, edVerify, flipBit, integer, octets, onEachBuild, reset, type KeyPair } from "./as-crypto.ts";

afterEach(reset);

/** RFC 8032 §5.1. */
const p = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const littleEndian = (value: bigint) => Buffer.from(octets(value, 32)).reverse();
const fromLittleEndian = (bytes: Uint8Array) => integer(Buffer.from(bytes).reverse());

function load(encoding: Uint8Array): KeyPair {
  const key = edKey(encoding);
  if (key === null) throw new Error("key refused");
  return key;
}

/** The points of small order: encodings of y, and x = 0 with either sign. */
const smallOrder = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
].map((hex) => Buffer.from(hex, "hex"));

onEachBuild(() => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const encoding = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");

  test("OpenSSL's signatures of messages of every length around a block verify, and not with any bit changed", () => {
    const key = load(encoding);
    for (const length of [0, 1, 63, 64, 65, 111, 112, 127, 128, 129, 191, 192, 193, 600]) {
      const message = Buffer.alloc(length, length);
      const signature = sign(null, message, privateKey);
      expect(edVerify(key, message, signature), `length ${length}`).toBe(true);
      expect(edVerify(key, message, flipBit(signature, length * 7))).toBe(false);
      expect(edVerify(key, Buffer.concat([message, Buffer.alloc(1)]), signature)).toBe(false);
    }
  });

  test("OpenSSL's signatures by any key verify, and what it refuses is refused", () => {
    fc.assert(
      fc.property(fc.nat(511), fc.uint8Array(), (bit, message) => {
        reset();
        const pair = generateKeyPairSync("ed25519");
        const key = load(Buffer.from(pair.publicKey.export({ format: "jwk" }).x ?? "", "base64url"));
        const signature = sign(null, message, pair.privateKey);
        expect(edVerify(key, message, signature)).toBe(true);
        const changed = flipBit(signature, bit);
        expect(edVerify(key, message, changed)).toBe(verify(null, message, pair.publicKey, changed));
      }),
      { numRuns: 20 },
    );
  });

  test("S is below L: S + L is refused", () => {
    const key = load(encoding);
    const message = Buffer.from("message");
    const signature = sign(null, message, privateKey);
    const s = fromLittleEndian(signature.subarray(32));
    const withS = (value: bigint) => Buffer.concat([signature.subarray(0, 32), littleEndian(value)]);
    expect(edVerify(key, message, withS(s))).toBe(true);
    for (const value of [s + L, s + 2n * L, L, 2n ** 256n - 1n, 0n]) {
      expect(edVerify(key, message, withS(value))).toBe(false);
    }
  });

  test("a signature is exactly 64 bytes", () => {
    const key = load(encoding);
    const message = Buffer.from("message");
    const signature = sign(null, message, privateKey);
    for (const wrong of [
      Buffer.alloc(0),
      signature.subarray(1),
      signature.subarray(0, 63),
      Buffer.concat([signature, Buffer.alloc(1)]),
    ]) {
      expect(edVerify(key, message, wrong)).toBe(false);
    }
  });

  describe("scalars at the edges", () => {
    // With the private scalar a chosen, S = r + k·a is 0, 1 or L − 1 for r = S − k·a; but k hashes R = r·B.
    // What remains free is R: neutral, with S = k·a.
    test("R is the neutral point: S·B = k·A verifies", () => {
      const digest = createHash("sha512")
        .update(Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url"))
        .digest()
        .subarray(0, 32);
      digest.writeUInt8(digest.readUInt8(0) & 248, 0);
      digest.writeUInt8((digest.readUInt8(31) & 127) | 64, 31);
      const a = fromLittleEndian(digest);
      const neutral = littleEndian(1n);
      const message = Buffer.from("message");
      const k = fromLittleEndian(
        createHash("sha512").update(neutral).update(encoding).update(message).digest(),
      );
      const signature = Buffer.concat([neutral, littleEndian((k * a) % L)]);
      expect(edVerify(load(encoding), message, signature)).toBe(true);
      // The same R in its other, not canonical form, y = 1 + p.
      const other = littleEndian(1n + p);
      const k2 = fromLittleEndian(
        createHash("sha512").update(other).update(encoding).update(message).digest(),
      );
      expect(edVerify(load(encoding), message, Buffer.concat([other, littleEndian((k2 * a) % L)]))).toBe(
        false,
      );
    });
  });

  describe("keys", () => {
    test.each(smallOrder.map((bytes) => ({ bytes, hex: bytes.toString("hex") })))(
      "$hex, of small order, is refused",
      ({ bytes }) => {
        expect(edKey(bytes)).toBeNull();
      },
    );

    test.each([
      { name: "y = p", bytes: littleEndian(p) },
      { name: "y = p + 1", bytes: littleEndian(p + 1n) },
      { name: "y = 2^255 − 1", bytes: littleEndian(2n ** 255n - 1n) },
      { name: "all ones", bytes: Buffer.alloc(32, 0xff) },
      { name: "x = 0 with a sign", bytes: littleEndian(1n + 2n ** 255n) },
      { name: "y = 2, not on the curve", bytes: littleEndian(2n) },
      { name: "31 bytes", bytes: encoding.subarray(1) },
      { name: "33 bytes", bytes: Buffer.concat([encoding, Buffer.alloc(1)]) },
      { name: "no bytes", bytes: Buffer.alloc(0) },
    ])("a key of $name is refused", ({ bytes }) => {
      expect(edKey(encoding)).not.toBeNull();
      expect(edKey(bytes)).toBeNull();
    });

    test("an encoding that is not canonical is refused though its point is on the curve", () => {
      // y = 3 is on the curve; y = p + 3 is the same.
      expect(edKey(littleEndian(3n))).not.toBeNull();
      expect(edKey(littleEndian(p + 3n))).toBeNull();
    });
  });
});
