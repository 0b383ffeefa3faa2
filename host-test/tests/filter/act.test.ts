import { describe, expect, test } from "vitest";
import { mintToken } from "../mint/index.ts";
import { ISSUER, SEAL, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const token = mintToken({ issuer: ISSUER, subject: "alice" });

describe("on an allow, the filter", () => {
  test("sets the mark and takes the token off the forwarded request", async () => {
    const host = await loadFilter();
    const stream = host.request(lines("/a", bearer(token), ["x-kept", "1"]));
    expect(stream.state("wasm.lictor.ok")).toBe(SEAL);
    expect(stream.headers.map(([name]) => name)).not.toContain("authorization");
    expect(stream.headers).toContainEqual(["x-kept", "1"]);
  });

  test("leaves a credential alone that is no token of ours", async () => {
    const host = await loadFilter();
    const stream = host.request(lines("/open", ["authorization", "Basic YTpi"]));
    expect(stream.headers).toContainEqual(["authorization", "Basic YTpi"]);
  });

  test("forwards the token where the rule says so", async () => {
    const rule = {
      issuer: ISSUER,
      forwardOriginalToken: true,
      jwks: JSON.parse(documentWith()).jwtRules[0].jwks,
    };
    const host = await loadFilter(documentWith({ jwtRules: [rule] }));
    const stream = host.request(lines("/a", bearer(token)));
    expect(stream.headers.map(([name]) => name)).toContain("authorization");
  });

  test("sets no mark where the document has no seal", async () => {
    const host = await loadFilter(documentWith({ seal: "" }));
    expect(host.request(lines("/open")).state("wasm.lictor.ok")).toBeUndefined();
  });
});

describe("on a denial, the filter", () => {
  test.each([
    ["without a token", [], 401, 'Bearer realm="lictor"'],
    ["with a bad token", [bearer(`${token}x`)], 401, 'Bearer realm="lictor", error="invalid_token"'],
    ["with an ambiguous path", undefined, 400, undefined],
  ] as const)(
    "%s answers with the challenge of RFC 6750 and nothing more",
    async (_, headers, status, challenge) => {
      const host = await loadFilter();
      const stream = host.request(headers === undefined ? lines("/a//b") : lines("/a", ...headers));
      expect(stream.reply?.status).toBe(status);
      expect(stream.reply?.headers.find(([name]) => name === "www-authenticate")?.[1]).toBe(challenge);
      expect(stream.reply?.body.length).toBe(0);
      expect(stream.state("wasm.lictor.ok")).toBeUndefined();
    },
  );

  test("tells a caller without the scope so, without naming the scope", async () => {
    const when = [{ key: "request.auth.claims[scope]", values: ["secret-scope"] }];
    const host = await loadFilter(documentWith({ policies: [{ name: "a", rules: [{ when }] }] }));
    const { reply } = host.request(lines("/a", bearer(token)));
    expect(reply?.status).toBe(403);
    expect(JSON.stringify(reply?.headers)).toContain('error=\\"insufficient_scope\\"');
    expect(JSON.stringify(reply)).not.toContain("secret-scope");
  });
});

describe("in mode OBSERVE, the filter", () => {
  test("lets a denied request go on untouched, marked, and recorded as denied", async () => {
    const host = await loadFilter(documentWith({ mode: "OBSERVE" }));
    const stream = host.request(lines("/a", bearer("garbage")));
    expect(stream.reply).toBeUndefined();
    expect(stream.state("wasm.lictor.ok")).toBe(SEAL);
    expect(stream.headers).toContainEqual(bearer("garbage"));
    expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "token_malformed" });
  });
});

describe("in mode OBSERVE, a header that only rules write, sent by the client, does not reach the service", () => {
  const rule = {
    ...JSON.parse(documentWith()).jwtRules[0],
    outputClaimToHeaders: [{ header: "x-user", claim: "sub" }],
  };
  const forged: [string, string][] = [
    ["x-user", "admin"],
    ["x_user", "admin"],
  ];

  test.each([
    ["of a request without a token", lines("/a"), []],
    ["of a request with a bad token", lines("/a", bearer("a.b.c")), []],
    ["of a request with an ambiguous path", lines("/a//b"), []],
    ["of an allowed request", lines("/a", bearer(token)), ["alice"]],
  ])("%s", async (_, sent, expected) => {
    const host = await loadFilter(documentWith({ mode: "OBSERVE", jwtRules: [rule] }));
    for (const headers of [[forged[0]!], forged]) {
      const stream = host.request([...sent, ...headers]);
      expect(stream.reply).toBeUndefined();
      expect(stream.headers.filter(([name]) => name === "x-user").map(([, value]) => value)).toEqual(
        headers.length === 1 ? expected : [],
      );
      expect(stream.headers.map(([name]) => name)).not.toContain("x_user");
    }
  });

  test("of a request that could not be decided, which is refused in this mode too", async () => {
    const host = await loadFilter(documentWith({ mode: "OBSERVE", jwtRules: [rule] }));
    host.clock.set(0);
    const stream = host.request([...lines("/open"), ...forged]);
    expect(stream.reply).toMatchObject({ status: 503, details: "lictor_denied{not_ready}" });
    expect(stream.state("wasm.lictor.ok")).toBeUndefined();
  });
});

describe("a request whose token the proxy does not let go of", () => {
  const rule = { ...JSON.parse(documentWith()).jwtRules[0], fromParams: ["t"] };

  test.each(["ENFORCE", "OBSERVE"])("is refused in mode %s, recorded so, and has no mark", async (mode) => {
    const host = await loadFilter(documentWith({ mode, jwtRules: [rule] }));
    const kept = host.request(lines(`/open?t=${token}&b=1`));
    expect(kept.reply).toBeUndefined();
    expect(kept.headers).toContainEqual([":path", "/open?b=1"]);
    const stream = host.request(lines(`/open?t=${token}&b=\r`));
    expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "not_ready", path: "/open" });
    expect(recordOf(stream)).not.toHaveProperty("policy");
    expect(stream.reply).toMatchObject({ status: 503, details: "lictor_denied{not_ready}" });
    expect(stream.state("wasm.lictor.ok")).toBeUndefined();
  });
});

test("a VM whose clock does not answer refuses every request as not_ready", async () => {
  const host = await loadFilter();
  host.clock.set(0);
  const stream = host.request(lines("/open"));
  expect(stream.reply).toMatchObject({ status: 503, details: "lictor_denied{not_ready}" });
  expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "not_ready" });
});

test("where a document only observes, a denied request goes on as an allowed one: marked, its token taken off", async () => {
  const deny = { name: "none", action: "DENY", rules: [{}] };
  const host = await loadFilter(documentWith({ mode: "OBSERVE", policies: [deny] }));
  const stream = host.request(lines("/a", bearer(token), ["x-kept", "1"]));
  expect(recordOf(stream)).toMatchObject({ decision: "deny", reason: "policy_denied" });
  expect(stream.reply).toBeUndefined();
  expect(stream.state("wasm.lictor.ok")).toBe(SEAL);
  expect(stream.headers.map(([name]) => name)).not.toContain("authorization");
  expect(stream.headers).toContainEqual(["x-kept", "1"]);
});
