import { isUtf8 as nodeIsUtf8 } from "node:buffer";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeVectors } from "../support/vectors.ts";
import { isUtf8 } from "./bytes.ts";

describe("UTF-8", () => {
  test("agrees with node:buffer on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => isUtf8(bytes) === nodeIsUtf8(bytes)),
      {
        numRuns: 2000,
      },
    );
  });

  test("agrees with node:buffer on every sequence of two bytes at every distance from a block's end", () => {
    for (let lead = 0x80; lead < 0x100; lead++) {
      for (const second of [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]) {
        for (const before of [0, 13, 14, 15, 16]) {
          const bytes = Buffer.concat([Buffer.alloc(before, 0x61), Buffer.from([lead, second, 0x80, 0x80])]);
          for (let cut = before + 1; cut <= bytes.length; cut++) {
            const piece = bytes.subarray(0, cut);
            expect(isUtf8(piece), piece.toString("hex")).toBe(nodeIsUtf8(piece));
          }
        }
      }
    }
  });
});

describeVectors("text", (folder) => {
  test("every line of the UTF-8 validity cases is judged as node:buffer judges it", () => {
    let lines = 0;
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      let start = 0;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, start)) {
        const line = bytes.subarray(start, at);
        expect(isUtf8(line)).toBe(nodeIsUtf8(line));
        lines += 1;
        start = at + 1;
      }
    }
    expect(lines).toBeGreaterThan(100);
  });
});
