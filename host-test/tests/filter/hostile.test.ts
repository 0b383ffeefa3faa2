/**
 * Whatever arrives, in headers, tokens and documents: no trap, one decision each, one record of one
 * line, nothing of a token anywhere, and no memory that grows.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { Host, mutualTls, type PassedBy, type Stream } from "lictor-host";
import { beforeAll, describe, expect, test } from "vitest";
import {
  headerLines,
  loadExamples,
  loadRefused,
  type DecisionRecord,
  type Example,
} from "../corpus/corpus.ts";
import { mintKey, mintToken, signToken } from "../mint/index.ts";

const module = readFileSync(fileURLToPath(new URL("../../../build/out/lictor.wasm", import.meta.url)));
const SEAL = "hostile-0123456789abcdef";
const nowMs = Date.now();
const examples = loadExamples();

type Lines = [name: string, value: string][];

interface FullRecord extends DecisionRecord {
  tokens?: { iss: string; sub?: string }[];
}

function sealed(document: string): string {
  return JSON.stringify({ ...(JSON.parse(document) as object), seal: SEAL });
}

function load(document: string): Promise<Host> {
  return Host.load(module, { configuration: sealed(document), nowMs });
}

/** The sum of all counters of decisions. */
function decisions(host: Host): number {
  return host.metrics
    .names()
    .filter((name) => name.endsWith("lictor_decisions_total"))
    .reduce((sum, name) => sum + Number(host.metrics.value(name) ?? 0), 0);
}

/** What policies of the examples answer, by the policy's name in records. */
const bodies = new Map(
  examples.flatMap(({ responses }) => [...responses].map(([name, { body }]) => [name, body] as const)),
);

/** Sends the request and holds it to what is true of every one; the record. */
function decide(host: Host, lines: Lines, observes: boolean, options = {}): FullRecord {
  const before = decisions(host);
  const logged = host.logs.length;
  const stream = host.request(lines, options);
  expect(host.failure(0)).toBeUndefined();
  expect(host.logs.slice(logged)).toEqual([]);
  expect(decisions(host) - before).toBe(1);
  const text = recordOf(stream);
  expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  const record = JSON.parse(text) as FullRecord;
  const passes = record.decision === "allow" || observes;
  expect(stream.state("wasm.lictor.ok")).toBe(passes ? SEAL : undefined);
  expect(stream.reply?.details).toBe(passes ? undefined : `lictor_denied{${record.reason}}`);
  const speaks = record.reason === "policy_denied" && stream.reply?.grpcStatus === undefined && !passes;
  expect(stream.reply?.body.toString() ?? "").toBe(speaks ? (bodies.get(record.policy ?? "") ?? "") : "");
  return record;
}

function recordOf(stream: Stream | PassedBy): string {
  const record = stream.state("wasm.lictor.decision");
  if (record === undefined) throw new Error("no decision record");
  return record;
}

/** Every run of bytes of `text` that is long enough to give something away. */
function pieces(text: string): string[] {
  return text.match(/.{12}/g) ?? [];
}

const rawText = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const nastyText = fc.oneof(
  rawText,
  fc.constantFrom(
    "",
    " ",
    ",",
    "Bearer",
    "Bearer ",
    "bearer ,",
    "Bearer a.b.c",
    "Bearer ..",
    "Basic x, Bearer y",
  ),
  fc.constantFrom(
    "*",
    "/",
    "/%",
    "/%2",
    "/..",
    "//",
    "/a;..",
    "http://a/b",
    "/a?b#c",
    "\u00c2\u009b1m",
    "%00",
  ),
  fc.integer({ min: 1, max: 20_000 }).map((length) => `/${"a,".repeat(length >> 1)}`),
);
const names = fc.oneof(
  fc.constantFrom(":method", ":path", ":authority", ":scheme", "authorization", "x-partner-token", "origin"),
  fc.constantFrom("x-http-method-override", "x_original_url", "traceparent", "x-request-id", "cookie"),
  fc.string({ minLength: 1, maxLength: 12 }).map((name) => name.toLowerCase()),
);

/** Changes one thing about a text. */
const change = fc.oneof(
  fc.record({
    at: fc.nat(),
    drop: fc.integer({ min: 0, max: 4 }),
    put: rawText.map((text) => text.slice(0, 4)),
  }),
  fc.record({ at: fc.nat(), drop: fc.constant(1), put: fc.constantFrom("A", "_", ".", "{", '"', "\\", "0") }),
);
type Change = { at: number; drop: number; put: string };

