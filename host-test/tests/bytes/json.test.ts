import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeVectors } from "../support/vectors.ts";
import { JsonError, bytesOf, escaped, jsonError } from "./bytes.ts";

/** A value as the entry prints it: numbers as the bits of their binary64, in quotes. */
function printed(value: unknown): string {
  if (typeof value === "number") return `"${new BigUint64Array(new Float64Array([value]).buffer)[0]}"`;
  if (typeof value === "string") return escapedByJson(value);
  if (Array.isArray(value)) return `[${value.map(printed).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([name, member]) => `${escapedByJson(name)}:${printed(member)}`,
    );
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** What the writer escapes: quotes, backslashes, control characters of either kind, and the line separators. */
function escapedByJson(text: string): string {
  // eslint-disable-next-line no-control-regex
  const special = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
  const escape = (character: string): string =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${text.replace(special, escape)}"`;
}

describe("JSON", () => {
  test("reads what JSON.stringify writes, with and without white space", () => {
    const json = fc.jsonValue({ maxDepth: 6, stringUnit: "binary" });
    fc.assert(
      fc.property(json, fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : 0);
        const expected = printed(JSON.parse(text));
        return bytesOf("jsonPrinted", Buffer.from(text))?.toString("utf8") === expected;
      }),
      { numRuns: 500, examples: [[[{ "": "\u0085\u2028" }], false]] },
    );
  });

  test("never accepts what JSON.parse refuses, whatever byte is changed", () => {
    const seed = '{"a":[1,-0.5e+3,true,false,null,"x\\u00e9\\n\\ud83d\\ude00"],"b":{"":{}}}';
    fc.assert(
      fc.property(fc.nat(seed.length - 1), fc.integer({ min: 0, max: 127 }), (at, byte) => {
        const bytes = Buffer.from(seed);
        bytes[at] = byte;
        if (jsonError(bytes) !== JsonError.NONE) return true;
        JSON.parse(bytes.toString("utf8"));
        return true;
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["a duplicate member", '{"a":1,"b":2,"a":3}', JsonError.DUPLICATE_MEMBER],
    ["a duplicate member spelled with an escape", '{"a":1,"\\u0061":2}', JsonError.DUPLICATE_MEMBER],
    ["a duplicate member far down", '[{"x":{"a":1,"a":1}}]', JsonError.DUPLICATE_MEMBER],
    ["a byte order mark", "\ufeff{}", JsonError.NOT_JSON],
    ["a lone high surrogate", '"\\ud800"', JsonError.NOT_JSON],
    ["a lone low surrogate", '"\\udc00"', JsonError.NOT_JSON],
    ["a surrogate pair in the wrong order", '"\\ude00\\ud83d"', JsonError.NOT_JSON],
    ["two texts", "{}{}", JsonError.NOT_JSON],
    ["nothing", "", JsonError.NOT_JSON],
    ["a raw newline in a string", '"a\nb"', JsonError.NOT_JSON],
    ["a string cut in an escape", '"\\u12', JsonError.NOT_JSON],
    ["a string that ends in a backslash", '"\\"', JsonError.NOT_JSON],
    ["Latin-1", Buffer.from([0x22, 0xe9, 0x22]), JsonError.NOT_UTF8],
  ])("refuses %s", (_, text, error) => {
    expect(jsonError(text)).toBe(error);
  });

  test("allows the same name in different objects", () => {
    expect(jsonError('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}')).toBe(JsonError.NONE);
  });

  test("takes the depth limit and not one level more", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(jsonError(nested(32), 32)).toBe(JsonError.NONE);
    expect(jsonError(nested(33), 32)).toBe(JsonError.TOO_DEEP);
    expect(jsonError("[".repeat(100_000), 32)).toBe(JsonError.TOO_DEEP);
  });

  test("takes the member limit and not one member more", () => {
    const object = (count: number) =>
      `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join(",")}}`;
    expect(jsonError(object(512), 32, 512)).toBe(JsonError.NONE);
    expect(jsonError(object(513), 32, 512)).toBe(JsonError.TOO_MANY_MEMBERS);
  });

  test("points to a value by RFC 6901", () => {
    const pointer = (text: string) => bytesOf("jsonLastPointer", Buffer.from(text))?.toString("utf8");
    expect(pointer('{"a":1,"b":{"c/d":[1,{"~":2}]}}')).toBe("/b/c~1d/1/~0");
    expect(pointer("3")).toBe("");
    expect(pointer("[[],[[7]]]")).toBe("/1/0/0");
  });

  test("has one canonical form for every spelling of a document", () => {
    const form = (text: string) => bytesOf("jsonCanonical", Buffer.from(text))?.toString("hex");
    expect(form('{"b":1.50e1,"a":["\\u0041",-0]}')).toBe(form('{ "a" : [ "A", 0 ], "b" : 15 }'));
    const different = [
      '{"a":1}',
      '{"a":"1"}',
      '{"a":[1]}',
      '{"a":null}',
      '{"a":{}}',
      '{"a":[]}',
      "{}",
      '{"a":true}',
    ];
    expect(new Set(different.map(form)).size).toBe(different.length);
  });
});

describe("JSON output", () => {
  test("is one line of valid JSON for any bytes, cut at the limit", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 64 }), (bytes, limit) => {
        const text = escaped(bytes, limit);
        const value = JSON.parse(text) as string;
        // eslint-disable-next-line no-control-regex
        return !/[\u0000-\u001f\u007f]/.test(text) && value.endsWith("…") === bytes.length > limit;
      }),
      { numRuns: 3000 },
    );
  });
});

describeVectors("json-test-suite", (folder) => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

  test("accepts every text that must be accepted, duplicates of members aside", () => {
    const accepted = names.filter((name) => name.startsWith("y_"));
    for (const name of accepted) {
      const expected = name.startsWith("y_object_duplicated_key")
        ? JsonError.DUPLICATE_MEMBER
        : JsonError.NONE;
      expect(jsonError(readFileSync(join(folder, name))), name).toBe(expected);
    }
    expect(accepted.length).toBe(95);
  });

  test("refuses every text that must be refused", () => {
    const refused = names.filter((name) => name.startsWith("n_"));
    for (const name of refused) {
      expect(jsonError(readFileSync(join(folder, name))), name).not.toBe(JsonError.NONE);
    }
    expect(refused.length).toBe(186);
  });
});
