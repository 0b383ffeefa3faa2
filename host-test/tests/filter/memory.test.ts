import { describe, expect, test } from "vitest";
import { mintKey, mintToken } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

/** A document of about `kilobytes`. */
function documentOf(kilobytes: number): string {
  const paths = [`/${"a".repeat(kilobytes * 1024)}`];
  return documentWith({
    revision: `k${kilobytes}`,
    policies: [{ name: "open", rules: [{ to: [{ operation: { paths } }] }] }],
    defaultAction: "ALLOW",
  });
}

describe("a worker that lives long", () => {
  test("takes a policy that grows a little with every push", async () => {
    const host = await loadFilter(documentOf(0));
    for (let kilobytes = 64; kilobytes <= 64 * 50; kilobytes += 64) {
      expect(host.push(documentOf(kilobytes)).accepted).toBe(true);
      expect(host.present(0)).toBe(true);
    }
    expect(recordOf(host.request(lines("/"))).decision).toBe("allow");
  });

  test("takes more pushes than it has room for caches and tables, while streams hold every document", async () => {
    const keys = { keys: [mintKey("a", "ES256").jwk, mintKey("b", "EdDSA").jwk] };
    const document = (revision: string) =>
      documentWith({ revision, jwtRules: [{ issuer: ISSUER, jwks: keys }] });
    const host = await loadFilter(document("r0"));
    const token = mintToken({ issuer: ISSUER, subject: "a", key: "a", alg: "ES256" });
    for (let push = 1; push <= 100; push++) {
      host.requestHeaders(lines("/a", bearer(token)));
      expect(host.push(document(`r${push}`)).accepted).toBe(true);
      expect(host.present(0)).toBe(true);
    }
    // Each would hold 1.7 MB.
    expect(host.pages(0)).toBeLessThan(1536);
    for (let again = 0; again < 2; again++)
      expect(recordOf(host.request(lines("/a", bearer(token))))).toMatchObject({ decision: "allow" });
  });

  test("refuses requests once streams hold too many large documents, and comes to no end of memory", async () => {
    const host = await loadFilter(documentOf(0));
    const logs: string[] = [];
    for (let push = 0; push < 25; push++) {
      host.requestHeaders(lines("/"));
      const { accepted, logs: said } = host.push(documentOf(7 * 1024 + push));
      logs.push(...said.map(({ message }) => message));
      expect(accepted).toBe(true);
      expect(host.present(0)).toBe(true);
    }
    expect(host.pages(0)).toBeLessThan(4096);
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
