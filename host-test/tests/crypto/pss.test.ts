import {
  constants,
  createHash,
  generateKeyPairSync,
  privateDecrypt,
  sign,
  type KeyObject,
} from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  flipBit,
  hashes,
  onEachBuild,
  pssVerify,
  reset,
  rsaKey,
  rsaVerify,
  type Hash,
  type Key,
} from "./as-crypto.ts";

afterEach(reset);

function load(publicKey: KeyObject): Key {
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const key = rsaKey(Buffer.from(n, "base64url"), Buffer.from(e, "base64url"));
  if (key === null) throw new Error("key refused");
  return key;
}

const digestBytes = (hash: Hash) => Number(hash.slice(3)) / 8;

function signPss(hash: Hash, message: Uint8Array, key: KeyObject, saltLength = digestBytes(hash)): Buffer {
  return sign(hash, message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

const digestOf = (hash: Hash, message: Uint8Array) => createHash(hash).update(message).digest();

// 2049 bits: messages one byte shorter than signatures; 2050 and 2055: other counts of unused bits.
const lengths = [2048, 2049, 2050, 2055, 3072];

onEachBuild(() => {
  describe.each(lengths)("a key of %i bits", (modulusLength) => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });

    test.each(hashes)("OpenSSL's signatures with %s verify, and not with any bit changed", (hash) => {
      const key = load(publicKey);
      fc.assert(
        fc.property(fc.uint8Array(), fc.nat(), (message, bit) => {
          const signature = signPss(hash, message, privateKey);
          const digest = digestOf(hash, message);
          expect(pssVerify(key, hash, digest, signature)).toBe(true);
          expect(pssVerify(key, hash, digest, flipBit(signature, bit))).toBe(false);
          expect(pssVerify(key, hash, flipBit(digest, bit), signature)).toBe(false);
        }),
        { numRuns: 8 },
      );
    });
  });

  describe("a signature is refused", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const message = Buffer.from("message");

    test.each(hashes)("with a salt of any other length than the digest of %s", (hash) => {
      const key = load(publicKey);
      for (const saltLength of [0, 1, 20, digestBytes(hash) - 1, digestBytes(hash) + 1, 222 - 64]) {
        const signature = signPss(hash, message, privateKey, saltLength);
        expect(pssVerify(key, hash, digestOf(hash, message), signature)).toBe(false);
      }
    });

    test("under another hash, and under the other padding", () => {
      const key = load(publicKey);
      const digest = digestOf("sha256", message);
      const pss = signPss("sha256", message, privateKey);
      expect(pssVerify(key, "sha256", digest, pss)).toBe(true);
      expect(rsaVerify(key, "sha256", digest, pss)).toBe(false);
      expect(pssVerify(key, "sha384", digestOf("sha384", message), pss)).toBe(false);
      expect(pssVerify(key, "sha256", digest, sign("sha256", message, privateKey))).toBe(false);
    });
  });

  describe("of a message encoded by hand", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const digest = digestOf("sha256", Buffer.from("message"));

    interface Encoding {
      salt: Buffer;
      separator: number;
      zeros: number;
      trailer: number;
      topBit: number;
      maskHash: Hash;
    }

    const good: Encoding = {
      salt: Buffer.alloc(32, 5),
      separator: 1,
      zeros: 0,
      trailer: 0xbc,
      topBit: 0,
      maskHash: "sha256",
    };

    /** RSASP1 of EMSA-PSS-ENCODE (RFC 8017 §9.1.1) for 2048 bits, spoiled as `encoding` says. */
    function signatureOf(encoding: Encoding): Buffer {
      const { salt, separator, zeros, trailer, topBit, maskHash } = encoding;
      const hashed = digestOf("sha256", Buffer.concat([Buffer.alloc(8), digest, salt]));
      const block = Buffer.concat([Buffer.alloc(190, zeros), Buffer.from([separator]), salt]);
      if (zeros !== 0) block.writeUInt8(0, 0);
      const mask = Buffer.concat(
        Array.from({ length: 8 }, (_, i) =>
          digestOf(maskHash, Buffer.concat([hashed, Buffer.from([0, 0, 0, i])])),
        ),
      );
      const masked = block.map((byte, i) => byte ^ (mask[i] ?? 0));
      masked[0] = ((masked[0] ?? 0) & 0x7f) | topBit;
      const encoded = Buffer.concat([masked, hashed, Buffer.from([trailer])]);
      return privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
    }

    test("the right one verifies", () => {
      expect(pssVerify(load(publicKey), "sha256", digest, signatureOf(good))).toBe(true);
    });

    test.each<{ name: string; change: Partial<Encoding> }>([
      { name: "another separator", change: { separator: 2 } },
      { name: "no separator", change: { separator: 0 } },
      { name: "padding other than zeros", change: { zeros: 1 } },
      { name: "another trailer", change: { trailer: 0xcc } },
      { name: "a mask of another hash", change: { maskHash: "sha512" } },
    ])("one with $name is refused", ({ change }) => {
      const signature = signatureOf({ ...good, ...change });
      expect(pssVerify(load(publicKey), "sha256", digest, signature)).toBe(false);
    });
  });
});
