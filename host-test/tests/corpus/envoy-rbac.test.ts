/** Cases of Envoy's own RBAC filter, and of the places where its jwt_authn finds tokens. */
import { beforeAll, describe, expect, test } from "vitest";
import { mintKey, mintToken } from "../mint/index.ts";
import { describeVectors, readVectors } from "../support/vectors.ts";
import type { DecisionRecord } from "./corpus.ts";
import { decideLines, loadPolicy, type Transport } from "./enforce.ts";

type Line = [name: string, value: string];

interface RbacRow {
  id: string;
  policy?: { action: "ALLOW" | "DENY"; rules: object[] };
  request?: { method: string; path: string; host: string; headers: Line[] };
  ip?: { direct_remote: string; downstream_remote: string; local: string };
  field?: string;
  cidr?: string;
  port?: number;
  range?: [from: number, to: number];
  headers?: Line[];
  match?: { exact?: string; suffix?: string; contains?: string };
  expect_allow: boolean;
}

interface Extraction {
  providers: { [name: string]: Provider };
  cases: ExtractionCase[];
}

interface ExtractionCase {
  id: string;
  headers: Line[];
  path: string;
  expect: Extracted[];
}

interface Extracted {
  token: string;
  allowed_issuers: string[];
}

interface Provider {
  issuer: string;
  from_headers?: { name: string; value_prefix?: string }[];
  from_params?: string[];
  from_cookies?: string[];
}

const GET = { method: "GET", path: "/", host: "a.test", headers: [] as Line[] };

function load(document: object): string | undefined {
  return loadPolicy(JSON.stringify({ apiVersion: "lictor/v1", ...document }));
}

function decide({ method, path, host, headers }: typeof GET, transport: Transport = {}): DecisionRecord {
  const lines: Line[] = [[":method", method], [":path", path], [":authority", host], ...headers];
  return decideLines(
    lines.map(([name, value]) => [name.toLowerCase(), value]),
    transport,
  );
}

/** The rule that a row without a policy is about, and what it is asked with; undefined where we have no such rule. */
function ruleOf({ ip, field, cidr, port, range, headers, match }: RbacRow) {
  const when = (condition: object) => ({ when: [condition] });
  if (ip !== undefined) {
    const transport = {
      peerAddress: ip.direct_remote,
      remoteAddress: ip.downstream_remote,
      destinationAddress: ip.local,
    };
    if (field === "direct_remote") return { rule: { from: [{ source: { ipBlocks: [cidr] } }] }, transport };
    if (field === "downstream_remote")
      return { rule: { from: [{ source: { remoteIpBlocks: [cidr] } }] }, transport };
    if (field === "local") return { rule: when({ key: "destination.ip", values: [cidr] }), transport };
    return undefined;
  }
  if (port !== undefined)
    return { rule: when({ key: "destination.port", gte: range![0], lt: range![1] }), transport: { port } };
  const value = match?.exact ?? (match?.suffix === undefined ? undefined : `*${match.suffix}`);
  if (value === undefined) return undefined;
  return { rule: when({ key: "request.headers[multi-header]", values: [value] }), headers: headers! };
}

