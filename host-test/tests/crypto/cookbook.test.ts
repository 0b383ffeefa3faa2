/** RFC 7520's signature examples. Their payloads are no claims, so the primitives verify them, not the token path. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeVectors, readVectors } from "../support/vectors.ts";
import {
  computeDigest,
  ecKey,
  ecVerify,
  edKey,
  edVerify,
  hmacKey,
  hmacVerify,
  onEachBuild,
  pssVerify,
  reset,
  rsaKey,
  rsaVerify,
} from "./as-crypto.ts";

interface Example {
  input: { alg: string; key: { [member: string]: string } };
  output: { compact: string };
}

const bytes = (text: string | undefined) => Buffer.from(text ?? "", "base64url");

/** Whether the example's compact serialization verifies under its key. */
function verifies({ input: { alg, key }, output }: Example): boolean {
  reset();
  const dot = output.compact.lastIndexOf(".");
  const message = Buffer.from(output.compact.slice(0, dot));
  const signature = bytes(output.compact.slice(dot + 1));
  switch (alg) {
    case "RS256":
      return rsaVerify(
        rsaKey(bytes(key["n"]), bytes(key["e"]))!,
        "sha256",
        computeDigest("sha256", message),
        signature,
      );
    case "PS384":
      return pssVerify(
        rsaKey(bytes(key["n"]), bytes(key["e"]))!,
        "sha384",
        computeDigest("sha384", message),
        signature,
      );
    case "ES512":
      return ecVerify(
        ecKey("P-521", bytes(key["x"]), bytes(key["y"]))!,
        computeDigest("sha512", message),
        signature,
      );
    case "EdDSA":
      return edVerify(edKey(bytes(key["x"]))!, message, signature);
    case "HS256":
      return hmacVerify(hmacKey("sha256", bytes(key["k"]))!, message, signature);
    default:
      throw new Error(`no example has ${alg}`);
  }
}

describeVectors("jose-cookbook", (folder) => {
  onEachBuild(() => {
    test.each([
      "jws/4_1.rsa_v15_signature.json",
      "jws/4_2.rsa-pss_signature.json",
      "jws/4_3.ecdsa_signature.json",
      "jws/4_4.hmac-sha2_integrity_protection.json",
      "curve25519/jws.json",
    ])("%s verifies", (name) => {
      expect(verifies(readVectors<Example>(join(folder, name)))).toBe(true);
    });
  });
});
