import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { describeVectors, readVectors } from "../support/vectors.ts";
import { p256Key, p256Verify, reset, rsaKey, rsaVerify, type Key } from "./as-crypto.ts";

interface File<Group> {
  numberOfTests: number;
  testGroups: (Group & { tests: Case[] })[];
}

interface Case {
  tcId: number;
  comment: string;
  msg: string;
  sig: string;
  result: "valid" | "acceptable" | "invalid";
}

interface Tally {
  valid: number;
  acceptable: number;
  invalid: number;
}

const bytes = (hex: string) => Buffer.from(hex, "hex");

/** Runs every case of `path` and counts them; an `acceptable` one may go either way but must answer. */
function run<Group>(
  path: string,
  load: (group: Group) => Key | null,
  verify: (key: Key, digest: Uint8Array, signature: Uint8Array) => boolean,
): Tally {
  const file = readVectors<File<Group>>(path);
  const tally: Tally = { valid: 0, acceptable: 0, invalid: 0 };
  for (const group of file.testGroups) {
    for (const { tcId, comment, msg, sig, result } of group.tests) {
      reset();
      const key = load(group);
      const verified =
        key !== null && verify(key, createHash("sha256").update(bytes(msg)).digest(), bytes(sig));
      if (result !== "acceptable") expect(verified, `case ${tcId}: ${comment}`).toBe(result === "valid");
      tally[result] += 1;
    }
  }
  expect(tally.valid + tally.acceptable + tally.invalid).toBe(file.numberOfTests);
  return tally;
}

describeVectors("wycheproof/rsa_signature_2048_sha256_test.json", (path) => {
  test("every valid signature verifies and every invalid one is refused", () => {
    const tally = run<{ publicKey: { modulus: string; publicExponent: string } }>(
      path,
      // ASN.1 integers: a zero byte keeps them positive.
      ({ publicKey }) =>
        rsaKey(
          bytes(publicKey.modulus.replace(/^00/, "")),
          bytes(publicKey.publicExponent.replace(/^00/, "")),
        ),
      rsaVerify,
    );
    expect(tally).toEqual({ valid: 9, acceptable: 1, invalid: 249 });
  });
});

describeVectors("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", (path) => {
  test("every valid signature verifies and every invalid one is refused", () => {
    const tally = run<{ publicKey: { uncompressed: string } }>(
      path,
      ({ publicKey }) => {
        const point = bytes(publicKey.uncompressed);
        return p256Key(point.subarray(1, 33), point.subarray(33));
      },
      p256Verify,
    );
    expect(tally).toEqual({ valid: 173, acceptable: 0, invalid: 89 });
  });
});
