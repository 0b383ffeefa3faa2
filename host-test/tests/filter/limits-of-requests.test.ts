/**
 * What a request may hold: each limit is taken, and one past it is refused. Rows begin with the limit's
 * file and name, which `repository/limits.test.ts` looks for.
 */
import { mutualTls, type Host } from "lictor-host";
import { beforeAll, describe, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { encodeJson, mintKey, mintToken, signToken, tokenParts, type TokenOrder } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf, type Document } from "./filter.ts";

const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));
const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);
const wide = (count: number) => Object.fromEntries(times(count, (index) => [`m${index}`, 0]));

const nowMs = Date.now();
const now = Math.floor(nowMs / 1000);
const order: TokenOrder = { issuer: ISSUER, subject: "alice", alg: "ES256", now };
/** Of every claim set that `order` makes: `iss`, `sub`, `iat`, `exp`; and of every header: `alg`, `typ`, `kid`. */
const CLAIMS = 4;
const PARAMETERS = 3;

/** A valid token of exactly so many bytes. */
function tokenOf(bytes: number): string {
  for (let inHeader = 0; inHeader < 3; inHeader++) {
    // Base64url has no length of 4n + 1, so header and payload make the length up together.
    const header = { x: "x".repeat(inHeader) };
    const bare = mintToken({ ...order, header, claims: { filler: "" } }).length;
    const near = Math.floor(((bytes - bare) * 3) / 4);
    for (let filler = near - 2; filler < near + 3; filler++) {
      const token = mintToken({ ...order, header, claims: { filler: "f".repeat(filler) } });
      if (token.length === bytes) return token;
    }
  }
  throw new Error(`no token of ${bytes} bytes`);
}

/** A token of the last of so many keys, which names none of them. */
const keys = (count: number) => times(count, (index) => mintKey(`tried-${index}`, "ES256"));
const signedByKey = (count: number) => mintToken({ ...order, key: keys(count).at(-1)!, kid: null });

/** What a policy asks of callers makes the filter look at their certificates. */
const peers = { policies: [{ name: "p", rules: [{ from: [{ source: { principals: ["*"] } }] }] }] };
const peerOf = (id: string) => ({ properties: mutualTls(id) });

interface Limit {
  limit: string;
  at: number;
  /** How a request of that size is sent; the document is `documentWith` these members. */
  document?: Document;
  lines?: (count: number) => [string, string][];
  options?: (count: number) => object;
  reason: string;
}

const withToken = (make: (count: number) => string) => (count: number) => lines("/a", bearer(make(count)));

const limits: Limit[] = [
  {
    limit: "integrity.MAX_PATH_BYTES",
    at: 8_192,
    document: { defaultAction: "ALLOW" },
    lines: (bytes) => lines("/".padEnd(bytes, "a")),
    reason: "request_malformed",
  },
  {
    limit: "integrity.MAX_PATH_BYTES",
    at: 8_192,
    lines: (bytes) => lines("/open?".padEnd(bytes, "a")),
    reason: "request_malformed",
  },
  {
    limit: "read-limits.DEFAULT_TOKEN_BYTES",
    at: 8_192,
    lines: withToken(tokenOf),
    reason: "token_too_large",
  },
  {
    limit: "read-limits.MAX_TOKEN_BYTES",
    at: 65_536,
    document: { limits: { tokenBytes: 65_536 } },
    lines: withToken(tokenOf),
    reason: "token_too_large",
  },
  {
    limit: "jws.MAX_DEPTH",
    at: 32,
    lines: withToken((depth) => mintToken({ ...order, claims: { x: nested(depth - 1) } })),
    reason: "token_malformed",
  },
  {
    limit: "jws.MAX_DEPTH",
    at: 32,
    lines: withToken((depth) => mintToken({ ...order, header: { x: nested(depth - 1) } })),
    reason: "token_malformed",
  },
  {
    limit: "jws.MAX_MEMBERS",
    at: 512,
    lines: withToken((count) => mintToken({ ...order, claims: wide(count - CLAIMS) })),
    reason: "token_malformed",
  },
  {
    limit: "jws.MAX_MEMBERS",
    at: 512,
    lines: withToken((count) => mintToken({ ...order, header: wide(count - PARAMETERS) })),
    reason: "token_malformed",
  },
  {
    limit: "jws.MAX_MEMBERS",
    at: 512,
    lines: withToken((count) => mintToken({ ...order, claims: { x: { y: wide(count) } } })),
    reason: "token_malformed",
  },
  {
    limit: "verdict.MAX_TOKENS",
    at: 4,
    document: {
      jwtRules: [
        {
          issuer: ISSUER,
          jwks: mintedKeys,
          fromHeaders: times(5, (index) => ({ name: `x-token-${index}` })),
        },
      ],
    },
    lines: (count) =>
      lines("/a", ...times(count, (index): [string, string] => [`x-token-${index}`, mintToken(order)])),
    reason: "too_many_tokens",
  },
  {
    limit: "key-set.MAX_KEYS_TRIED",
    at: 16,
    document: {
      jwtRules: [{ issuer: ISSUER, jwks: { keys: keys(17).map(({ jwk }) => jwk) } }],
    },
    lines: withToken(signedByKey),
    reason: "signature_invalid",
  },
  {
    limit: "load-jwt-rules.DEFAULT_CLOCK_SKEW_SECONDS",
    at: 60,
    lines: withToken((seconds) => mintToken({ ...order, now: now - seconds, expiresIn: 0 })),
    reason: "token_expired",
  },
  {
    limit: "spiffe.MAX_SPIFFE_ID_BYTES",
    at: 2_048,
    document: peers,
    options: (bytes) => peerOf("spiffe://cluster.local/ns/".padEnd(bytes, "a")),
    reason: "peer_identity_invalid",
  },
  {
    limit: "spiffe.MAX_TRUST_DOMAIN_BYTES",
    at: 255,
    document: peers,
    options: (bytes) => peerOf(`spiffe://${"d".repeat(bytes)}/ns/a`),
    reason: "peer_identity_invalid",
  },
];

