/**
 * `npm run bench`: what Lictor adds to a request in one Envoy, against native jwt_authn and RBAC in
 * the same Envoy. Each round runs every variant once, in an order that changes; added CPU is a
 * variant's on-CPU time of the worker less that of no filter, both of one round, and figures are
 * medians over rounds.
 */
import { readFileSync } from "node:fs";
import { bootstrap, EnvoyProcess, listener, modulePath, pluginFilter, seal, type JsonObject } from "lictor";
import { workerNanoseconds } from "./cpu.ts";
import { sendLoad } from "./load.ts";
import { pagesGrown } from "./memory.ts";
import { jwtAuthn, rbac } from "./native.ts";
import { writeReport, type Sample } from "./report.ts";
import {
  AUDIENCE,
  ISSUER,
  forged,
  lictorDocument,
  makeRules,
  makeSigner,
  makeToken,
  requestHead,
} from "./request.ts";

const ROUNDS = Number(process.env["LICTOR_BENCH_ROUNDS"] ?? 15);
const REQUESTS = Number(process.env["LICTOR_BENCH_REQUESTS"] ?? 1500);
const WARM_UP_REQUESTS = 300;
const CONNECTIONS = 4;
const POLICIES = 10;
const SEAL = "bench-0123456789abcdef";

const wasm = modulePath();
const signer = makeSigner("RS256");
const token = makeToken(signer);
const rules = makeRules(POLICIES);
const unsealed = lictorDocument(signer, rules);
const sealed = lictorDocument(signer, rules, SEAL);

interface Variant {
  name: string;
  filters: JsonObject[];
}

/** `none` comes first: the others are measured against it. */
const variants: Variant[] = [
  { name: "none", filters: [] },
  {
    name: "native",
    filters: [jwtAuthn(ISSUER, AUDIENCE, JSON.stringify({ keys: [signer.jwk] })), rbac(rules)],
  },
  { name: "lictor", filters: [pluginFilter({ wasm, configuration: unsealed, vmId: "unsealed" })] },
  {
    name: "lictor, sealed",
    filters: [pluginFilter({ wasm, configuration: sealed, vmId: "sealed" }), seal(SEAL)],
  },
];

const requests = [
  { name: "valid", head: requestHead(token), status: 200 },
  { name: "forged", head: requestHead(forged(token)), status: 401 },
];
type BenchRequest = (typeof requests)[number];

const say = (line: string) => process.stderr.write(`${line}\n`);
say(`starting Envoy with ${variants.length} listeners; token ${token.length} bytes, ${POLICIES} policies`);
const envoy = await EnvoyProcess.start(
  () =>
    bootstrap({
      listeners: variants.map(({ name, filters }) =>
        listener({ name, filters, upstream: { status: 200, body: "ok\n" }, accessLog: "none" }),
      ),
    }),
  { progress: say },
);
try {
  const samples = await measureAll();
  writeReport({
    samples,
    baseline: "native",
    facts: {
      rounds: ROUNDS,
      requestsARound: REQUESTS,
      tokenBytes: token.length,
      policies: POLICIES,
      moduleBytes: readFileSync(wasm).length,
      pagesGrown: await pagesGrown(wasm, unsealed, token),
    },
  });
} finally {
  await envoy.stop();
}

async function measureAll(): Promise<Sample[]> {
  for (const request of requests) {
    for (const variant of variants) await measure(variant, request, WARM_UP_REQUESTS);
  }
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const request of requests) {
      const cost = new Map<string, number>();
      for (let turn = 0; turn < variants.length; turn++) {
        const variant = variants[(turn + round) % variants.length]!;
        cost.set(variant.name, await measure(variant, request, REQUESTS));
      }
      for (const { name } of variants.slice(1)) {
        samples.push({
          round,
          request: request.name,
          variant: name,
          added: cost.get(name)! - cost.get("none")!,
        });
      }
    }
    say(`round ${round + 1} of ${ROUNDS}`);
  }
  return samples;
}

/** On-CPU microseconds of the worker a request. */
async function measure(variant: Variant, request: BenchRequest, count: number): Promise<number> {
  const port = await envoy.port(variant.name);
  const status = variant.name === "none" ? 200 : request.status;
  const before = workerNanoseconds(envoy.pid);
  await sendLoad({ port, request: request.head, requests: count, connections: CONNECTIONS, status });
  return (workerNanoseconds(envoy.pid) - before) / count / 1000;
}
