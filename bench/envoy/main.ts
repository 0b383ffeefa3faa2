/**
 * `npm run bench`: what Lictor adds to a request in one Envoy, against native jwt_authn and RBAC in
 * the same Envoy. Each round runs every variant once, in an order that changes; added CPU is a
 * variant's on-CPU time of the worker less that of no filter, both of one round, and figures are
 * medians over rounds.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bootstrap, EnvoyProcess, listener, modulePath, pluginFilter, seal, type JsonObject } from "lictor";
import { workerNanoseconds } from "../cpu.ts";
import { sendLoad } from "../load.ts";
import { pagesGrown } from "../memory.ts";
import { jwtAuthn, rbac } from "../native.ts";
import { writeReport, type Sample } from "../report.ts";
import {
  type Signer,
  AUDIENCE,
  ISSUER,
  forged,
  lictorDocument,
  makeRules,
  makeSigner,
  makeToken,
  requestHead,
} from "../request.ts";

const ROUNDS = Number(process.env["LICTOR_BENCH_ROUNDS"] ?? 15);
const REQUESTS = Number(process.env["LICTOR_BENCH_REQUESTS"] ?? 1000);
const WARM_UP_REQUESTS = 300;
const CONNECTIONS = 4;
const POLICIES = 10;
const SEAL = "bench-0123456789abcdef";
const TOKEN_CACHE = 1000;

const wasm = modulePath();
const rules = makeRules(POLICIES);

/** One way to set the filters up. */
interface Variant {
  name: string;
  filters: JsonObject[];
}

/** Requests that are measured against each other, each through its native filters and Lictor's. */
interface Comparison {
  name: string;
  head: string;
  status: number;
  variants: Variant[];
}

/** Every way that Lictor is measured in, against native filters that do the same work. */
function variantsOf(name: string, signer: Signer, cached: boolean): Variant[] {
  const jwks = JSON.stringify({ keys: [signer.jwk] });
  const tokenCache = cached ? TOKEN_CACHE : 0;
  const lictor = (vmId: string, secret?: string): JsonObject => {
    const configuration = lictorDocument(signer, rules, {
      tokenCache,
      ...(secret === undefined ? {} : { seal: secret }),
    });
    return pluginFilter({ wasm, configuration, vmId: `${name} ${vmId}` });
  };
  return [
    { name: "native", filters: [jwtAuthn(ISSUER, AUDIENCE, jwks, cached), rbac(rules)] },
    { name: "lictor", filters: [lictor("unsealed")] },
    { name: "lictor, sealed", filters: [lictor("sealed", SEAL), seal(SEAL)] },
    ...(cached ? [{ name: "calls alone", filters: [callsAlone(name)] }] : []),
  ];
}

/** What Lictor asks of the proxy for a cached token, by a filter that does nothing else. */
function callsAlone(name: string): JsonObject {
  const module = fileURLToPath(new URL("../../build/out/modules/calls-alone.wasm", import.meta.url));
  return pluginFilter({ wasm: module, configuration: "", vmId: `${name} calls alone` });
}

function compare(name: string, signer: Signer, options: { forge?: true; cached?: true } = {}): Comparison {
  const token = makeToken(signer);
  return {
    name,
    head: requestHead(options.forge ? forged(token) : token),
    status: options.forge ? 401 : 200,
    variants: variantsOf(name, signer, options.cached ?? false),
  };
}

const rsa = makeSigner("RS256");
const ec = makeSigner("ES256");
const comparisons = [
  compare("RS256", rsa),
  compare("RS256, forged", rsa, { forge: true }),
  compare("RS256, cached", rsa, { cached: true }),
  compare("ES256", ec),
  compare("ES256, forged", ec, { forge: true }),
  compare("ES256, cached", ec, { cached: true }),
];
const none: Variant = { name: "none", filters: [] };
const listenerName = (comparison: Comparison, variant: Variant) => `${comparison.name}: ${variant.name}`;

const say = (line: string) => process.stderr.write(`${line}\n`);
say(`starting Envoy; ${POLICIES} policies, ${ROUNDS} rounds of ${REQUESTS} requests a variant`);
const envoy = await EnvoyProcess.start(
  () =>
    bootstrap({
      listeners: [
        { name: none.name, filters: none.filters },
        ...comparisons.flatMap((comparison) =>
          comparison.variants.map((variant) => ({
            name: listenerName(comparison, variant),
            filters: variant.filters,
          })),
        ),
      ].map(({ name, filters }) =>
        listener({ name, filters, upstream: { status: 200, body: "ok\n" }, accessLog: "none" }),
      ),
    }),
  { progress: say },
);
try {
  const samples = await measureAll();
  const document = lictorDocument(rsa, rules, { tokenCache: 0 });
  writeReport({
    name: "envoy",
    command: "npm run bench:envoy",
    samples,
    baseline: "native",
    facts: {
      rounds: ROUNDS,
      requestsARound: REQUESTS,
      tokenBytes: makeToken(rsa).length,
      policies: POLICIES,
      moduleBytes: readFileSync(wasm).length,
      pagesGrown: await pagesGrown(wasm, document, makeToken(rsa)),
    },
  });
} finally {
  await envoy.stop();
}

async function measureAll(): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    for (const comparison of comparisons) {
      const cost = new Map<string, number>();
      const order = [none, ...comparison.variants];
      for (let turn = 0; turn < order.length; turn++) {
        const variant = order[(turn + round + 1) % order.length]!;
        cost.set(variant.name, await measure(comparison, variant, round < 0 ? WARM_UP_REQUESTS : REQUESTS));
      }
      if (round < 0) continue;
      for (const { name } of comparison.variants) {
        const added = cost.get(name)! - cost.get(none.name)!;
        samples.push({ round, request: comparison.name, variant: name, added });
      }
    }
    say(round < 0 ? "warmed up" : `round ${round + 1} of ${ROUNDS}`);
  }
  return samples;
}

/** On-CPU microseconds of the worker a request. */
async function measure(comparison: Comparison, variant: Variant, count: number): Promise<number> {
  const isNone = variant === none;
  const port = await envoy.port(isNone ? none.name : listenerName(comparison, variant));
  const status = isNone ? 200 : comparison.status;
  const before = workerNanoseconds(envoy.pid);
  await sendLoad({ port, request: comparison.head, requests: count, connections: CONNECTIONS, status });
  return (workerNanoseconds(envoy.pid) - before) / count / 1000;
}
