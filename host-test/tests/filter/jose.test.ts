/** Tokens signed and verified by `jose`, against the decision on its own. */
import fc from "fast-check";
import { importJWK, jwtVerify, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { ALGORITHMS } from "../corpus/corpus.ts";
import { decideLines, loadPolicy } from "../corpus/enforce.ts";
import { mintKey } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines } from "./filter.ts";

const now = Math.floor(Date.now() / 1000);

function accepts(token: string): boolean {
  return decideLines(lines("/a", bearer(token))).decision === "allow";
}

/** Claims as providers send them, times aside. */
const claims = fc.dictionary(
  fc
    .string({ maxLength: 12 })
    .filter((name) => !["iss", "sub", "aud", "exp", "nbf", "iat", "__proto__"].includes(name)),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 6 },
);

describe.each(ALGORITHMS)("%s tokens", (alg) => {
  const key = mintKey("test", alg);

  function sign(payload: object): Promise<string> {
    return new SignJWT(payload as never)
      .setProtectedHeader({ alg, kid: key.kid })
      .setIssuer(ISSUER)
      .setSubject("alice")
      .setExpirationTime(now + 300)
      .sign(key.signingKey);
  }

  beforeAll(() => {
    expect(loadPolicy(documentWith())).toBeUndefined();
  });

  test("that jose signs are accepted", async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (payload) => {
        expect(accepts(await sign(payload))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test("with any change are accepted only where jose accepts them too", async () => {
    const token = await sign({ scope: "orders:read" });
    const publicKey = await importJWK({ ...key.jwk } as never, alg);
    const characters = "ABab01-_.=+ \n";
    const edit = fc.tuple(
      fc.nat(token.length - 1),
      fc.constantFrom("replace", "insert", "delete"),
      fc.constantFrom(...characters),
    );
    await fc.assert(
      fc.asyncProperty(edit, async ([at, kind, character]) => {
        const rest = token.slice(kind === "insert" ? at : at + 1);
        const changed = token.slice(0, at) + (kind === "delete" ? "" : character) + rest;
        if (changed === token || !accepts(changed)) return;
        // RFC 9110 §11.4 allows several spaces after the scheme; they are no part of the token.
        await jwtVerify(changed.trimStart(), publicKey, { issuer: ISSUER });
      }),
      { numRuns: 60 },
    );
  });
});
