/** Texts are the same in a module that `shrink` packed. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { loadModule } from "../support/wasm.ts";
import { compileSource } from "../support/compile.ts";

const BEHIND = "behind the long one";

const texts = [
  "",
  "a",
  "exactly four blocks of characters",
  "\u0000",
  "a\u0000",
  "\u0000a",
  `zeros${"\u0000".repeat(100)}inside`,
  "\u007f is ASCII",
  "\u0080 is not, and \u00e9",
  "\u2028\ud83d\ude00",
  "long ".repeat(13_000),
  BEHIND,
];

/** What a string's header and a length of four look like, but in another place of its block. */
const ALIKE = [28, 0, 0, 2, 4, 0x00420041, 7];

/** A literal of AssemblyScript. */
function literal(text: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replaceAll(/[^ -~]/g, escape);
}

const source = `
const texts: StaticArray<string> = [${texts.map(literal).join(", ")}];
const numbers: StaticArray<f64> = [1.5, 2.5];
const reserved = memory.data(100_000);
const alike = memory.data<u32>([${ALIKE.join(", ")}], 16);

export function lengthOfText(index: i32): i32 {
  return texts[index].length;
}

export function unitOf(index: i32, position: i32): i32 {
  return texts[index].charCodeAt(position);
}

export function numberOf(index: i32): f64 {
  return numbers[index];
}

export function alikeWord(index: i32): u32 {
  return load<u32>(alike + (index << 2));
}

export function reservedByte(index: i32): u8 {
  return load<u8>(reserved + index);
}
`;

interface Exports {
  lengthOfText(index: number): number;
  unitOf(index: number, position: number): number;
  numberOf(index: number): number;
  alikeWord(index: number): number;
  reservedByte(index: number): number;
  memory: WebAssembly.Memory;
}

let path = "";
let module: Exports;

beforeAll(async () => {
  path = await compileSource("texts", source, "library");
  module = loadModule<Exports>("sources/texts.wasm").exports;
});

test.each(texts.map((text, index) => ({ start: text.slice(0, 20), index })))(
  "$start is the text it was",
  ({ index }) => {
    const units = Array.from({ length: module.lengthOfText(index) }, (_, position) =>
      module.unitOf(index, position),
    );
    expect(String.fromCharCode(...units)).toBe(texts[index]);
  },
);

test("a text takes one byte a character of the module", () => {
  const wasm = readFileSync(path).toString("latin1");
  expect(wasm).toContain("exactly four blocks of characters");
  expect(wasm).toContain(texts[10]);
  expect(wasm).not.toContain("l\u0000o\u0000n\u0000g");
});

test("other static data is what it was, and memory that texts came from is zeros again", () => {
  expect([module.numberOf(0), module.numberOf(1)]).toEqual([1.5, 2.5]);
  expect(ALIKE.map((_, index) => module.alikeWord(index))).toEqual(ALIKE);
  const reserved = Array.from({ length: 100_000 }, (_, index) => module.reservedByte(index));
  expect(reserved.every((byte) => byte === 0)).toBe(true);
  const memory = Buffer.from(module.memory.buffer);
  expect(memory.includes(Buffer.from(BEHIND, "utf16le"))).toBe(true);
  expect(memory.includes(BEHIND)).toBe(false);
});
