import { expect, test } from "vitest";
import { GRPC_STATUS, STATUS_OF_REASON, loadExamples } from "../corpus/corpus.ts";
import { read } from "./files.ts";

/** The words of `reason.ts`, in their order, without that of an allow. */
function reasonNames(): string[] {
  const table = /const NAMES =([^;]*);/.exec(read("filter/assembly/enforce/reason.ts"))![1]!;
  const words = [...table.matchAll(/"([a-z_ ]*)"/g)].map((match) => match[1]!).join("");
  return words.split(" ").filter((name) => name !== "allowed");
}

test("every reason is produced by a row of the corpus, not_ready by a test of its own", () => {
  const produced = new Set(loadExamples().flatMap(({ rows }) => rows.map((row) => row.expect.reason)));
  const missing = reasonNames().filter((name) => !produced.has(name));
  expect(missing).toEqual(["not_ready"]);
});

test("README has a row for every reason, with the statuses that the corpus holds the filter to", () => {
  const rows = [...read("README.md").matchAll(/^\| `([a-z_]+)` *\| (\d+) *\| (\d+) *\|/gm)];
  const statuses = rows.map(([, name, http, grpc]) => [name, Number(http), Number(grpc)]);
  const expected = reasonNames().map((name) => [
    name,
    STATUS_OF_REASON[name],
    GRPC_STATUS[STATUS_OF_REASON[name]!],
  ]);
  const sorted = (table: unknown[][]) => table.map(String).sort();
  expect(sorted(statuses)).toEqual(sorted(expected));
});

test("every reason has a name, and the count says how many there are", () => {
  const source = read("filter/assembly/enforce/reason.ts");
  const members = /export enum Reason \{([^}]*)\}/.exec(source)![1]!.match(/[A-Z_]+/g)!;
  const names = members.filter((name) => name !== "ALLOWED").map((name) => name.toLowerCase());
  expect(reasonNames()).toEqual(names);
  expect(Number(/REASON_COUNT: u32 = (\d+)/.exec(source)![1])).toBe(members.length);
});

test("every code of a refusal has a name", () => {
  const source = read("filter/packages/as-policy/assembly/document/refusal.ts");
  const members = /export enum RefusalCode \{([^}]*)\}/.exec(source)![1]!.match(/[A-Z_0-9]+/g)!;
  const table = /const NAMES =([^;]*);/.exec(source)![1]!;
  const words = [...table.matchAll(/"([a-z_0-9 ]*)"/g)].map((match) => match[1]!).join("");
  expect(words.split(" ")).toEqual(members.map((name) => name.toLowerCase()));
});
