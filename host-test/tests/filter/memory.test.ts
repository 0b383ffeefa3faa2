import { describe, expect, test } from "vitest";
import { documentWith, lines, loadFilter, recordOf } from "./filter.ts";

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

  test("refuses requests once streams hold too many large documents, and comes to no end of memory", async () => {
    const host = await loadFilter(documentOf(0));
    for (let push = 0; push < 25; push++) {
      host.requestHeaders(lines("/"));
      expect(host.push(documentOf(7 * 1024 + push)).accepted).toBe(true);
      expect(host.present(0)).toBe(true);
    }
    expect(host.pages(0)).toBeLessThan(4096);
    expect(recordOf(host.request(lines("/")))).toMatchObject({ decision: "deny", reason: "not_ready" });
    expect(host.failure(0)).toBeUndefined();
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
