import { describe, expect, test } from "vitest";
import { mintKey, mintToken } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf, type Document } from "./filter.ts";

/** Without the keys of `documentWith`, whose tables take longer than anything here. */
const keyless = (members: Document) => documentWith({ jwtRules: [], ...members });

/** A document of about `kilobytes`. */
function documentOf(kilobytes: number): string {
  const paths = [`/${"a".repeat(kilobytes * 1024)}`];
  return keyless({
    revision: `k${kilobytes}`,
    policies: [{ name: "open", rules: [{ to: [{ operation: { paths } }] }] }],
    defaultAction: "ALLOW",
  });
}

/** A document that holds 6 MiB when it is compiled. */
function largeDocument(revision: string): string {
  const paths = Array.from({ length: 50_000 }, (_, index) => `/${index}/{*}`);
  return keyless({ revision, policies: [{ name: "large", rules: [{ to: [{ operation: { paths } }] }] }] });
}

/** The pages that all arenas together may hold before work is refused. */
const MAX_PAGES = 1024;

describe("a worker that lives long", () => {
  test("takes a policy that grows a little with every push", async () => {
    const host = await loadFilter(documentOf(0));
    for (let kilobytes = 64; kilobytes <= 64 * 24; kilobytes += 64) {
      expect(host.push(documentOf(kilobytes)).accepted).toBe(true);
      expect(host.present(0)).toBe(true);
    }
    expect(recordOf(host.request(lines("/"))).decision).toBe("allow");
    // Pages that come back are joined: else each document would take fresh ones, 1081 in all.
    expect(host.pages(0)).toBeLessThan(600);
  });

  test("takes more pushes than it has room for caches and tables, while streams hold every document", async () => {
    const keys = { keys: [mintKey("a", "ES256").jwk, mintKey("b", "EdDSA").jwk] };
    const document = (revision: string) =>
      documentWith({ revision, jwtRules: [{ issuer: ISSUER, jwks: keys }], limits: { tokenCache: 8000 } });
    const host = await loadFilter(document("r0"));
    const token = mintToken({ issuer: ISSUER, subject: "a", key: "a", alg: "ES256" });
    // Each holds 12 MiB: six of them are more than there is room for.
    for (let push = 1; push <= 12; push++) {
      host.requestHeaders(lines("/a", bearer(token)));
      expect(host.push(document(`r${push}`)).accepted).toBe(true);
      expect(host.present(0)).toBe(true);
    }
    expect(host.pages(0)).toBeLessThan(1.5 * MAX_PAGES);
    for (let again = 0; again < 2; again++)
      expect(recordOf(host.request(lines("/a", bearer(token))))).toMatchObject({ decision: "allow" });
  });

  test("refuses requests once streams hold too many large documents, and comes to no end of memory", async () => {
    const host = await loadFilter(keyless({}));
    const logs: string[] = [];
    for (let push = 0; push < 14; push++) {
      host.requestHeaders(lines("/"));
      const { accepted, logs: said } = host.push(largeDocument(`r${push}`));
      logs.push(...said.map(({ message }) => message));
      expect(accepted).toBe(true);
      expect(host.present(0)).toBe(true);
    }
    expect(host.pages(0)).toBeLessThan(2 * MAX_PAGES);
    expect(recordOf(host.request(lines("/")))).toMatchObject({ decision: "deny", reason: "not_ready" });
    expect(host.failure(0)).toBeUndefined();
    expect(logs).toContainEqual(expect.stringMatching(/^lictor not ready: open streams hold /));
  });
});

test("a document that is too large to hand over is refused, and the old one goes on serving", async () => {
  const host = await loadFilter();
  const push = host.push(documentWith().padEnd(65 * 1024 * 1024));
  expect(push.accepted).toBe(false);
  expect(push.logs.map(({ message }) => message)).toEqual([
    expect.stringContaining("lictor refused too_large at /: expected "),
  ]);
  expect(recordOf(host.request(lines("/open"))).decision).toBe("allow");
});
