/** What the SDK refuses before it reaches the host: ends of a stream, and bytes that must not go out. */
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { call, encode, run, type State } from "./module.ts";

/** Two attempts each: `10` means that the first went through and the second did not. */
describe("a stream ends once:", () => {
  test("the second of two replies is refused", async () => {
    const stream = await run("reply", { a: "why" });
    expect(stream.logs.map((line) => line.message)).toEqual(["10", "00"]);
    expect(stream.reply?.details).toBe("why");
  });

  test("the second of two closes is refused", async () => {
    const stream = await run("close", {});
    expect(stream.logs.map((line) => line.message)).toEqual(["10", "00"]);
    expect(stream.closed).toBe(true);
  });

  test("a reply from the response callback goes through, a close behind it does not", async () => {
    const stream = await run("tell", { a: "late" });
    expect(stream.logs.map((line) => line.message)).toEqual(["10", "00"]);
    expect(stream.reply?.details).toBe("late");
  });

  test("nothing goes through from the log callback", async () => {
    const stream = await run("", {});
    expect(stream.logs.map((line) => line.message)).toEqual(["00"]);
  });
});

describe("unsafe bytes stay inside:", () => {
  test.each(["\r", "\n", "\0", "a\r\nevil: 1"])(
    "%j in reply details, so that the next attempt has to do",
    async (a) => {
      expect(await call("reply", { a })).toEqual(["00"]);
    },
  );

  test.each([
    { name: "x", value: "a\r\nevil: 1" },
    { name: "x", value: "a\0b" },
    { name: "x\r\nevil", value: "1" },
    { name: "x y", value: "1" },
    { name: "", value: "1" },
    { name: ":", value: "1" },
  ])("a reply header $name: $value; a plain reply still goes through", async (pair) => {
    expect(await call("reply", { a: "d", b: encode([pair]) })).toEqual(["01"]);
  });

  test("a malformed map of reply headers", async () => {
    expect(await call("reply", { a: "d", b: encode([{ name: "x", value: "y" }]).subarray(1) })).toEqual([
      "01",
    ]);
  });

  test.each([
    { pairs: 1024, outcome: "10" },
    { pairs: 1025, outcome: "01" },
  ])("$pairs reply headers give $outcome", async ({ pairs, outcome }) => {
    const b = encode(Array.from({ length: pairs }, () => ({ name: "x", value: "y" })));
    expect(await call("reply", { a: "d", b })).toEqual([outcome]);
  });

  test.each([
    { bytes: 1 << 20, outcome: "10" },
    { bytes: (1 << 20) + 1, outcome: "01" },
  ])("reply headers of $bytes bytes give $outcome", async ({ bytes, outcome }) => {
    const overhead = encode([{ name: "x", value: "" }]).length;
    const b = encode([{ name: "x", value: "y".repeat(bytes - overhead) }]);
    expect(await call("reply", { a: "d", b })).toEqual([outcome]);
  });

  const cases: { state: State; status: string }[] = [
    { state: { a: "x-a", b: "1" }, status: "00" },
    { state: { a: "x-a", b: "" }, status: "00" },
    { state: { a: ":path", b: "/other" }, status: "00" },
    { state: { a: "x-a", b: "1\n2" }, status: "22" },
    { state: { a: "x-a", b: "1\r2" }, status: "22" },
    { state: { a: "x a", b: "1" }, status: "22" },
    { state: { a: "x-a:", b: "1" }, status: "22" },
    { state: { a: "", b: "1" }, status: "22" },
  ];
  test.each(cases)("adding and replacing $state answer $status", async ({ state, status }) => {
    expect(await call("add", state)).toEqual([status]);
  });

  property.prop([fc.uint8Array({ maxLength: 40 })], { numRuns: 300 })(
    "filter state is set exactly where no byte is CR, LF or NUL",
    async (bytes) => {
      const safe = !bytes.some((byte) => byte === 0 || byte === 10 || byte === 13);
      const stream = await run("set", { a: Buffer.from(bytes) });
      expect(stream.logs[0]?.message).toBe(safe ? "00" : "02");
      expect(stream.filterState.has("wasm.x-op")).toBe(safe);
    },
  );
});

describe("an answer of the host", () => {
  test.each([
    { state: { a: "12345", b: "plugin_name" }, kinds: ["value 05", "value 06"] },
    { state: { a: "", b: "nope" }, kinds: ["value 00", "absent"] },
    { state: { b: "request" }, kinds: ["absent", "failed 03"] },
  ])("is one of value, empty, absent and failed: $kinds", async ({ state, kinds }) => {
    expect(await call("kind", state as State)).toEqual(kinds);
  });
});

describe("malloc", () => {
  const size = (bytes: number): Buffer => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(bytes);
    return buffer;
  };

  test.each([
    { bytes: 0, outcome: "01" },
    { bytes: 1, outcome: "11" },
    { bytes: 65_536, outcome: "11" },
    { bytes: 32 << 20, outcome: "11" },
    { bytes: (64 << 20) + 1, outcome: "01" },
    { bytes: 0xffffffff, outcome: "01" },
  ])("of $bytes bytes gives $outcome: memory or 0, aligned, never a trap", async ({ bytes, outcome }) => {
    expect(await call("malloc", { c: size(bytes) })).toEqual([outcome]);
  });
});
