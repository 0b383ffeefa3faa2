import { describe, expect, test } from "vitest";
import { expectedRecord, loadExamples, loadRefused } from "./corpus.ts";
import { decide, loadPolicy } from "./enforce.ts";

describe.each(loadExamples())("the decision alone, policies/$name", ({ document, rows }) => {
  test.each(rows)("$name", (row) => {
    expect(loadPolicy(document)).toBeUndefined();
    const { policy, ...expected } = expectedRecord(row);
    const record = decide(row.request);
    expect(record).toMatchObject(expected);
    if (policy !== undefined) expect(policy.endsWith(record.policy ?? "?")).toBe(true);
  });
});

test.each(loadRefused())("policies/_refused/$name does not load", ({ document, expected }) => {
  expect(loadPolicy(document)).toContain(`lictor refused ${expected.code} at ${expected.at}: expected `);
});
