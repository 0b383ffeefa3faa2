/**
 * What a document may hold: each limit is taken, and one past it is refused. Rows begin with the limit's
 * file and name, which `repository/limits.test.ts` looks for.
 */
import type { Host } from "lictor-host";
import { beforeAll, describe, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { keySet, mintKey } from "../mint/index.ts";
import { ISSUER, documentWith, loadFilter, type Document } from "./filter.ts";

const jwk = mintKey("test", "ES256").jwk;

/** A document with one JWT rule of these members. */
const ruleWith = (members: Document) =>
  documentWith({ jwtRules: [{ name: "corp", issuer: ISSUER, jwks: keySet(mintKey("test")), ...members }] });

const policyWith = (rule: object, members: Document = {}) =>
  documentWith({ policies: [{ name: "p", namespace: "shop", rules: [rule], ...members }] });
const from = (source: object) => policyWith({ from: [{ source }] });
const to = (operation: object) => policyWith({ to: [{ operation }] });
const when = (conditions: object[]) => policyWith({ when: conditions });

const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));
const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);
const wide = (count: number) => Object.fromEntries(times(count, (index) => [`m${index}`, 0]));
const named = (count: number) => times(count, (index) => ({ ...jwk, kid: `k${index}` }));

/** A JWK Set with members beside its keys, which readers of sets pass over. */
const withMembers = (members: object) => ({ ...mintedKeys, ...members });

/** The size of a set that is no text: contents of strings, with their quotes and a comma, and 5 for all else. */
function textBytes(value: unknown): number {
  if (typeof value === "string") return value.length + 3;
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + textBytes(part), 5);
  return Object.entries(value as object)
    .flat()
    .reduce<number>((sum, part) => sum + textBytes(part), 5);
}

interface Limit {
  limit: string;
  at: number;
  /** By default one more. */
  past?: number;
  make: (count: number) => string;
  refusal: string;
}

const RULE = "/policies/0/rules/0";

