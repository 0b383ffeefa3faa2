/**
 * Each round runs every row by node:crypto and by both builds, in an order that turns; a figure is the
 * median over rounds of the ratio to node:crypto in the same round. Written as a dated JSON and a table
 * under `bench/results/`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { median } from "../cpu.ts";
import { builds } from "./module.ts";
import { rows, type Row, type Verification } from "./rows.ts";

const ROUNDS = Number(process.env["LICTOR_BENCH_ROUNDS"] ?? 21);
const ROUND_MICROSECONDS = 4000;
const WARM_UP_ROUNDS = 5;

interface Contender {
  name: string;
  verify: Verification;
  /** Microseconds a verification, by round. */
  samples: number[];
}

interface Figure {
  row: string;
  by: string;
  microseconds: number;
  ratio: number;
  goal?: number;
}

export function runBenchmark(): void {
  const figures = rows.flatMap((row) => measureRow(row));
  report(figures);
}

function measureRow(row: Row): Figure[] {
  const contenders: Contender[] = [
    { name: "native", verify: row.native, samples: [] },
    ...builds.map((build) => ({ name: build.name, verify: row.prepare(build), samples: [] })),
  ];
  for (const { name, verify } of contenders) {
    if (!verify()) throw new Error(`${row.name} by ${name} does not verify`);
  }
  const times = Math.max(1, Math.round(ROUND_MICROSECONDS / (timeOf(row.native, 20) || 1)));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round + WARM_UP_ROUNDS) % contenders.length];
      if (contender === undefined) continue;
      const microseconds = timeOf(contender.verify, times);
      if (round >= 0) contender.samples.push(microseconds);
    }
  }
  const native = contenders[0]?.samples ?? [];
  return contenders.map(({ name, samples }) => {
    const goal = name === "fma" ? row.goal.fma : name === "portable" ? row.goal.portable : undefined;
    return {
      row: row.name,
      by: name,
      microseconds: rounded(median(samples), 2),
      ratio: rounded(median(samples.map((sample, round) => sample / (native[round] ?? Number.NaN))), 3),
      ...(goal === undefined ? {} : { goal }),
    };
  });
}

/** Microseconds that one of `times` calls takes. */
function timeOf(verify: Verification, times: number): number {
  const started = process.hrtime.bigint();
  for (let i = 0; i < times; i++) verify();
  return Number(process.hrtime.bigint() - started) / 1000 / times;
}

function report(figures: Figure[]): void {
  const date = new Date().toISOString();
  const facts = {
    node: process.version,
    v8: process.versions.v8,
    openssl: process.versions.openssl,
    cpu: cpus()[0]?.model ?? "unknown",
    rounds: ROUNDS,
  };
  const folder = fileURLToPath(new URL("../results/", import.meta.url));
  const table = renderTable(figures, facts);
  const result = { date, command: "npm run bench:crypto", ...facts, figures };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}crypto-${date.slice(0, 10)}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${folder}crypto-${date.slice(0, 10)}.txt`, table);
  process.stdout.write(table);
}

function renderTable(figures: Figure[], facts: Record<string, string | number>): string {
  const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(10)}${value}`);
  lines.push(
    "",
    `${"row".padEnd(20)}${"by".padEnd(10)}${"us".padStart(9)}${"x native".padStart(10)}${"goal".padStart(7)}`,
  );
  for (const { row, by, microseconds, ratio, goal } of figures) {
    const verdict =
      goal === undefined ? "" : `${goal.toFixed(2).padStart(7)}${ratio <= goal ? "" : "  missed"}`;
    lines.push(
      `${row.padEnd(20)}${by.padEnd(10)}${microseconds.toFixed(2).padStart(9)}${ratio.toFixed(3).padStart(10)}${verdict}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
