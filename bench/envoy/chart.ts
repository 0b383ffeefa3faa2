/** `npm run bench:chart`: the latest result of `npm run bench:envoy` as a picture for the README. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Result {
  date: string;
  rows: { request: string; variant: string; addedMicroseconds: number; ratio: number }[];
}

const folder = fileURLToPath(new URL("../results/", import.meta.url));
const WIDTH = 720;
const LABEL_WIDTH = 230;
const BAR_HEIGHT = 18;
const FIGURE_WIDTH = 120;
const COLORS: { [variant: string]: string } = {
  native: "#8b949e",
  lictor: "#1f7a5c",
  "lictor, sealed": "#4cae8b",
  "calls alone": "#c3d9d0",
};

const latest = readdirSync(folder)
  .filter((name) => /^envoy-.*\.json$/.test(name))
  .sort()
  .at(-1);
if (latest === undefined)
  throw new Error("bench/results/ has no envoy-*.json: run `npm run bench:envoy` first");
const result = JSON.parse(readFileSync(folder + latest, "utf8")) as Result;
writeFileSync(`${folder}envoy.svg`, draw(result));
process.stderr.write(`bench/results/envoy.svg drawn from ${latest}\n`);

function draw({ date, rows }: Result): string {
  const longest = Math.max(...rows.map((row) => row.addedMicroseconds));
  const scale = (WIDTH - LABEL_WIDTH - FIGURE_WIDTH) / longest;
  const lines: string[] = [];
  let y = 34;
  let request = "";
  for (const row of rows) {
    if (row.request !== request) y += request === "" ? 0 : 12;
    request = row.request;
    const width = Math.max(1, row.addedMicroseconds * scale);
    const figure = `${row.addedMicroseconds.toFixed(1)} µs, ${row.ratio.toFixed(2)} ×`;
    lines.push(
      `<text x="${LABEL_WIDTH - 8}" y="${y + 13}" text-anchor="end">${row.request}: ${row.variant}</text>`,
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT - 4}" fill="${COLORS[row.variant] ?? "#8b949e"}"/>`,
      `<text x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${y + 13}">${figure}</text>`,
    );
    y += BAR_HEIGHT;
  }
  const title = `CPU added to a request in one Envoy, ${date.slice(0, 10)}; × is to native`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 10}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="12" y="20" font-weight="bold">${title}</text>`,
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}