const limits: Limit[] = [
  {
    limit: "load-document.MAX_DEPTH",
    at: 32,
    // Four levels lead to the members of a set.
    make: (depth) => ruleWith({ jwks: withMembers({ x: nested(depth - 4) }) }),
    refusal: `too_deep at /jwtRules/0/jwks/x${"/0".repeat(28)}`,
  },
  {
    limit: "load-document.MAX_MEMBERS",
    at: 512,
    make: (count) => ruleWith({ jwks: withMembers(wide(count - 1)) }),
    refusal: "too_many at /jwtRules/0/jwks",
  },
  {
    limit: "load-document.MAX_REVISION_BYTES",
    at: 64,
    make: (bytes) => documentWith({ revision: "r".repeat(bytes) }),
    refusal: "bad_value at /revision",
  },
  {
    limit: "load-document.MIN_SEAL_BYTES",
    at: 16,
    past: 15,
    make: (bytes) => documentWith({ seal: "s".repeat(bytes) }),
    refusal: "bad_value at /seal",
  },
  {
    limit: "load-document.MAX_SEAL_BYTES",
    at: 512,
    make: (bytes) => documentWith({ seal: "s".repeat(bytes) }),
    refusal: "bad_value at /seal",
  },
  {
    limit: "read-identity.MAX_TRUST_DOMAINS",
    at: 16,
    make: (count) => documentWith({ identity: { trustDomains: times(count, (index) => `td${index}`) } }),
    refusal: "too_many at /identity/trustDomains",
  },
  {
    limit: "read-limits.MAX_TOKEN_BYTES",
    at: 65_536,
    make: (tokenBytes) => documentWith({ limits: { tokenBytes } }),
    refusal: "bad_value at /limits/tokenBytes",
  },
  {
    limit: "read-limits.MAX_TOKEN_CACHE",
    at: 8_000,
    make: (tokenCache) => documentWith({ limits: { tokenCache } }),
    refusal: "bad_value at /limits/tokenCache",
  },
  {
    limit: "load-outputs.MAX_OUTPUTS",
    at: 64,
    make: (count) =>
      ruleWith({
        outputPayloadToHeader: "x-payload",
        outputClaimToHeaders: times(count - 1, (index) => ({ header: `x-${index}`, claim: "sub" })),
      }),
    refusal: "too_many at /jwtRules/0/outputClaimToHeaders/63/header",
  },
  {
    limit: "load-jwt-rules.MAX_JWT_RULES",
    at: 256,
    make: (count) =>
      documentWith({
        jwtRules: times(count, (index) => ({ name: `r${index}`, issuer: ISSUER, jwks: { keys: [jwk] } })),
      }),
    refusal: "too_many at /jwtRules",
  },
  {
    limit: "duration.MAX_SECONDS",
    at: 365 * 24 * 3600,
    make: (seconds) => ruleWith({ maxAge: `${seconds}s` }),
    refusal: "bad_value at /jwtRules/0/maxAge",
  },
  {
    limit: "duration.MAX_SECONDS",
    at: 365 * 24 * 3600 * 1000,
    make: (milliseconds) => ruleWith({ clockSkew: `${milliseconds}ms` }),
    refusal: "bad_value at /jwtRules/0/clockSkew",
  },
  {
    limit: "key-set.MAX_KEY_SET_BYTES",
    at: 256 * 1024,
    make: (bytes) => ruleWith({ jwks: JSON.stringify(mintedKeys).padEnd(bytes) }),
    refusal: "too_large at /jwtRules/0/jwks",
  },
  {
    limit: "key-set.MAX_KEY_SET_BYTES",
    at: 256 * 1024,
    make: (bytes) => {
      const filler = bytes - textBytes(withMembers({ x: "" }));
      return ruleWith({ jwks: withMembers({ x: "x".repeat(filler) }) });
    },
    refusal: "too_large at /jwtRules/0/jwks",
  },
  {
    limit: "key-set.MAX_KEYS",
    at: 256,
    make: (count) => ruleWith({ jwks: { keys: named(count) } }),
    refusal: "too_many at /jwtRules/0/jwks",
  },
  {
    limit: "key-set.MAX_DEPTH",
    at: 32,
    make: (depth) => ruleWith({ jwks: JSON.stringify(withMembers({ x: nested(depth - 1) })) }),
    refusal: "bad_key at /jwtRules/0/jwks",
  },
  {
    limit: "key-set.MAX_MEMBERS",
    at: 512,
    make: (count) => ruleWith({ jwks: JSON.stringify(withMembers(wide(count - 1))) }),
    refusal: "bad_key at /jwtRules/0/jwks",
  },
  {
    limit: "parse-policies.MAX_ATTRIBUTES",
    at: 1_000,
    make: (count) =>
      when(times(count, (index) => ({ key: `request.auth.claims[c${index}]`, values: ["1"] }))),
    refusal: "too_many at /",
  },
  {
    limit: "parse-key.MAX_QUERY_ATTRIBUTES",
    at: 16,
    make: (count) => when(times(count, (index) => ({ key: `request.query[q${index}]`, eq: "1" }))),
    refusal: `too_many at ${RULE}/when/16/key`,
  },
  {
    limit: "reader.MAX_EXACT_INTEGER",
    at: Number.MAX_SAFE_INTEGER,
    make: (eq) => when([{ key: "request.auth.claims[n]", eq }]),
    refusal: `bad_value at ${RULE}/when/0/eq`,
  },
  {
    limit: "reader.MAX_EXACT_INTEGER",
    at: -Number.MAX_SAFE_INTEGER,
    past: -Number.MAX_SAFE_INTEGER - 1,
    make: (gte) => when([{ key: "request.auth.claims[n]", gte }]),
    refusal: `bad_value at ${RULE}/when/0/gte`,
  },
  {
    limit: "request.MAX_PORT",
    at: 65_535,
    make: (port) => to({ ports: [String(port)] }),
    refusal: `bad_value at ${RULE}/to/0/operation/ports/0`,
  },
  {
    limit: "request.MAX_PORT",
    at: 65_535,
    make: (eq) => when([{ key: "destination.port", eq }]),
    refusal: `bad_value at ${RULE}/when/0/eq`,
  },
  {
    limit: "request.MAX_PORT",
    at: 65_534,
    make: (gt) => when([{ key: "destination.port", gt }]),
    refusal: `conflict at ${RULE}/when/0`,
  },
  {
    limit: "parse-values.MAX_SERVICE_ACCOUNTS",
    at: 16,
    make: (count) => from({ serviceAccounts: times(count, (index) => `sa${index}`) }),
    refusal: `too_many at ${RULE}/from/0/source/serviceAccounts`,
  },
  {
    limit: "parse-values.MAX_SERVICE_ACCOUNT_BYTES",
    at: 320,
    make: (bytes) => from({ serviceAccounts: ["shop/".padEnd(bytes, "a")] }),
    refusal: `bad_value at ${RULE}/from/0/source/serviceAccounts/0`,
  },
  {
    limit: "template.MAX_NAME_BYTES",
    at: 32,
    make: (bytes) => to({ paths: [`/{${"n".repeat(bytes)}}`] }),
    refusal: `bad_value at ${RULE}/to/0/operation/paths/0`,
  },
];