describe("one request", () => {
  let host: Host;
  beforeAll(async () => {
    host = await loadFilter(documentWith(), { nowMs: now * 1000 });
  });

  test.each(limits)("$limit: $at are allowed, one more is $reason", (row) => {
    const { at, document = {}, reason } = row;
    const revision = "limits";
    expect(host.push(documentWith({ revision, ...document })).accepted).toBe(true);
    const send = (count: number) =>
      recordOf(host.request(row.lines?.(count) ?? lines("/a"), row.options?.(count) ?? {}));
    expect(send(at)).toMatchObject({ decision: "allow" });
    expect(send(at + 1)).toMatchObject({ decision: "deny", reason });
  });

  test("write-outputs.MAX_INTEGER_BYTES: a header gets the longest exact integer, sign and all, and none past it", () => {
    const outputClaimToHeaders = [{ header: "x-n", claim: "n" }];
    host.push(documentWith({ jwtRules: [{ issuer: ISSUER, jwks: mintedKeys, outputClaimToHeaders }] }));
    const header = (claims: string) => {
      const { header: parameters, key } = tokenParts(order);
      const token = signToken(encodeJson(parameters), Buffer.from(claims).toString("base64url"), key);
      const { headers } = host.request(lines("/a", bearer(token)));
      return headers.filter(([name]) => name === "x-n").map(([, value]) => value);
    };
    const claims = (n: string) => `{"iss":"${ISSUER}","sub":"a","exp":${now + 300},"n":${n}}`;
    expect(header(claims("-9007199254740991"))).toEqual(["-9007199254740991"]);
    expect(header(claims("-9007199254740992"))).toEqual([]);
  });
});

describe("a decision record", () => {
  test("record.MAX_TEXT_BYTES: holds texts of 256 bytes in full, and cuts longer ones", async () => {
    const host = await loadFilter();
    const requestId = (bytes: number) =>
      recordOf(host.request(lines("/open", ["x-request-id", "i".repeat(bytes)])))["requestId"];
    expect(requestId(256)).toBe("i".repeat(256));
    expect(requestId(257)).toBe(`${"i".repeat(256)}…`);
  });

  test("record.MAX_TAIL_BYTES: ends with the longest revision and the hash in full, whatever the node's id", async () => {
    const revision = "R".repeat(64);
    // A control character escapes to six times its length, more than any other byte.
    for (const [node, destination] of [
      ["n".repeat(256), "n".repeat(256)],
      ["\u0001".repeat(256), "\u0001".repeat(256)],
      ["\u0001".repeat(257), `${"\u0001".repeat(256)}…`],
    ] as const) {
      const host = await loadFilter(documentWith({ revision }), { node });
      const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
      expect(recordOf(host.request(lines("/open")))).toMatchObject({ destination, revision, hash });
    }
  });

  test("keeps the id of a VM that began at the end of time", async () => {
    const host = await loadFilter(documentWith(), { nowMs: 18_446_744_073_709 });
    const ids = times(2, () => recordOf(host.request(lines("/open")))["id"]);
    expect(ids).toEqual(["18446744073709000000-1", "18446744073709000000-2"]);
  });

  test("record.MAX_RECORD_BYTES: is there whole for a request whose every text is as long as can be", async () => {
    /** Escapes to six times its length. */
    const text = (index: number) => String.fromCharCode(index + 1).repeat(256);
    const names = times(4, (index) => ({
      name: text(index),
      issuer: text(index),
      jwks: mintedKeys,
      fromHeaders: [{ name: `x-token-${index}` }],
    }));
    const policy = (index: number, members: object) => ({
      name: text(index),
      namespace: text(index),
      ...members,
    });
    const host = await loadFilter(
      documentWith({
        revision: "R".repeat(64),
        jwtRules: names,
        policies: [
          policy(4, { action: "AUDIT", rules: [{}] }),
          policy(5, { rules: [{ when: [{ key: `request.auth.claims[${text(5)}]`, values: ["1"] }] }] }),
        ],
      }),
    );
    const tokens = names.map(({ issuer }, index): [string, string] => [
      `x-token-${index}`,
      mintToken({ issuer, subject: text(index), claims: { azp: text(index) }, alg: "ES256" }),
    ]);
    const requestId: [string, string] = ["x-request-id", text(6)];
    const trace: [string, string] = ["traceparent", `00-${"4".repeat(32)}-${"0".repeat(16)}-01`];
    const request = lines("/".padEnd(400, "\u0007"), ...tokens, requestId, trace).map(
      ([name, value]): [string, string] =>
        name === ":authority" || name === ":method" ? [name, text(7)] : [name, value],
    );
    const stream = host.request(request, peerOf("spiffe://cluster.local/ns/".padEnd(2_000, "a")));
    const record = recordOf(stream);
    expect(record).toMatchObject({
      reason: "no_policy_allowed",
      audit: `${text(4)}/${text(4)}`,
      nearest: { policy: `${text(5)}/${text(5)}` },
      tokens: times(4, (index) => ({
        rule: text(index),
        iss: text(index),
        sub: text(index),
        client: text(index),
      })),
      method: text(7),
      requestId: text(6),
      revision: "R".repeat(64),
    });
  });
});
