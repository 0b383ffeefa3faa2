/** What each operator says of each kind of value, as a table: true, false or unknown. */
import { describe, expect, test } from "vitest";
import { compiledTime, decide, loadPolicies, type Attributes } from "./as-policy.ts";

type Truth = "true" | "false" | "unknown";

/** From two documents: an ALLOW rule applies where the condition is true, a DENY rule unless it is false. */
function truthOf(rule: object, request: Partial<Attributes>): Truth {
  const sent: Attributes = { now: 0, headers: [], tokens: {}, ...request };
  const applies = (action: "ALLOW" | "DENY") => {
    expect(loadPolicies([{ name: "p", namespace: "ns1", action, rules: [rule] }])).toBeUndefined();
    const { compiled, reference } = decide(sent);
    expect(compiled).toEqual(reference);
    return action === "ALLOW" ? compiled.allows : compiled.denies;
  };
  if (applies("ALLOW")) return "true";
  return applies("DENY") ? "unknown" : "false";
}

const when = (condition: object) => ({ when: [condition] });
const claims = (one: object) => ({ tokens: { one } });
const c = "request.auth.claims[c]";

describe("typed operators on claims", () => {
  test.each<[string, object, unknown, Truth]>([
    ["eq on the same text", { eq: "a" }, "a", "true"],
    ["eq on another text", { eq: "a" }, "b", "false"],
    ["eq on a number for a text", { eq: "1" }, 1, "unknown"],
    ["eq on a list", { eq: "a" }, ["a"], "unknown"],
    ["eq on null, which is no value", { eq: "a" }, null, "unknown"],
    ["eq on no claim", { eq: "a" }, undefined, "unknown"],
    ["eq on numbers that are equal", { eq: 1 }, 1, "true"],
    ["eq on −0", { eq: 0 }, -0, "true"],
    ["eq on booleans", { eq: true }, true, "true"],
    ["eq on the other boolean", { eq: true }, false, "false"],
    ["ne on another text", { ne: "a" }, "b", "true"],
    ["ne on no claim", { ne: "a" }, undefined, "unknown"],
    ["ne on another type", { ne: "a" }, 1, "unknown"],
    ["lt below", { lt: 3 }, 2.5, "true"],
    ["lt at the bound", { lt: 3 }, 3, "false"],
    ["lte at the bound", { lte: 3 }, 3, "true"],
    ["gt at the bound", { gt: 3 }, 3, "false"],
    ["gte at the bound", { gte: 3 }, 3, "true"],
    ["gte on a text of digits", { gte: 3 }, "4", "unknown"],
    ["two operators, both true", { gte: 3, lt: 5 }, 4, "true"],
    ["two operators, one false", { gte: 3, lt: 5 }, 5, "false"],
    ["anyOf on a list with one of them", { anyOf: ["a", 1] }, ["x", 1], "true"],
    ["anyOf on a list with none", { anyOf: ["a"] }, ["x"], "false"],
    ["anyOf on an empty list", { anyOf: ["a"] }, [], "false"],
    ["anyOf on a text", { anyOf: ["a", "b"] }, "b", "true"],
    ["anyOf on an object", { anyOf: ["a"] }, { a: 1 }, "unknown"],
    ["anyOf on a list with an object", { anyOf: ["a"] }, ["a", {}], "unknown"],
    ["allOf on a list with all", { allOf: ["a", "b"] }, ["b", "c", "a"], "true"],
    ["allOf on a list with some", { allOf: ["a", "b"] }, ["a"], "false"],
    ["noneOf on a list without them", { noneOf: ["a"] }, ["b"], "true"],
    ["noneOf on a list with one", { noneOf: ["a"] }, ["b", "a"], "false"],
    ["noneOf on no claim", { noneOf: ["a"] }, undefined, "unknown"],
    ["exists on a value", { exists: true }, "", "true"],
    ["exists on null", { exists: true }, null, "false"],
    ["exists on no claim", { exists: true }, undefined, "false"],
    ["exists false on no claim", { exists: false }, undefined, "true"],
    ["exists on an object", { exists: true }, {}, "true"],
  ])("%s", (_, operator, value, expected) => {
    const one = value === undefined ? {} : { c: value };
    expect(truthOf(when({ key: c, ...operator }), claims(one))).toBe(expected);
  });

  test.each<[string, object, object, Truth]>([
    ["a scope is the list of its words", { allOf: ["read", "write"] }, { scope: "write read" }, "true"],
    ["an empty scope has no words", { anyOf: [""] }, { scope: "" }, "false"],
    ["eq looks at the scope as a whole", { eq: "a b" }, { scope: "a b" }, "true"],
  ])("%s", (_, operator, one, expected) => {
    expect(truthOf(when({ key: "request.auth.claims[scope]", ...operator }), claims(one))).toBe(expected);
  });
});

