import { readFileSync, readdirSync } from "node:fs";

/** Nanoseconds that the worker threads of an Envoy have been on a CPU (Linux schedstat). */
export function workerNanoseconds(pid: number): number {
  let total = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${task}`;
    if (!readFileSync(`${folder}/comm`, "utf8").startsWith("wrk:worker_")) continue;
    total += Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]);
  }
  return total;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
