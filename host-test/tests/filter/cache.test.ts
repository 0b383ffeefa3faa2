import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { keySet, mintKey, mintToken } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const now = Math.floor(Date.now() / 1000);
const token = mintToken({ issuer: ISSUER, subject: "alice", now });
const uncached = documentWith({ limits: { tokenCache: 0 } });

function reasonOf(host: Awaited<ReturnType<typeof loadFilter>>, text: string): unknown {
  const record = recordOf(host.request(lines("/a", bearer(text))));
  return record["decision"] === "allow" ? "allow" : record["reason"];
}

describe("the cache of verified tokens", () => {
  test("answers as no cache does, whatever tokens come in whatever order at whatever time", async () => {
    const cached = await loadFilter(documentWith({ limits: { tokenCache: 3 } }));
    const plain = await loadFilter(uncached);
    const tokens = [0, 1, 2, 3, 4, 5].map((n) =>
      mintToken({
        issuer: ISSUER,
        subject: `s${n}`,
        now,
        expiresIn: 100 * n,
        alg: n % 2 ? "ES256" : "RS256",
      }),
    );
    const forged = tokens.map((text) => `${text.slice(0, -6)}AAAAAA`);
    const step = fc.tuple(fc.constantFrom(...tokens, ...forged), fc.integer({ min: -200, max: 900 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        for (const [text, seconds] of steps) {
          for (const host of [cached, plain]) host.clock.set((now + seconds) * 1000);
          expect(reasonOf(cached, text)).toBe(reasonOf(plain, text));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("gives a token up at the end of its time", async () => {
    const host = await loadFilter();
    expect(reasonOf(host, token)).toBe("allow");
    host.clock.set((now + 300 + 59) * 1000);
    expect(reasonOf(host, token)).toBe("allow");
    host.clock.set((now + 300 + 61) * 1000);
    expect(reasonOf(host, token)).toBe("token_expired");
  });

  test("gives every token up with the key that signed it", async () => {
    const host = await loadFilter();
    expect(reasonOf(host, token)).toBe("allow");
    const others = keySet(mintKey("other", "RS256"));
    host.push(documentWith({ jwtRules: [{ name: "corp", issuer: ISSUER, jwks: others }] }));
    expect(reasonOf(host, token)).toBe("key_unknown");
  });

  test("keeps what a request still reads, though its other token takes the only place", async () => {
    const places = ["x-one", "x-two"].map((name, index) => ({
      name: `rule${index}`,
      issuer: ISSUER,
      jwks: mintedKeys,
      fromHeaders: [{ name, prefix: "" }],
    }));
    const host = await loadFilter(documentWith({ jwtRules: places, limits: { tokenCache: 1 } }));
    const tokens = ["alice", "bob", "carol"].map((subject) =>
      mintToken({ issuer: ISSUER, subject, now, alg: "ES256" }),
    );
    const subjects = (one: string, two?: string) => {
      const headers: [string, string][] = two === undefined ? [] : [["x-two", two]];
      const record = recordOf(host.request(lines("/a", ["x-one", one], ...headers)));
      return (record["tokens"] as { sub: string }[]).map(({ sub }) => sub);
    };
    const [alice, bob, carol] = tokens as [string, string, string];
    expect(subjects(alice)).toEqual(["alice"]);
    expect(subjects(alice, bob)).toEqual(["alice", "bob"]);
    expect(subjects(alice, carol)).toEqual(["alice", "carol"]);
    expect(subjects(bob)).toEqual(["bob"]);
  });

  test("believes no token that differs in one byte from one it holds", async () => {
    const host = await loadFilter();
    expect(reasonOf(host, token)).toBe("allow");
    for (let at = 0; at < token.length; at += 7) {
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      expect(reasonOf(host, changed), String(at)).not.toBe("allow");
    }
  });

  test("holds a thousand tokens and lets go of the least recently used, in memory that does not grow", async () => {
    const host = await loadFilter();
    const tokens = Array.from({ length: 1200 }, (_, index) =>
      mintToken({ issuer: ISSUER, subject: `user-${index}`, now, alg: "ES256" }),
    );
    for (const text of tokens) expect(reasonOf(host, text)).toBe("allow");
    const pages = host.pages(0);
    for (const text of tokens) expect(reasonOf(host, text)).toBe("allow");
    expect(host.pages(0)).toBe(pages);
    expect(pages * 64).toBeLessThanOrEqual(4 * 1024);
  });
});

describe("limits of tokens", () => {
  const sized = (bytes: number) => {
    const base = mintToken({ issuer: ISSUER, subject: "a", now, claims: { filler: "" } });
    const filler = "x".repeat(Math.floor(((bytes - base.length) * 3) / 4) - 3);
    const text = mintToken({ issuer: ISSUER, subject: "a", now, claims: { filler } });
    return text.length <= bytes ? text : "";
  };

  test.each([
    ["at the cap", 2000, 2000, "allow"],
    ["one byte past the cap", 2000, 1, "token_too_large"],
  ])("a token %s", async (_, cap, spare, reason) => {
    const text = sized(cap);
    const limit = spare === 1 ? text.length - 1 : text.length;
    const host = await loadFilter(documentWith({ limits: { tokenBytes: limit } }));
    expect(reasonOf(host, text)).toBe(reason);
  });
});