describe("one document", () => {
  let host: Host;
  beforeAll(async () => {
    host = await loadFilter();
  });

  test.each(limits)("$limit: $at load, one past is refused", ({ at, past = at + 1, make, refusal }) => {
    expect(host.push(make(at))).toMatchObject({ accepted: true, logs: [] });
    const { accepted, logs } = host.push(make(past));
    expect(accepted).toBe(false);
    expect(logs.map(({ message }) => message)).toEqual([
      expect.stringContaining(`lictor refused ${refusal}: expected `),
    ]);
  });

  /** Logs are bytes. */
  const cut = Buffer.from("…").toString("latin1");

  test("json-pointer.MAX_TOKEN_BYTES: a refusal names members of 64 bytes in full, and cuts longer ones", () => {
    const refusal = (bytes: number) =>
      host.push(documentWith({ ["m".repeat(bytes)]: 1 })).logs.map(({ message }) => message);
    expect(refusal(64)).toEqual([expect.stringContaining(` at /${"m".repeat(64)}: expected `)]);
    expect(refusal(65)).toEqual([expect.stringContaining(` at /${"m".repeat(64)}${cut}: expected `)]);
  });

  test("json-pointer.MAX_HEAD_BYTES: a pointer names what begins in its first 256 bytes, and the last name", () => {
    const refusal = (bytes: number) => {
      // Behind `/jwtRules/0/jwks` names of 64 bytes and one that is as long as it takes.
      const names = ["a".repeat(64), "b".repeat(64), "c".repeat(64), "d".repeat(bytes - 213), "e"];
      const inner = names.reduceRight((below, name) => `{"${name}":${below}}`, '{"f":1,"f":2}');
      return host.push(`{"jwtRules":[{"jwks":${inner}}]}`).logs.map(({ message }) => message);
    };
    expect(refusal(256)).toEqual([expect.stringContaining("d/e/f: expected ")]);
    expect(refusal(257)).toEqual([expect.stringContaining(`d/${cut}/f: expected `)]);
  });

  test.each([
    ["plain", "m".repeat(64)],
    ["escaped", "\u0001".repeat(64)],
    ["of marks of pointers", "~/".repeat(32)],
  ])(
    "refusal.REFUSAL_LINE_BYTES: code and expectation stand behind any depth of names that are %s",
    (_, name) => {
      for (let depth = 1; depth <= 28; depth++) {
        const inner = times(depth, () => JSON.stringify(name)).reduceRight(
          (below, quoted) => `{${quoted}:${below}}`,
          '{"x":1,"x":2}',
        );
        const [line] = host.push(`{"jwtRules":[{"jwks":${inner}}]}`).logs;
        expect(line!.message).toMatch(
          /^lictor refused duplicate_member at \/jwtRules\/0\/jwks\/.*\/x: expected .+$/,
        );
        expect(line!.message.length).toBeLessThan(2048);
      }
    },
  );

  test("contradiction.MAX_PAIRS: lists of 64 values that exclude each other are refused, longer ones load", () => {
    const excluding = (count: number) => {
      const values = times(count, (index) => `v${index}`);
      return when([{ key: "request.headers[x]", allOf: values, noneOf: values.slice(0, 64) }]);
    };
    expect(host.push(excluding(64)).accepted).toBe(false);
    expect(host.push(excluding(65)).accepted).toBe(true);
  });

  test("lists of 65,536 values, whose pairs are more than 32 bits hold, are not compared either", () => {
    const values = times(65_536, (index) => index);
    const document = when([{ key: "request.auth.claims[c]", allOf: values, noneOf: values }]);
    expect(host.push(document).accepted).toBe(true);
  });

  test("refusal.QUOTED_BYTES: a refusal quotes values of 64 bytes in full, and cuts longer ones", () => {
    const refusal = (bytes: number) =>
      host.push(documentWith({ mode: "v".repeat(bytes) })).logs.map(({ message }) => message);
    expect(refusal(64)).toEqual([expect.stringMatching(/, got "v{64}"$/)]);
    expect(refusal(65)).toEqual([expect.stringMatching(new RegExp(`, got "v{64}${cut}"$`))]);
  });
});
