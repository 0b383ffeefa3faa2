/** Header maps on the wire, read and written by the SDK inside of a module. */
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { call, encode, type PairText } from "./module.ts";

/** A map of two pairs, byte for byte. */
const TWO_PAIRS = [
  [0x02, 0x00, 0x00, 0x00], // two pairs
  [0x01, 0x00, 0x00, 0x00], // name of 1 byte,
  [0x02, 0x00, 0x00, 0x00], // value of 2
  [0x02, 0x00, 0x00, 0x00], // name of 2 bytes,
  [0x00, 0x00, 0x00, 0x00], // value of none
  [0x61, 0x00], // "a"
  [0x62, 0x63, 0x00], // "bc"
  [0x64, 0x65, 0x00], // "de"
  [0x00], // ""
].flat();

const malformed: Record<string, number[]> = {
  "three bytes": [0, 0, 0],
  "a count without lengths": [1, 0, 0, 0],
  "a count beyond any map": [0xff, 0xff, 0xff, 0xff],
  "lengths that wrap around": [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0],
  "a byte missing": TWO_PAIRS.slice(0, -1),
  "a byte too many": [...TWO_PAIRS, 0],
  "a name longer than the map": TWO_PAIRS.with(4, 0x40),
};

describe("a map", () => {
  test("of two pairs is read and written byte for byte", async () => {
    expect(
      encode([
        { name: "a", value: "bc" },
        { name: "de", value: "" },
      ]),
    ).toEqual(Buffer.from(TWO_PAIRS));
    expect(await call("pairs", { a: Buffer.from(TWO_PAIRS) })).toEqual([
      Buffer.from(TWO_PAIRS).toString("latin1"),
    ]);
  });

  test("of no bytes has no pairs", async () => {
    expect(await call("pairs", { a: "" })).toEqual([""]);
  });

  test("that is absent is malformed", async () => {
    expect(await call("pairs", {})).toEqual(["malformed"]);
  });

  test.each(Object.entries(malformed))("of %s is malformed", async (_name, bytes) => {
    expect(await call("pairs", { a: Buffer.from(bytes) })).toEqual(["malformed"]);
  });

  test("of a request comes out as it went in", async () => {
    const [line = ""] = await call("headers", {});
    expect(line).toContain("x-op\0headers\0");
  });
});

const byteText = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const pairs: fc.Arbitrary<PairText[]> = fc.array(fc.record({ name: byteText, value: byteText }), {
  minLength: 1,
  maxLength: 30,
});

property.prop([pairs], { numRuns: 200 })("every map is written as it was read", async (map) => {
  const bytes = encode(map);
  expect(await call("pairs", { a: bytes })).toEqual([bytes.toString("latin1")]);
});

property.prop([pairs, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })], { numRuns: 200 })(
  "a map with bytes put in is never read as anything but what the bytes say",
  async (map, at, noise) => {
    const bytes = encode(map);
    const noisy = Buffer.from(bytes);
    noisy.set(noise.slice(0, bytes.length - (at % bytes.length)), at % bytes.length);
    const [line] = await call("pairs", { a: noisy });
    // Separators are rewritten as NUL, so that only lengths decide whether bytes are a map.
    if (line !== "malformed") expect(line?.length).toBe(noisy.length);
  },
);

describe("a writer", () => {
  const name = "n".repeat(10);
  const value = "v".repeat(20);
  const exact = encode([{ name, value }]).length;

  test("fills its buffer to the last byte", async () => {
    expect(await call("one", { a: name, b: value, c: "x".repeat(exact) })).toEqual([`value ${exact}`]);
  });

  test("fails with a byte less, without writing beyond", async () => {
    expect(await call("one", { a: name, b: value, c: "x".repeat(exact - 1) })).toEqual(["failed 02"]);
  });

  test("fails without room for the lengths", async () => {
    expect(await call("one", { a: name, b: value, c: "xxxx" })).toEqual(["failed 02"]);
  });

  test("fails for an absent value", async () => {
    expect(await call("one", { a: name, c: "x".repeat(100) })).toEqual(["failed 02"]);
  });
});
