import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { describeVectors, readVectors } from "../support/vectors.ts";
import {
  ecKey,
  ecVerify,
  edKey,
  edVerify,
  hmacKey,
  hmacVerify,
  onEachBuild,
  p256Key,
  p256Verify,
  pssVerify,
  reset,
  rsaKey,
  rsaVerify,
  type Curve,
  type Hash,
  type Key,
} from "./as-crypto.ts";

interface File<Group> {
  numberOfTests: number;
  testGroups: (Group & { tests: Case[] })[];
}

interface Case {
  tcId: number;
  comment: string;
  msg: string;
  /** Of signatures; `key` and `tag` of MACs. */
  sig: string;
  key: string;
  tag: string;
  result: "valid" | "acceptable" | "invalid";
}

interface Tally {
  valid: number;
  acceptable: number;
  invalid: number;
}

const bytes = (hex: string) => Buffer.from(hex, "hex");
const digestOf = (hash: Hash, message: Buffer) => createHash(hash).update(message).digest();

/** Runs every case of `path` and counts them; an `acceptable` one may go either way but must answer. */
function run<Group>(path: string, verify: (group: Group, message: Buffer, vector: Case) => boolean): Tally {
  const file = readVectors<File<Group>>(path);
  const tally: Tally = { valid: 0, acceptable: 0, invalid: 0 };
  for (const group of file.testGroups) {
    for (const vector of group.tests) {
      reset();
      const { tcId, comment, msg, result } = vector;
      const verified = verify(group, bytes(msg), vector);
      if (result !== "acceptable") expect(verified, `case ${tcId}: ${comment}`).toBe(result === "valid");
      tally[result] += 1;
    }
  }
  expect(tally.valid + tally.acceptable + tally.invalid).toBe(file.numberOfTests);
  return tally;
}

interface RsaGroup {
  publicKey: { modulus: string; publicExponent: string };
}

/** ASN.1 integers: a zero byte keeps them positive. */
function loadRsa({ publicKey }: RsaGroup): Key | null {
  return rsaKey(
    bytes(publicKey.modulus.replace(/^00/, "")),
    bytes(publicKey.publicExponent.replace(/^00/, "")),
  );
}

interface EcGroup {
  publicKey: { uncompressed: string };
}

/** The coordinates of an uncompressed point. */
function coordinates({ publicKey }: EcGroup): { x: Buffer; y: Buffer } {
  const point = bytes(publicKey.uncompressed);
  const middle = (point.length + 1) / 2;
  return { x: point.subarray(1, middle), y: point.subarray(middle) };
}

const verdict = "every valid signature verifies and every invalid one is refused";

onEachBuild(() => {
  const pkcs1: { hash: Hash; counts: Tally }[] = [
    { hash: "sha256", counts: { valid: 9, acceptable: 1, invalid: 249 } },
    { hash: "sha384", counts: { valid: 7, acceptable: 1, invalid: 250 } },
    { hash: "sha512", counts: { valid: 8, acceptable: 1, invalid: 250 } },
  ];
  for (const { hash, counts } of pkcs1) {
    describeVectors(`wycheproof/rsa_signature_2048_${hash}_test.json`, (path) => {
      test(verdict, () => {
        const tally = run<RsaGroup>(path, (group, message, { sig }) => {
          const key = loadRsa(group);
          return key !== null && rsaVerify(key, hash, digestOf(hash, message), bytes(sig));
        });
        expect(tally).toEqual(counts);
      });
    });
  }

  describeVectors("wycheproof/rsa_pss_2048_sha256_mgf1_32_test.json", (path) => {
    test(verdict, () => {
      const tally = run<RsaGroup>(path, (group, message, { sig }) => {
        const key = loadRsa(group);
        return key !== null && pssVerify(key, "sha256", digestOf("sha256", message), bytes(sig));
      });
      expect(tally).toEqual({ valid: 63, acceptable: 0, invalid: 45 });
    });
  });

  describeVectors("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", (path) => {
    test(verdict, () => {
      const tally = run<EcGroup>(path, (group, message, { sig }) => {
        const { x, y } = coordinates(group);
        const key = p256Key(x, y);
        return key !== null && p256Verify(key, digestOf("sha256", message), bytes(sig));
      });
      expect(tally).toEqual({ valid: 173, acceptable: 0, invalid: 89 });
    });
  });

  const wide: { curve: Curve; file: string; hash: Hash; counts: Tally }[] = [
    {
      curve: "P-384",
      file: "ecdsa_secp384r1_sha384_p1363_test.json",
      hash: "sha384",
      counts: { valid: 193, acceptable: 0, invalid: 87 },
    },
    {
      curve: "P-521",
      file: "ecdsa_secp521r1_sha512_p1363_test.json",
      hash: "sha512",
      counts: { valid: 231, acceptable: 0, invalid: 87 },
    },
  ];
  for (const { curve, file, hash, counts } of wide) {
    describeVectors(`wycheproof/${file}`, (path) => {
      test(verdict, () => {
        const tally = run<EcGroup>(path, (group, message, { sig }) => {
          const { x, y } = coordinates(group);
          const key = ecKey(curve, x, y);
          return key !== null && ecVerify(key, digestOf(hash, message), bytes(sig));
        });
        expect(tally).toEqual(counts);
      });
    });
  }

  describeVectors("wycheproof/ed25519_test.json", (path) => {
    test(verdict, () => {
      const tally = run<{ publicKey: { pk: string } }>(path, ({ publicKey }, message, { sig }) => {
        const key = edKey(bytes(publicKey.pk));
        return key !== null && edVerify(key, message, bytes(sig));
      });
      expect(tally).toEqual({ valid: 88, acceptable: 0, invalid: 63 });
    });
  });
});

/** Cases whose secret is shorter than the digest, which RFC 7518 §3.2 does not allow, or whose tag is cut. */
const macs: { hash: Hash; counts: Tally; refused: number }[] = [
  { hash: "sha256", counts: { valid: 66, acceptable: 0, invalid: 108 }, refused: 36 },
  { hash: "sha384", counts: { valid: 66, acceptable: 0, invalid: 108 }, refused: 36 },
  { hash: "sha512", counts: { valid: 66, acceptable: 0, invalid: 108 }, refused: 36 },
];
for (const { hash, counts, refused } of macs) {
  describeVectors(`wycheproof/hmac_${hash}_test.json`, (path) => {
    test("every valid MAC verifies, unless its secret is short or it is cut, and every invalid one is refused", () => {
      const digestBytes = Number(hash.slice(3)) / 8;
      let excused = 0;
      const tally = run<{ keySize: number; tagSize: number }>(
        path,
        ({ keySize, tagSize }, message, vector) => {
          const key = hmacKey(hash, bytes(vector.key));
          const verified = key !== null && hmacVerify(key, message, bytes(vector.tag));
          if (vector.result !== "valid" || (keySize >= 8 * digestBytes && tagSize === 8 * digestBytes))
            return verified;
          expect(verified).toBe(false);
          excused += 1;
          return true;
        },
      );
      expect(tally).toEqual(counts);
      expect(excused).toBe(refused);
    });
  });
}
