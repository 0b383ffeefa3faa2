/** Medians of the samples, as a dated JSON and a table under `bench/results/`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { median } from "./cpu.ts";

/** CPU that one variant added to a request in one round, in microseconds. */
export interface Sample {
  round: number;
  request: string;
  variant: string;
  added: number;
}

export interface Report {
  /** Of the files, and the command that measures. */
  name: string;
  command: string;
  samples: Sample[];
  /** The variant that ratios are taken against, round by round. */
  baseline: string;
  facts: { [name: string]: number };
}

const REQUEST_WIDTH = 32;

interface Row {
  request: string;
  variant: string;
  addedMicroseconds: number;
  ratio: number;
}

export function writeReport({ name, command, samples, baseline, facts }: Report): void {
  const rows = summarize(samples, baseline);
  writeResult(name, { command, facts, rows }, renderTable(rows, baseline, facts));
}

/** The report of a benchmark that is not of requests. */
export function writeFacts(name: string, command: string, facts: Report["facts"]): void {
  writeResult(name, { command, facts }, `${factLines(facts).join("\n")}\n`);
}

function writeResult(
  name: string,
  result: { command: string; [member: string]: unknown },
  table: string,
): void {
  const date = new Date().toISOString();
  const { command, ...rest } = result;
  const json = { date, command, node: process.version, cpu: cpus()[0]?.model, ...rest };
  const folder = fileURLToPath(new URL("./results/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}-${date.slice(0, 10)}.json`, `${JSON.stringify(json, null, 2)}\n`);
  writeFileSync(`${folder}${name}-${date.slice(0, 10)}.txt`, table);
  process.stdout.write(table);
}

function summarize(samples: Sample[], baseline: string): Row[] {
  const keys = new Map(samples.map((sample) => [`${sample.request}/${sample.variant}`, sample]));
  return [...keys.values()].map(({ request, variant }) => {
    const own = samples.filter((sample) => sample.request === request && sample.variant === variant);
    const ratios = own.map((sample) => {
      const other = samples.find(
        (candidate) =>
          candidate.round === sample.round && candidate.request === request && candidate.variant === baseline,
      );
      return sample.added / (other?.added ?? Number.NaN);
    });
    return {
      request,
      variant,
      addedMicroseconds: rounded(median(own.map((sample) => sample.added)), 1),
      ratio: rounded(median(ratios), 5),
    };
  });
}

function renderTable(rows: Row[], baseline: string, facts: Report["facts"]): string {
  const lines = factLines(facts);
  lines.push(
    "",
    `${"request".padEnd(REQUEST_WIDTH)}${"variant".padEnd(18)}${"us added".padStart(10)}${`x ${baseline}`.padStart(12)}`,
  );
  for (const row of rows) {
    const figures = `${row.addedMicroseconds.toFixed(1).padStart(10)}${row.ratio.toFixed(row.ratio < 0.1 ? 4 : 2).padStart(12)}`;
    lines.push(`${row.request.padEnd(REQUEST_WIDTH)}${row.variant.padEnd(18)}${figures}`);
  }
  return `${lines.join("\n")}\n`;
}

function factLines(facts: Report["facts"]): string[] {
  return Object.entries(facts).map(([name, value]) => `${name.padEnd(REQUEST_WIDTH)}${value}`);
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
