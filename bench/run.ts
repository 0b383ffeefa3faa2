/**
 * `npm run bench`: what Lictor adds to a request in one Envoy, against native jwt_authn and RBAC in
 * the same Envoy. Each round runs every variant once, in an order that changes; added CPU is a
 * variant's on-CPU time of the worker less that of no filter, both of one round, and figures are
 * medians over rounds.
 */
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bootstrap, EnvoyProcess, listener, pluginFilter, seal, type JsonObject } from "lictor";
import { median, workerNanoseconds } from "./cpu.ts";
import { sendLoad } from "./load.ts";
import { jwtAuthn, rbac } from "./native.ts";
import { AUDIENCE, ISSUER, forged, lictorDocument, makeRules, makeSigner, makeToken, requestHead } from "./request.ts";

const ROUNDS = Number(process.env["LICTOR_BENCH_ROUNDS"] ?? 15);
const REQUESTS = Number(process.env["LICTOR_BENCH_REQUESTS"] ?? 1500);
const POLICIES = 10;
const SEAL = "bench-0123456789abcdef";

const root = fileURLToPath(new URL("../", import.meta.url));
const wasm = `${root}build/out/lictor.wasm`;
const signer = makeSigner("RS256");
const token = makeToken(signer);
const rules = makeRules(POLICIES);
const jwks = JSON.stringify({ keys: [signer.jwk] });

interface Variant {
  name: string;
  filters: JsonObject[];
}

const lictor = (document: string) =>
  pluginFilter({ wasm, configuration: document, name: "lictor", vmId: `bench-${document.length}` });
const variants: Variant[] = [
  { name: "none", filters: [] },
  { name: "native", filters: [jwtAuthn(ISSUER, AUDIENCE, jwks), rbac(rules)] },
  { name: "lictor", filters: [lictor(lictorDocument(signer, rules))] },
  { name: "lictor-sealed", filters: [lictor(lictorDocument(signer, rules, SEAL)), seal(SEAL)] },
];
const requests = [
  { name: "valid", head: requestHead(token), status: 200, deniedByNone: 200 },
  { name: "forged", head: requestHead(forged(token)), status: 401, deniedByNone: 200 },
];

const say = (line: string) => process.stderr.write(`${line}\n`);
say(`starting Envoy, ${variants.length} listeners, token of ${token.length} bytes, ${POLICIES} policies`);
const envoy = await EnvoyProcess.start(
  () =>
    bootstrap({
      listeners: variants.map(({ name, filters }) =>
        listener({ name, filters, upstream: { status: 200, body: "ok\n" }, accessLog: "none" }),
      ),
    }),
  { progress: say },
);

/** Microseconds of the worker a request. */
async function measure(variant: Variant, request: (typeof requests)[number], count: number): Promise<number> {
  const port = await envoy.port(variant.name);
  const status = variant.name === "none" ? request.deniedByNone : request.status;
  const before = workerNanoseconds(envoy.pid);
  await sendLoad({ port, request: request.head, requests: count, connections: 4, status });
  return (workerNanoseconds(envoy.pid) - before) / count / 1000;
}

try {
  const added = new Map<string, number[]>();
  for (const request of requests) for (const variant of variants) await measure(variant, request, 300);
  const pagesBefore = await wasmBytes();
  for (let round = 0; round < ROUNDS; round++) {
    for (const request of requests) {
      const order = variants.map((_, index) => variants[(index + round) % variants.length]!);
      const cost = new Map<string, number>();
      for (const variant of order) cost.set(variant.name, await measure(variant, request, REQUESTS));
      for (const variant of variants.slice(1)) {
        const key = `${request.name} ${variant.name}`;
        const list = added.get(key) ?? [];
        list.push(cost.get(variant.name)! - cost.get("none")!);
        added.set(key, list);
      }
    }
    say(`round ${round + 1} of ${ROUNDS}`);
  }
  report(added, pagesBefore, await wasmBytes());
} finally {
  await envoy.stop();
}

async function wasmBytes(): Promise<number> {
  return Number(/"allocated": "(\d+)"/.exec(await envoy.admin("/memory"))?.[1] ?? 0);
}

function report(added: Map<string, number[]>, before: number, after: number): void {
  void before;
  void after;
  const rows = requests.flatMap((request) =>
    variants.slice(1).map((variant) => {
      const own = added.get(`${request.name} ${variant.name}`)!;
      const native = added.get(`${request.name} native`)!;
      return {
        request: request.name,
        variant: variant.name,
        addedMicroseconds: round(median(own)),
        ratioToNative: round(median(own.map((value, index) => value / native[index]!))),
      };
    }),
  );
  const result = {
    date: new Date().toISOString(),
    command: "npm run bench",
    node: process.version,
    rounds: ROUNDS,
    requestsARound: REQUESTS,
    tokenBytes: token.length,
    policies: POLICIES,
    wasmBytes: statSync(wasm).size,
    rows,
  };
  const folder = `${root}bench/results`;
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/envoy-${result.date.slice(0, 10)}.json`;
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`lictor.wasm ${result.wasmBytes} bytes\n`);
  for (const row of rows) {
    process.stdout.write(
      `${row.request.padEnd(8)}${row.variant.padEnd(16)}${row.addedMicroseconds.toFixed(1).padStart(8)} us added` +
        `${row.ratioToNative.toFixed(2).padStart(8)} x native\n`,
    );
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