function changed(text: string, { at, drop, put }: Change): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(start + drop);
}

/** An edit of the lines of a request: a value changed, a line dropped, repeated or added. */
const edit = fc.oneof(
  fc.record({ at: fc.nat(), change }),
  fc.record({ at: fc.nat(), value: nastyText }),
  fc.record({ at: fc.nat(), times: fc.constantFrom(0, 2, 3, 200) }),
  fc.record({ name: names, value: nastyText }),
);
type Edit = { at?: number; change?: Change; value?: string; times?: number; name?: string };

function edited(lines: Lines, { at = 0, change: by, value, times, name }: Edit): Lines {
  if (name !== undefined) return [...lines, [name, value ?? ""]];
  const index = at % Math.max(lines.length, 1);
  return lines.flatMap((line, place): Lines => {
    if (place !== index) return [line];
    if (times !== undefined) return Array.from({ length: line[1].length > 3000 ? 2 : times }, () => line);
    return [[line[0], value ?? changed(line[1], by!)]];
  });
}

describe.each(examples)("requests to policies/$name", (example: Example) => {
  let host: Host;

  beforeAll(async () => {
    host = await load(example.document);
    // More than any request that will come, so that later ones find the memory there.
    for (let round = 0; round < 2; round++) {
      host.request([
        [":method", "GET"],
        [":path", "/"],
        [":authority", "a"],
        ["cookie", "a".repeat(4_000_000)],
      ]);
      host.request(Array.from({ length: 20_000 }, () => [":path", "/"]));
      for (const row of example.rows) host.request(headerLines(row.request));
    }
  });

  test("with anything changed get one decision and leave nothing behind", () => {
    const pages = host.pages(0);
    const rows = example.rows.map((row) => ({ row, lines: headerLines(row.request) }));
    fc.assert(
      fc.property(fc.nat(), fc.array(edit, { minLength: 1, maxLength: 4 }), (pick, edits) => {
        const { row, lines } = rows[pick % rows.length]!;
        const { peer } = row.request;
        const options = typeof peer === "string" ? { properties: mutualTls(peer) } : {};
        const record = decide(host, edits.reduce(edited, lines), example.observes, options);
        const token =
          lines.find(([name]) => name === "authorization" || name === "x-partner-token")?.[1] ?? "";
        for (const piece of pieces(token)) expect(JSON.stringify(record)).not.toContain(piece);
      }),
      { numRuns: 250 },
    );
    expect(host.pages(0)).toBe(pages);
  });
});

test("a subject of control characters and line separators of every kind stays one line", async () => {
  const host = await load(examples.find(({ name }) => name === "tokens")!.document);
  const subject = "a\u009b31m\u0085\u2028\u2029\u007f\u001b[0m\n\u00a0\u2027z";
  const token = mintToken({ issuer: "https://idp.example.com", audience: "orders", subject });
  const request = { method: "GET", host: "orders.shop", path: "/", token };
  expect(decide(host, headerLines(request), false).tokens![0]!.sub).toBe(subject);
});

