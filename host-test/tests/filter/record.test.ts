import { describe, expect, test } from "vitest";
import { mintToken } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

describe("the decision record", () => {
  test("says who, what, when and why", async () => {
    const nowMs = Date.now();
    const host = await loadFilter(documentWith(), { nowMs });
    const token = mintToken({ issuer: ISSUER, subject: "alice", claims: { azp: "shop" } });
    const extra: [string, string][] = [bearer(token), ["x-request-id", "id-1"], ["traceparent", TRACE]];
    const record = recordOf(host.request(lines("/a?secret=1", ...extra)));
    expect(record).toEqual({
      v: 1,
      time: new Date(nowMs).toISOString(),
      id: expect.stringMatching(/^\d+-1$/),
      decision: "allow",
      policy: "users",
      rule: 0,
      tokens: [{ rule: "corp", iss: ISSUER, sub: "alice", client: "shop" }],
      method: "GET",
      host: "a.test",
      path: "/a",
      requestId: "id-1",
      traceId: TRACE.slice(3, 35),
      destination: "lictor",
      revision: "r1",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.each([
    { claims: { azp: "shop", client_id: "other" }, client: "shop" },
    { claims: { client_id: "batch" }, client: "batch" },
    { claims: { azp: ["shop"], client_id: "batch" }, client: "batch" },
    { claims: { azp: 1, client_id: {} }, client: undefined },
    { claims: {}, client: undefined },
  ])("names the client of a token with $claims, verified and cached", async ({ claims, client }) => {
    const host = await loadFilter();
    const token = mintToken({ issuer: ISSUER, subject: "alice", claims });
    for (const _ of ["verified", "cached"]) {
      const [caller] = recordOf(host.request(lines("/a", bearer(token))))["tokens"] as object[];
      expect(caller).toStrictEqual({ rule: "corp", iss: ISSUER, sub: "alice", ...(client && { client }) });
    }
  });

  test.each([
    "1970-01-01T00:00:00.001Z",
    "2000-02-29T23:59:59.999Z",
    "2026-12-31T00:00:00.000Z",
    "2100-03-01T12:00:00.500Z",
  ])("writes the time %s as RFC 3339", async (time) => {
    const host = await loadFilter(documentWith(), { nowMs: Date.parse(time) });
    expect(recordOf(host.request(lines("/open")))["time"]).toBe(time);
  });

  test("holds nothing of a token or of another header, on allow or deny", async () => {
    const host = await loadFilter();
    const good = mintToken({ issuer: ISSUER, subject: "alice", claims: { email: "a@secret.example" } });
    for (const token of [good, `${good}x`, "garbage-secret"]) {
      const stream = host.request(
        lines("/a", bearer(token), ["cookie", "session=secret"], ["x-key", "secret"]),
      );
      const text = JSON.stringify([stream.state("wasm.lictor.decision"), stream.logs, stream.reply]);
      expect(text).not.toContain("secret");
      for (const part of token.split(".")) expect(text).not.toContain(part);
    }
  });

  test("stays one line of JSON for bytes of any kind, cut at 256 bytes", async () => {
    const host = await loadFilter();
    const hostile = '"\\\u00ff\u00c0\u0080\t' + "x".repeat(400);
    const stream = host.request(lines(`/open?${hostile}`, ["x-request-id", hostile]));
    const text = stream.state("wasm.lictor.decision")!;
    expect(text).not.toContain("\n");
    expect(String(recordOf(stream)["requestId"])).toHaveLength(256 + "…".length);
  });

  test("times one decision in 64", async () => {
    const host = await loadFilter();
    const timed = Array.from({ length: 128 }, () => recordOf(host.request(lines("/open")))).filter(
      (record) => "evalNs" in record,
    );
    expect(timed.length).toBeLessThanOrEqual(2);
  });
});