describeVectors("tables/envoy_rbac_jwt_extract.json", (path) => {
  const { rbac, jwt_extractor } = readVectors<{ rbac: RbacRow[]; jwt_extractor: Extraction }>(path);

  test("RBAC: the same verdicts, but for these", () => {
    const different: { [id: string]: string } = {};
    const rows = { policies: 0, matchers: 0, "not ours": 0 };
    for (const row of rbac) {
      const matcher = row.policy === undefined ? ruleOf(row) : undefined;
      if (row.policy === undefined && matcher === undefined) {
        rows["not ours"] += 1;
        continue;
      }
      rows[row.policy === undefined ? "matchers" : "policies"] += 1;
      const { action, rules } = row.policy ?? { action: "ALLOW", rules: [matcher!.rule] };
      const refusal = load({
        identity: { peerAddress: "FILTER_STATE" },
        policies: [{ name: "a", action, rules }],
        defaultAction: action === "DENY" ? "ALLOW" : "DENY",
      });
      const request = row.request ?? { ...GET, headers: matcher?.headers ?? [] };
      const { reason = "allow" } =
        refusal === undefined ? decide(request, matcher?.transport) : { reason: refusal };
      if ((reason === "allow") !== row.expect_allow) different[row.id] = reason;
    }
    expect(different).toEqual(OTHER_VERDICTS);
    // Texts that contain a value, and the address of the connection where a listener filter gives another one.
    expect(rows).toEqual({ policies: 24, matchers: 16, "not ours": 4 });
  });

  describe("a token", () => {
    const { providers, cases } = jwt_extractor;
    const key = mintKey("test", "ES256");
    const jwtRules = Object.entries(providers).map(([name, provider]) => ({
      name,
      issuer: provider.issuer,
      jwks: { keys: [key.jwk] },
      ...(provider.from_headers === undefined ? {} : { fromHeaders: provider.from_headers.map(headerOf) }),
      ...(provider.from_params === undefined ? {} : { fromParams: provider.from_params }),
      ...(provider.from_cookies === undefined ? {} : { fromCookies: provider.from_cookies }),
    }));
    // Where a provider names no place.
    jwtRules[0] = {
      ...jwtRules[0]!,
      fromHeaders: [{ name: "authorization", prefix: "Bearer " }],
      fromParams: ["access_token"],
    };

    beforeAll(() => {
      expect(load({ jwtRules, defaultAction: "ALLOW" })).toBeUndefined();
    });

    function verdictOf(row: ExtractionCase, put = (text: string) => text): string {
      const headers = row.headers.map(([name, value]): Line => [name, put(value)]);
      return decide({ ...GET, headers, path: put(row.path) }).reason ?? "allow";
    }

    test("is found where jwt_authn finds one, but for one", () => {
      // None of them is a token: whoever finds it refuses it.
      const different = cases.filter((row) => (verdictOf(row) === "allow") !== (row.expect.length === 0));
      // We look at the start of a header only.
      expect(different.map(({ id }) => id)).toEqual([IN_THE_MIDDLE]);
      expect(cases.length).toBe(16);
    });

    test("alone is taken of the issuers that may stand there, and of no other", () => {
      const alone = cases.filter((row) => row.expect.length === 1 && row.id !== IN_THE_MIDDLE);
      const issuers = Object.values(providers).map(({ issuer }) => issuer);
      for (const row of alone) {
        const [{ token, allowed_issuers: allowed }] = row.expect as [Extracted];
        const taken = issuers.filter(
          (issuer) =>
            verdictOf(row, (text) => text.replace(token.split(" ")[0]!, minted(issuer))) === "allow",
        );
        // What follows a space is a part of it.
        expect(taken, row.id).toEqual(token.includes(" ") ? [] : allowed);
      }
      expect(alone.length).toBe(6);
    });

    test("among others, all of them good, gets what we say of several", () => {
      const several = cases.filter((row) => row.expect.length > 1);
      const put = (found: Extracted[]) => (text: string) =>
        found.reduce(
          (all, { token, allowed_issuers: [issuer] }) => all.replace(token, minted(issuer!)),
          text,
        );
      expect(Object.fromEntries(several.map((row) => [row.id, verdictOf(row, put(row.expect))]))).toEqual({
        TestDuplicatedHeadersWithDuplicatedTokenPrefixes: "header_merged",
        TestDoubleCustomHeaderToken: "header_merged",
        // One text in two places: good in the first, and the second finds nothing any more.
        TestPrefixHeaderMatch: "allow",
        // Quotes are no part of a token.
        TestCookieToken: "token_malformed",
        TestMultipleTokens: "too_many_tokens",
      });
    });
  });
});

function headerOf({ name, value_prefix: prefix = "" }: { name: string; value_prefix?: string }) {
  return { name, prefix };
}

const IN_THE_MIDDLE = "TestPrefixHeaderFlexibleMatch1";

const minted = (issuer: string) => mintToken({ issuer, subject: "a", key: "test", alg: "ES256" });

/** Where only Envoy allows or only we do: what we say. */
const OTHER_VERDICTS = {
  // Dot segments and fragments are ambiguous.
  DeniedWithPrefixRule: "path_ambiguous",
  "PathMatcher /exact#fragment": "path_ambiguous",
  // Envoy's connection manager refuses the fragment before any filter; behind `?` it changes no path.
  PathWithFragmentRejectedByDefault: "allow",
  // A DENY policy that can deny nothing is a mistake.
  "Disabled-deny-no-policy":
    "lictor refused missing_member at /policies/0: expected at least one rule in a DENY policy",
  // Each line of a header is a value of its own, as in Envoy since CVE-2026-26308; the rows are older.
  HeaderMatchConditionDuplicateHeaderMatch: "no_policy_allowed",
  HeaderMatchConditionDuplicateHeaderNoMatch: "allow",
};