describe("sameAs", () => {
  const rule = (paths: string[]) => ({
    to: [{ operation: { paths } }],
    when: [{ key: c, sameAs: "request.path{tenant}" }],
  });

  test.each<[string, string[], string, unknown, Truth]>([
    ["the same segment", ["/t/{tenant}"], "/t/acme", "acme", "true"],
    ["another segment", ["/t/{tenant}"], "/t/evil", "acme", "false"],
    ["another place in another path", ["/t/{tenant}", "/{tenant}/x"], "/acme/x", "acme", "true"],
    ["a path that does not match", ["/t/{tenant}"], "/u/acme", "acme", "false"],
    ["a segment with an escape", ["/t/{tenant}"], "/t/acme%2d", "acme%2d", "unknown"],
    ["a segment with parameters", ["/t/{tenant}"], "/t/acme;v=1", "acme;v=1", "unknown"],
    ["no claim", ["/t/{tenant}"], "/t/acme", undefined, "unknown"],
    ["a claim that is a list", ["/t/{tenant}"], "/t/acme", ["acme"], "unknown"],
    ["a name before the rest", ["/{tenant}/{**}"], "/acme/a/b", "acme", "true"],
  ])("%s", (_, paths, path, value, expected) => {
    const one = value === undefined ? {} : { c: value };
    expect(truthOf(rule(paths), { path, ...claims(one) })).toBe(expected);
  });

  test("compares claims of two tokens by the names of their rules", () => {
    const condition = { key: "request.auth[one].claims[c]", sameAs: "request.auth[two].claims[c]" };
    expect(truthOf(when(condition), { tokens: { one: { c: "a" }, two: { c: "a" } } })).toBe("true");
    expect(truthOf(when(condition), { tokens: { one: { c: "a" }, two: { c: "b" } } })).toBe("false");
    expect(truthOf(when(condition), { tokens: { one: { c: "a" } } })).toBe("unknown");
  });
});

describe("query parameters", () => {
  const key = "request.query[q]";
  test.each<[string, object, string | undefined, Truth]>([
    ["the only one", { eq: "a" }, "x=1&q=a", "true"],
    ["one with escapes, decoded", { eq: "a b/" }, "q=a+b%2F", "true"],
    ["a name with escapes, decoded", { eq: "a" }, "%71=a", "true"],
    ["one that comes twice", { eq: "a" }, "q=a&q=a", "unknown"],
    ["one that comes twice exists", { exists: true }, "q=a&q=b", "true"],
    ["a broken escape", { eq: "a" }, "q=%4", "unknown"],
    ["one without a value", { eq: "" }, "q", "true"],
    ["none of that name", { exists: true }, "qq=a", "false"],
    ["no query", { exists: false }, undefined, "true"],
  ])("%s", (_, operator, query, expected) => {
    expect(truthOf(when({ key, ...operator }), query === undefined ? {} : { query })).toBe(expected);
  });
});

