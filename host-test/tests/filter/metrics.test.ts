/** What the filter counts: decisions by policy and by reason, and the time that they take. */
import type { Host } from "lictor-host";
import { describe, expect, test, vi } from "vitest";
import { documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const DAY = Date.parse("2026-06-01T12:00:00Z");

const policyCounter = (host: Host, policy: string) =>
  host.metrics.value(`policy=.=${policy};.;lictor_policy_decisions_total`);

const pathPolicy = (name: string, members: object = {}) => ({
  name,
  rules: [{ to: [{ operation: { paths: [`/${name}`] } }] }],
  ...members,
});

describe("the counter of a policy", () => {
  test("counts the requests that it decided, allowed or denied, and no others", async () => {
    const deny = pathPolicy("closed", { namespace: "shop", action: "DENY" });
    const host = await loadFilter(documentWith({ policies: [pathPolicy("a"), deny, pathPolicy("b")] }));
    for (const path of ["/a", "/a", "/closed", "/nowhere", "/a//b"]) host.request(lines(path));
    expect(["a", "shop/closed", "b"].map((name) => policyCounter(host, name))).toEqual([2, 1, 0]);
  });

  test("goes on over pushes that keep the policy's name", async () => {
    const host = await loadFilter(documentWith({ policies: [pathPolicy("a")] }));
    host.request(lines("/a"));
    host.push(documentWith({ policies: [pathPolicy("b"), pathPolicy("a")] }));
    for (const path of ["/a", "/b"]) host.request(lines(path));
    expect(["a", "b"].map((name) => policyCounter(host, name))).toEqual([2, 1]);
  });

  test("has a name of bytes that mean nothing to a tag extractor", async () => {
    const policy = { ...pathPolicy("a"), name: "a;.;b=.=c ä/d-e_f.g" };
    const host = await loadFilter(documentWith({ policies: [policy] }));
    host.request(lines("/a"));
    expect(policyCounter(host, "a_._b_._c___/d-e_f.g")).toBe(1);
  });

  test("metrics.MAX_POLICY_METRICS: is there for the first 256 names and not for the next", async () => {
    const policies = Array.from({ length: 257 }, (_, index) => pathPolicy(`p${index}`));
    const host = await loadFilter(documentWith({ policies }));
    for (const name of ["p0", "p255", "p256"])
      expect(recordOf(host.request(lines(`/${name}`)))).toMatchObject({ decision: "allow", policy: name });
    expect(["p0", "p255", "p256"].map((name) => policyCounter(host, name))).toEqual([1, 1, undefined]);
  });

  test("metrics.MAX_NAME_BYTES: is there for a metric's name of 1024 bytes and not for a longer one", async () => {
    const around = "policy=.=;.;lictor_policy_decisions_total".length;
    const names = [1024, 1025].map((bytes) => "n".repeat(bytes - around));
    const policies = names.map((name, index) => ({ ...pathPolicy(`p${index}`), name }));
    const host = await loadFilter(documentWith({ policies }));
    for (const path of ["/p0", "/p1"]) expect(recordOf(host.request(lines(path))).decision).toBe("allow");
    expect(names.map((name) => policyCounter(host, name))).toEqual([1, undefined]);
  });
});

describe("the time of decisions", () => {
  /** The host's clock stands still; here the second time that a request asks comes `spent` later. */
  async function timed(spent: bigint, requests: number): Promise<{ recorded: number[]; times: unknown[] }> {
    const host = await loadFilter(documentWith(), { nowMs: DAY });
    const start = host.clock.nanoseconds;
    let asked = 0n;
    vi.spyOn(host.clock, "nanoseconds", "get").mockImplementation(() => start + spent * asked++);
    const times = Array.from({ length: requests }, () => {
      asked = 0n;
      return recordOf(host.request(lines("/open")))["evalNs"];
    });
    return { recorded: host.metrics.recorded("lictor_evaluation_ns"), times };
  }

  test("is recorded for one request in 64, as it was, in the histogram and in the record", async () => {
    const { recorded, times } = await timed(1_234_567n, 128);
    expect(recorded).toEqual([1_234_567, 1_234_567]);
    const expected = Array.from({ length: 128 }, (_, index) => (index % 64 === 63 ? 1_234_567 : undefined));
    expect(times).toEqual(expected);
  });

  test.each([
    ["a minute is recorded", 60_000_000_000n, [60_000_000_000]],
    ["over a minute, a clock that was set, is not", 60_000_000_001n, []],
    ["less than nothing, a clock that was set back, is not", -1n, []],
  ])("stream.MAX_SENSIBLE_NANOSECONDS: %s", async (_, spent, recorded) => {
    const result = await timed(spent, 64);
    expect(result.recorded).toEqual(recorded);
    expect(result.times.at(-1)).toBe(recorded[0]);
  });
});
