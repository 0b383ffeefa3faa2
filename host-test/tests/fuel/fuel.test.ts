/**
 * The gate on the module's work: no fixed request may take over 2 % more instructions than on record.
 * A change that is worth its price renews the record: `npm run fuel`, and commit `bench/fuel.json`.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { measureFuel, type Figures } from "../../../bench/fuel/measure.ts";
import { readRecord } from "../../../bench/fuel/record.ts";

const record = readRecord();
const GROWTH = 1.02;

describe("fuel", () => {
  let figures: Figures;

  beforeAll(async () => {
    figures = await measureFuel();
  });

  test("is on record for every request", () => {
    expect(Object.keys(figures).length).toBeGreaterThan(0);
    expect(Object.keys(record), "run `npm run fuel`").toEqual(Object.keys(figures));
  });

  test.each(Object.entries(record))("$0 is no more than on record", (name, recorded) => {
    const message = `${name} grew by over 2 %; if it is worth that, run \`npm run fuel\` and commit bench/fuel.json`;
    expect(figures[name], message).toBeLessThanOrEqual(Math.floor(recorded * GROWTH));
  });

  test("is the same in every run", async () => {
    expect(await measureFuel()).toEqual(figures);
  });
});
