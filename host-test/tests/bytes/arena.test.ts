import { expect, test } from "vitest";
import { arenaCycle } from "./bytes.ts";

test.each([1, 100, 65_000, 65_536, 200_000])(
  "arenas of %i bytes come back zeroed, and give back every page",
  (size) => {
    expect(arenaCycle(size, 5)).toBe(0);
  },
);
