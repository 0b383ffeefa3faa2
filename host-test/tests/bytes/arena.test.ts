import { expect, test } from "vitest";
import { arenaCycle, overLimitWith } from "./bytes.ts";

test.each([1, 100, 65_000, 65_536, 200_000])(
  "arenas of %i bytes come back zeroed, and give back every page",
  (size) => {
    expect(arenaCycle(size, 5)).toBe(0);
  },
);

test("arena.MAX_PAGES: arenas may hold 1024 pages, 64 MiB, and are over the limit with one more", () => {
  expect([1024, 1025, 1024].map(overLimitWith)).toEqual([0, 1, 0]);
});