describe("time in UTC", () => {
  const at = (text: string) => ({ now: Date.parse(text) / 1000 });
  test.each<[string, object, string, Truth]>([
    ["after a moment", { key: "request.time", gte: "2026-11-24T20:00:00Z" }, "2026-11-24T20:00:00Z", "true"],
    ["before a moment", { key: "request.time", lt: "2026-11-24T20:00:00Z" }, "2026-11-24T20:00:00Z", "false"],
    ["in a daily window", { key: "request.time", gte: "08:00", lt: "18:30" }, "2026-02-28T18:29:59Z", "true"],
    [
      "after a daily window",
      { key: "request.time", gte: "08:00", lt: "18:30" },
      "2026-02-28T18:30:00Z",
      "false",
    ],
    ["on a leap day", { key: "request.time", gte: "2028-02-29T00:00:00Z" }, "2028-02-29T00:00:00Z", "true"],
    ["on a weekday", { key: "request.time.weekday", anyOf: ["tue"] }, "2026-11-24T00:00:00Z", "true"],
    [
      "on another weekday",
      { key: "request.time.weekday", noneOf: ["sat", "sun"] },
      "2026-11-29T23:59:59Z",
      "false",
    ],
  ])("%s", (_, condition, time, expected) => {
    expect(truthOf(when(condition), at(time))).toBe(expected);
  });

  test("every moment of a range of years is read as Date reads it", () => {
    for (let day = 0; day < 365 * 80; day += 61) {
      const moment = new Date(day * 86_400_000 + 3_723_000).toISOString().replace(".000", "");
      const condition = { key: "request.time", gte: moment, lte: moment };
      expect(truthOf(when(condition), at(moment)), moment).toBe("true");
    }
  });
});

describe("networks", () => {
  const rule = (network: string) => when({ key: "source.ip", values: [network] });
  test.each<[string, string, string, Truth]>([
    ["an address", "10.1.2.3", "10.1.2.3", "true"],
    ["the first of a network", "10.1.0.0/16", "10.1.0.0", "true"],
    ["the last of a network", "10.1.0.0/16", "10.1.255.255", "true"],
    ["one past a network", "10.1.0.0/16", "10.2.0.0", "false"],
    ["bits within a byte", "10.1.2.0/23", "10.1.3.255", "true"],
    ["all IPv4", "0.0.0.0/0", "203.0.113.9", "true"],
    ["all IPv4 is no IPv6", "0.0.0.0/0", "::1", "false"],
    ["IPv6", "2001:db8::/32", "2001:db8:1::1", "true"],
    ["IPv6 with a zone", "fe80::/10", "fe80::1%2", "true"],
    ["IPv6 in full", "2001:db8:0:0:0:0:0:1", "2001:db8::1", "true"],
    ["an IPv4 address in IPv6 is an IPv6 address", "10.0.0.0/8", "::ffff:10.1.2.3", "false"],
    ["bits behind the prefix do not count", "10.1.2.3/8", "10.9.9.9", "true"],
  ])("%s", (_, network, source, expected) => {
    expect(truthOf(rule(network), { source })).toBe(expected);
  });

  test.each([
    "10.0.0",
    "10.0.0.256",
    "10.0.0.0/33",
    "10.0.0.01",
    "::1::",
    "1:2:3:4:5:6:7",
    "::/129",
    "host",
    "10.0.0.0/",
    "fe80::1%2",
  ])("%s is no network", (network) => {
    const policies = [{ name: "p", rules: [rule(network)] }];
    expect(loadPolicies(policies)).toContain("lictor refused bad_value at /0/rules/0/when/0/values/0");
  });
});