describe("tokens", () => {
  const { document, rows } = examples.find(({ name }) => name === "orders-read")!;
  const allowed = rows.find((row) => row.expect.decision === "allow" && row.request.token !== undefined)!;
  const order = allowed.request.token as object;
  const options = { properties: mutualTls(allowed.request.peer!) };
  let host: Host;

  beforeAll(async () => {
    host = await load(document);
    for (let round = 0; round < 2; round++) {
      host.request(withToken("a".repeat(200_000)), options);
      host.request(withToken(mintToken(order)), options);
    }
  });

  function withToken(token: string): Lines {
    return headerLines({ ...allowed.request, token });
  }

  test.each(["RS256", "ES256"] as const)("of %s are refused once anything in them is changed", (alg) => {
    const token = mintToken({ ...order, alg });
    const pages = host.pages(0);
    expect(decide(host, withToken(token), false, options).decision).toBe("allow");
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const other = changes.reduce(changed, token);
        fc.pre(other.trim() !== token);
        const record = decide(host, withToken(other), false, options);
        expect(record).toMatchObject({ decision: "deny", status: 401 });
        expect(record.tokens).toBeUndefined();
        for (const piece of pieces(other)) expect(JSON.stringify(record)).not.toContain(piece);
      }),
      { numRuns: 600 },
    );
    expect(host.pages(0)).toBe(pages);
  });

  test("with any header and any claims, well signed, are decided and never trusted beyond their claims", () => {
    const key = mintKey("test", "ES256");
    const base = { iss: "https://idp.example.com", aud: "orders", exp: nowMs / 1000 + 300, sub: "user" };
    const json = fc.oneof(
      fc.json({ maxDepth: 40 }),
      fc.jsonValue().map((value) => JSON.stringify({ ...base, scope: value })),
      fc
        .tuple(fc.constantFrom(...Object.keys(base)), fc.jsonValue())
        .map(([name, value]) => JSON.stringify({ ...base, [name]: value })),
      fc.constantFrom(1e308, -1e308, 1e15, 5e-324).map((exp) => JSON.stringify({ ...base, exp })),
      fc.nat(4000).map((depth) => "[".repeat(depth)),
      fc.tuple(fc.constant(JSON.stringify(base)), change).map(([text, by]) => changed(text, by)),
    );
    const header = fc.oneof(
      fc.constant(JSON.stringify({ alg: "ES256", kid: key.kid })),
      fc.jsonValue().map((value) => JSON.stringify({ alg: "ES256", kid: value, typ: value })),
      fc.constantFrom('{"alg":"ES256"}', '{"alg":"ES256","alg":"ES256"}', '{"alg":"ES256","crit":[]}', "[]"),
    );
    fc.assert(
      fc.property(header, json, (head, claims) => {
        const segments = [head, claims].map((text) => Buffer.from(text, "latin1").toString("base64url"));
        const record = decide(host, withToken(signToken(segments[0]!, segments[1]!, key)), false, options);
        if (record.tokens !== undefined) {
          expect(record.tokens[0]!.iss).toBe(base.iss);
          const said = JSON.parse(Buffer.from(claims, "latin1").toString("utf8")) as typeof base;
          expect([said.iss, [said.aud].flat().includes("orders")]).toEqual([base.iss, true]);
          expect(said.exp).toBeGreaterThan(nowMs / 1000 - 61);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("documents", () => {
  const texts = [
    ...examples.map(({ document }) => document),
    ...loadRefused().map(({ document }) => document),
  ];

  /** Puts `value` in place of one of the values of a parsed text, counted from the root. */
  function replaced(text: string, at: number, value: unknown): string {
    let left = at % 60;
    return JSON.stringify(JSON.parse(text), (_, old: unknown) => (left-- === 0 ? value : old));
  }

  function isJson(text: string): boolean {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  const mutant = fc.oneof(
    fc
      .tuple(fc.constantFrom(...texts), fc.array(change, { maxLength: 3 }))
      .map(([text, by]) => by.reduce(changed, text)),
    fc
      .tuple(
        fc.constantFrom(...texts.filter(isJson)),
        fc.nat(),
        fc.oneof(fc.jsonValue(), fc.constantFrom([], {}, "", "*")),
      )
      .map(([text, at, value]) => replaced(text, at, value)),
  );

  test("that are changed load or are refused in one line, and never cost the filter", async () => {
    const host = await load(examples[0]!.document);
    const lines = headerLines(examples[0]!.rows[0]!.request);
    fc.assert(
      fc.property(mutant, (text) => {
        const push = host.push(Buffer.from(text, "latin1"), { vmId: "hostile" });
        expect(host.present(0)).toBe(true);
        expect(host.poisoned).toBe(false);
        const refusals = push.logs.map(({ message }) => Buffer.from(message, "latin1").toString("utf8"));
        if (push.accepted) expect(refusals).toEqual([]);
        else if (refusals.length !== 0) {
          expect(refusals).toHaveLength(1);
          expect(refusals[0]).toMatch(/^lictor refused [a-z0-9_]+ at \/.*: expected .+$/);
          expect(refusals[0]).not.toMatch(/\p{Cc}/u);
        }
        expect(host.failure(0)).toBeUndefined();
        expect(recordOf(host.request(lines))).toMatch(/^\{"v":1,/);
      }),
      { numRuns: 300 },
    );
  });
});
