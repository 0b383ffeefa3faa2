/** `npm run fuel`: measures the fuel of the fixed requests anew, records it, and says what has changed. */
import { measureFuel } from "./measure.ts";
import { readRecord, writeRecord } from "./record.ts";
import { keepTokens } from "./tokens.ts";

await keepTokens();
const before = await Promise.resolve()
  .then(readRecord)
  .catch(() => ({}) as ReturnType<typeof readRecord>);
const figures = await measureFuel();
writeRecord(figures);
for (const [name, fuel] of Object.entries(figures)) {
  const old = before[name];
  const change = old === undefined ? "new" : `${(((fuel - old) / old) * 100).toFixed(2)} %`;
  process.stdout.write(
    `${name.padEnd(36)} ${fuel.toLocaleString("en").padStart(14)} ${change.padStart(10)}\n`,
  );
}
