import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { documentHash, loadPolicy } from "../corpus/enforce.ts";
import { mintKey } from "../mint/index.ts";
import { documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const info = (revision: string, hash: string) =>
  `revision=.=${revision};.;hash=.=${hash};.;lictor_document_info`;

describe("a push", () => {
  test("moves the gauge from the old document to the new one", async () => {
    const host = await loadFilter(documentWith({ revision: "old" }));
    const before = String(recordOf(host.request(lines("/open")))["hash"]);
    expect(host.metrics.value(info("old", before))).toBe(1);
    expect(host.push(documentWith({ revision: "new" })).accepted).toBe(true);
    const after = String(recordOf(host.request(lines("/open")))["hash"]);
    expect(host.metrics.value(info("new", after))).toBe(1);
    expect(host.metrics.value(info("old", before))).toBe(0);
  });

  test("of a document that is refused leaves the old one serving, and says why", async () => {
    const host = await loadFilter();
    const push = host.push('{"apiVersion":"lictor/v1","policies":[{"name":7}]}');
    expect(push.accepted).toBe(false);
    expect(push.logs.map((line) => line.message)).toContainEqual(
      "lictor refused wrong_type at /policies/0/name: expected a string",
    );
    expect(host.request(lines("/open")).reply).toBeUndefined();
  });

  test("changes what is decided at once, and a request keeps the document it began with", async () => {
    const host = await loadFilter();
    const open = host.requestHeaders(lines("/open"));
    host.push(documentWith({ policies: [] }));
    expect(open.reply).toBeUndefined();
    open.end();
    expect(host.request(lines("/open")).reply?.status).toBe(403);
  });

  test("repeated fifty times takes no more memory than a few", async () => {
    // One key with tables shows what is kept as well as ten do, in a tenth of the time.
    const jwtRules = [{ issuer: "https://a", jwks: { keys: [mintKey("a", "ES256").jwk] } }];
    const host = await loadFilter(documentWith({ jwtRules }));
    const push = (count: number) => {
      for (let index = 0; index < count; index++)
        expect(host.push(documentWith({ revision: `r${index % 5}`, jwtRules })).accepted).toBe(true);
      return host.pages(0);
    };
    push(5);
    const pages = push(5);
    expect(push(40)).toBe(pages);
  });
});

describe("a document's hash", () => {
  /** The format's tagged bytes, written down a second time. */
  const TAGS = { null: 1, false: 2, true: 3, number: 4, string: 5, array: 6, object: 7 };

  function tagged(value: unknown): Buffer {
    if (value === null) return head(TAGS.null, 0);
    if (typeof value === "boolean") return head(value ? TAGS.true : TAGS.false, 0);
    if (typeof value === "number") {
      const bits = Buffer.alloc(8);
      bits.writeDoubleBE(value === 0 ? 0 : value);
      return Buffer.concat([head(TAGS.number, 8), bits]);
    }
    if (typeof value === "string") return Buffer.concat([Buffer.from([TAGS.string]), sized(value)]);
    if (Array.isArray(value)) return Buffer.concat([head(TAGS.array, value.length), ...value.map(tagged)]);
    const members = Object.entries(value as object).sort(([a], [b]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    const parts = members.flatMap(([name, member]) => [sized(name), tagged(member)]);
    return Buffer.concat([head(TAGS.object, members.length), ...parts]);
  }

  function head(tag: number, count: number): Buffer {
    const bytes = Buffer.alloc(5, tag);
    bytes.writeUInt32LE(count, 1);
    return bytes;
  }

  function sized(text: string): Buffer {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  }

  test("is SHA-256 over the tagged bytes of the document without its seal", () => {
    const document = documentWith();
    expect(loadPolicy(document)).toBeUndefined();
    const { seal: _seal, ...rest } = JSON.parse(document) as { [member: string]: unknown };
    expect(documentHash()).toBe(createHash("sha256").update(tagged(rest)).digest("hex"));
  });

  test("does not depend on the seal, the order of members or white space", () => {
    const document = JSON.parse(documentWith()) as object;
    const reversed = Object.fromEntries(Object.entries(document).reverse());
    const hashes = [
      documentWith(),
      documentWith({ seal: "another-0123456789" }),
      JSON.stringify(reversed, null, 3),
    ].map((text) => {
      loadPolicy(text);
      return documentHash();
    });
    expect(new Set(hashes).size).toBe(1);
    loadPolicy(documentWith({ revision: "r2" }));
    expect(hashes).not.toContain(documentHash());
  });
});

/** One rule whose condition uses a name of its paths, which makes it one a path. */
function naming(paths: number): object[] {
  const operation = { paths: Array.from({ length: paths }, (_, n) => `/p${n}/{name}`) };
  const when = [{ key: "request.headers[x-a]", sameAs: "request.path{name}" }];
  return [{ name: "naming", rules: [{ to: [{ operation }], when }] }];
}

describe("limits of a document", () => {
  // Each comma could part two values, and room for them is made before the text is read.
  const commas = ",".repeat(3_000_000);
  const policies = (count: number) => Array.from({ length: count }, () => ({ name: "a" }));
  const rules = (count: number) => [{ name: "a", rules: Array.from({ length: count }, () => ({})) }];
  const values = (count: number) => [
    { name: "a", rules: [{ to: [{ operation: { methods: Array.from({ length: count }, () => "GET") } }] }] },
  ];
  const headers = (count: number) => [
    {
      name: "a",
      rules: [
        {
          when: Array.from({ length: count }, (_, i) => ({ key: `request.headers[x-${i}]`, values: ["1"] })),
        },
      ],
    },
  ];
  const jwtRules = (count: number) => {
    const [rule] = (JSON.parse(documentWith()) as { jwtRules: object[] }).jwtRules;
    return Array.from({ length: count }, (_, index) => ({ ...rule, name: `r${index}`, jwks: { keys: [] } }));
  };

  const [rsa, p256] = [mintKey("test", "RS256").jwk, mintKey("test", "ES256").jwk];
  const manyKeys = Array.from({ length: 80 }, (_, index) => ({
    name: `r${index}`,
    issuer: "https://a",
    jwks: { keys: [rsa, ...Array.from({ length: 255 }, () => p256)] },
  }));
  const places = (count: number) => {
    const fromHeaders = Array.from({ length: count }, (_, i) => ({ name: "x-token", prefix: `p${i} ` }));
    return [{ name: "a", issuer: "https://a", jwks: mintedKeys, fromHeaders }];
  };

  test.each([
    ["20,000 policies", documentWith({ policies: policies(20_000) }), undefined],
    ["20,001 policies", documentWith({ policies: policies(20_001) }), "too_many at /policies"],
    ["32 places of tokens", documentWith({ jwtRules: places(32) }), undefined],
    [
      "33 places of tokens",
      documentWith({ jwtRules: places(33) }),
      "too_many at /jwtRules/0/fromHeaders/32/name",
    ],
    ["32 MiB of keys", documentWith({ jwtRules: manyKeys }), "too_large at /jwtRules/26"],
    ["32 MiB of memory in 8 MiB of text", documentWith({ policies: [{ name: commas }] }), "too_large at /"],
    ["20,000 rules", documentWith({ policies: rules(20_000) }), undefined],
    ["20,001 rules", documentWith({ policies: rules(20_001) }), "too_many at /policies/0/rules"],
    ["200,000 values", documentWith({ policies: values(200_000) }), undefined],
    [
      "200,001 values",
      documentWith({ policies: values(200_001) }),
      "too_many at /policies/0/rules/0/to/0/operation/methods",
    ],
    ["85 further header names", documentWith({ policies: headers(85) }), undefined],
    [
      "86 further header names",
      documentWith({ policies: headers(86) }),
      "too_many at /policies/0/rules/0/when/85/key",
    ],
    [
      "20,000 rules of one that names segments of its paths",
      documentWith({ policies: naming(20_000) }),
      undefined,
    ],
    [
      "20,001 rules of one that names segments of its paths",
      documentWith({ policies: naming(20_001) }),
      "too_many at /policies/0/rules",
    ],
    ["257 token rules", documentWith({ jwtRules: jwtRules(257) }), "too_many at /jwtRules"],
    ["8 MiB and a byte", documentWith({ policies: [] }).padEnd(8 * 1024 * 1024 + 1), "too_large at /"],
    ["8 MiB", documentWith({ policies: [] }).padEnd(8 * 1024 * 1024), undefined],
  ])("%s", (_, document, refusal) => {
    const line = loadPolicy(document);
    if (refusal === undefined) expect(line).toBeUndefined();
    else expect(line).toContain(`lictor refused ${refusal}: expected `);
  });
});
