import { X509Certificate } from "node:crypto";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from "jose";
import { describe, expect, test } from "vitest";
import {
  breakages,
  keySet,
  mintAuthority,
  mintBrokenToken,
  mintCertificate,
  mintKey,
  mintToken,
  type MintAlgorithm,
} from "./index.ts";

const order = { issuer: "https://idp.example.com", audience: "orders", subject: "user" };

function verify(token: string, algorithm: MintAlgorithm) {
  const keys = createLocalJWKSet(keySet(mintKey("test", algorithm)) as JSONWebKeySet);
  return jwtVerify(token, keys, { issuer: order.issuer, audience: order.audience, algorithms: [algorithm] });
}

const signed = (["RS", "PS", "ES"] as const)
  .flatMap<MintAlgorithm>((family) => [`${family}256`, `${family}384`, `${family}512`])
  .concat("EdDSA");

describe("tokens", () => {
  test.each(signed)("jose accepts the %s token of an order", async (alg) => {
    const { payload, protectedHeader } = await verify(
      mintToken({ ...order, alg, claims: { scope: "orders:read" }, header: { typ: "at+jwt" } }),
      alg,
    );
    expect(payload).toMatchObject({ iss: order.issuer, aud: "orders", sub: "user", scope: "orders:read" });
    expect(protectedHeader).toEqual({ alg, typ: "at+jwt", kid: mintKey("test", alg).kid });
  });

  test("members of an order can leave out what is there by default", () => {
    const token = mintToken({ kid: null, expiresIn: null, now: 1, claims: { iat: undefined } });
    expect(decodeProtectedHeader(token)).toEqual({ alg: "RS256", typ: "JWT" });
    expect(decodeJwt(token)).toEqual({});
  });

  test("a key is its name's, in every process", () => {
    // What a committed policy relies on.
    expect(mintKey("test", "ES256").jwk).toMatchObject({
      x: "fTaOw1BnsLkl38MMKKn1gVsvVJnRnv3rVpZFMVnerOc",
    });
  });

  // Depending on the runtime jose accepts these; Lictor must not.
  const leftToTheRuntime = [
    "duplicateClaim",
    "duplicateHeaderParameter",
    "padding",
    "standardBase64",
    "whitespaceInside",
    "newlineInside",
    "nonCanonicalSignature",
  ];
  const refused = breakages
    .filter((breakage) => !leftToTheRuntime.includes(breakage))
    .flatMap((breakage) => (["RS256", "ES256"] as const).map((alg) => ({ breakage, alg })));

  test.each(refused)("jose refuses a token of $alg with breakage $breakage", async ({ breakage, alg }) => {
    await expect(verify(mintBrokenToken(breakage, { ...order, alg }), alg)).rejects.toThrow();
  });

  test.each(breakages)("breakage %s changes the token", (breakage) => {
    const fixed = { ...order, alg: "RS256", now: 1 } as const;
    expect(mintBrokenToken(breakage, fixed)).not.toBe(mintToken(fixed));
  });
});

describe("certificates", () => {
  test("a workload's certificate carries its names and verifies against its authority only", async () => {
    const authority = await mintAuthority();
    const rogue = await mintAuthority(authority.name);
    const { certificate } = await mintCertificate(authority, {
      uris: ["spiffe://cluster.local/ns/shop/sa/web", "spiffe://cluster.local/ns/shop/sa/other"],
      dns: ["localhost"],
      ips: ["127.0.0.1"],
    });
    const parsed = new X509Certificate(certificate);
    expect(parsed.subjectAltName).toBe(
      "URI:spiffe://cluster.local/ns/shop/sa/web, URI:spiffe://cluster.local/ns/shop/sa/other, " +
        "DNS:localhost, IP Address:127.0.0.1",
    );
    expect(parsed.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(parsed.verify(new X509Certificate(rogue.certificate).publicKey)).toBe(false);
  });

  test("a certificate without names has no subject alternative name, and may be expired", async () => {
    const notAfter = new Date(Date.UTC(2020, 0, 2));
    const { certificate } = await mintCertificate(await mintAuthority(), {
      notBefore: new Date(Date.UTC(2020, 0, 1)),
      notAfter,
    });
    const parsed = new X509Certificate(certificate);
    expect(parsed.subjectAltName).toBeUndefined();
    expect(new Date(parsed.validTo)).toEqual(notAfter);
  });
});
