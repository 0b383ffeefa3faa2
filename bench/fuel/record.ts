/** The figures that the repository holds, `bench/fuel.json`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Figures } from "./measure.ts";

const path = fileURLToPath(new URL("../fuel.json", import.meta.url));

export function readRecord(): Figures {
  return JSON.parse(readFileSync(path, "utf8")) as Figures;
}

export function writeRecord(figures: Figures): void {
  writeFileSync(path, `${JSON.stringify(figures, null, 2)}\n`);
}
