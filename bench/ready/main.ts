/**
 * `npm run bench:ready`: how much later an Envoy answers its first request because Lictor is in it. Each
 * round starts one Envoy without a filter and one with Lictor and the seal, the other first each time, and
 * asks every millisecond.
 */
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  bootstrap,
  EnvoyProcess,
  findEnvoy,
  listener,
  modulePath,
  pluginFilter,
  seal,
  type JsonObject,
} from "lictor";
import { freePorts } from "../../envoy/demo/ports.ts";
import { median } from "../cpu.ts";
import { exchangeOnce } from "../exchange.ts";
import { rounded, writeFacts } from "../report.ts";
import { lictorDocument, makeRules, makeSigner } from "../request.ts";

const ROUNDS = Number(process.env["LICTOR_BENCH_ROUNDS"] ?? 21);
const SEAL = "bench-0123456789abcdef";
/** Of the first answer, in ms, over that of an Envoy without a filter. */
const GOAL_MS = 100;

const say = (line: string) => process.stderr.write(`${line}\n`);
const path = await findEnvoy({ progress: say });
const configuration = lictorDocument(makeSigner("RS256"), makeRules(10), { tokenCache: 1000, seal: SEAL });
const none: JsonObject[] = [];
const lictor = [pluginFilter({ wasm: modulePath(), configuration }), seal(SEAL)];

say(`${ROUNDS} rounds of two Envoys`);
const without: number[] = [];
const added: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const lictorFirst = round % 2 === 1;
  const first = await firstAnswer(lictorFirst ? lictor : none);
  const second = await firstAnswer(lictorFirst ? none : lictor);
  without.push(lictorFirst ? second : first);
  added.push(lictorFirst ? first - second : second - first);
}
writeFacts("ready", "npm run bench:ready", {
  rounds: ROUNDS,
  moduleBytes: statSync(modulePath()).size,
  "no filter, ms": rounded(median(without), 1),
  "added by Lictor, ms": rounded(median(added), 1),
  "least added, ms": rounded(Math.min(...added), 1),
  "most added, ms": rounded(Math.max(...added), 1),
  "goal, ms": GOAL_MS,
});

/** Milliseconds from the start of an Envoy to its first answer. */
async function firstAnswer(filters: JsonObject[]): Promise<number> {
  const [port = 0] = await freePorts(1);
  const address = { host: "127.0.0.1", port };
  const upstream = { status: 200, body: "ok\n" };
  const started = performance.now();
  const starting = EnvoyProcess.start(
    () =>
      bootstrap({ listeners: [listener({ name: "ready", address, filters, upstream, accessLog: "none" })] }),
    { path },
  );
  while (!(await exchangeOnce(port).catch(() => 0))) await sleep(1);
  const time = performance.now() - started;
  await (await starting).stop();
  return time;
}