describe("parts of the caller's identity", () => {
  test.each<[string, string, string, Truth]>([
    ["source.namespace", "shop", "spiffe://td/ns/shop/sa/web", "true"],
    ["source.serviceAccount", "web", "spiffe://td/ns/shop/sa/web", "true"],
    ["source.trustDomain", "td", "spiffe://td/anything", "true"],
    ["source.principal", "td/ns/shop/sa/web", "spiffe://td/ns/shop/sa/web", "true"],
    ["source.namespace", "shop", "spiffe://td/ns/shop/sa/web/more", "unknown"],
    ["source.namespace", "shop", "spiffe://td/shop/web", "unknown"],
  ])("%s eq %s for %s", (key, eq, peer, expected) => {
    expect(truthOf(when({ key, eq }), { peer })).toBe(expected);
  });

  test("a caller without a certificate has none of them", () => {
    expect(truthOf(when({ key: "source.namespace", ne: "shop" }), {})).toBe("unknown");
  });

  test("an alias of the trust domain stands for the others", () => {
    const rule = { from: [{ source: { principals: ["td/ns/a/sa/b"] } }] };
    expect(truthOf(rule, { peer: "spiffe://old-td/ns/a/sa/b" })).toBe("true");
    expect(truthOf(rule, { peer: "spiffe://other/ns/a/sa/b" })).toBe("false");
  });

  test("a service account without a namespace is of the policy's own", () => {
    const rule = { from: [{ source: { serviceAccounts: ["web"] } }] };
    expect(truthOf(rule, { peer: "spiffe://td/ns/ns1/sa/web" })).toBe("true");
    expect(truthOf(rule, { peer: "spiffe://td/ns/other/sa/web" })).toBe("false");
  });
});

/** How much longer the large one takes: the shortest times are those that nothing else held up. */
function growthOf(time: (size: number) => number, small: number, large: number): number {
  const runs = Array.from({ length: 9 }, () => [time(small), time(large)] as const);
  return Math.min(...runs.map(([, slow]) => slow)) / Math.min(...runs.map(([fast]) => fast));
}

describe("hostile requests", () => {
  test("a path of 8 KiB against a hundred templates, and thousands of prefixes, takes no longer than its size", () => {
    const templates = Array.from({ length: 100 }, (_, n) => `/${"{*}/".repeat(n % 12)}a${n}/{**}`);
    const prefixes = Array.from({ length: 2_000 }, (_, n) => `/${"a/".repeat(n % 500)}b${n}*`);
    const rules = [...templates, ...prefixes].map((path) => ({ to: [{ operation: { paths: [path] } }] }));
    expect(loadPolicies([{ name: "p", rules }])).toBeUndefined();
    const time = (segments: number) =>
      compiledTime({ path: `/${"a/".repeat(segments)}`, now: 0, headers: [], tokens: {} }, 50);
    // Four times the size: far below the sixteen times of anything quadratic.
    expect(growthOf(time, 1_023, 4_092)).toBeLessThan(9);
  });

  test.each(["/adm\0in", "/admin\0", "/\xff", "/admin\x7f"])("%j matches nothing by accident", (path) => {
    const rule = { to: [{ operation: { paths: ["/admin", "/admin/{*}", "/{*}/x"] } }] };
    expect(truthOf(rule, { path })).toBe("false");
  });
});

describe("one rule that many atoms lead to", () => {
  test.each<[string, (size: number) => [object, Partial<Attributes>]]>([
    [
      "prefixes of one another",
      (size) => [
        {
          to: Array.from({ length: size }, (_, n) => ({
            operation: { methods: ["POST"], paths: [`/${"a".repeat(n)}*`] },
          })),
        },
        { method: "GET", path: `/${"a".repeat(size)}` },
      ],
    ],
    [
      "scopes that must all be there",
      (size) => [
        when({ key: c, allOf: ["missing", ...Array.from({ length: size }, (_, n) => `s${n}`)] }),
        claims({ c: Array.from({ length: size }, (_, n) => `s${n}`) }),
      ],
    ],
  ])("%s cost time linear in their number", (_, make) => {
    const time = (size: number) => {
      const [rule, request] = make(size);
      expect(loadPolicies([{ name: "p", rules: [rule] }])).toBeUndefined();
      return compiledTime({ now: 0, headers: [], tokens: {}, ...request }, 20);
    };
    expect(growthOf(time, 500, 2_000)).toBeLessThan(9);
  });
});
