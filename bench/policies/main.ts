/**
 * `npm run bench:policies`: what the number of policies costs. The decision alone, in wasm; then CPU
 * added to a request in one Envoy, against native jwt_authn with its cache and RBAC, where all policies
 * but the last fail on the path, or on a claim; then pushes. Rounds as in `bench/envoy/main.ts`.
 */
import { bootstrap, EnvoyProcess, listener, modulePath, pluginFilter, seal, type JsonObject } from "lictor";
import { workerNanoseconds } from "../cpu.ts";
import { sendLoad } from "../load.ts";
import { jwtAuthn, rbac } from "../native.ts";
import { writeReport, type Sample } from "../report.ts";
import {
  AUDIENCE,
  ISSUER,
  lictorDocument,
  makeRules,
  makeSigner,
  makeToken,
  requestHead,
} from "../request.ts";
import { measureEngine } from "./engine.ts";
import { measurePush } from "./push.ts";

const ROUNDS = Number(process.env["LICTOR_BENCH_ROUNDS"] ?? 15);
const SEAL = "bench-0123456789abcdef";
const CONNECTIONS = 4;
const WARM_UP_REQUESTS = 200;

/** Requests of a round: native takes tens of milliseconds for one with ten thousand policies. */
const REQUESTS: Record<number, { native: number; lictor: number }> = {
  10: { native: 600, lictor: 600 },
  100: { native: 600, lictor: 600 },
  1_000: { native: 150, lictor: 600 },
  10_000: { native: 8, lictor: 600 },
};

const signer = makeSigner("RS256");
const jwks = JSON.stringify({ keys: [signer.jwk] });
const head = requestHead(makeToken(signer));
const wasm = modulePath();

interface Variant {
  name: "native" | "lictor, sealed";
  request: string;
  requests: number;
  filters: JsonObject[];
}

function variantsOf(count: number, failing: "path" | "claim"): Variant[] {
  const rules = makeRules(count, failing);
  const request = `${count} policies, others on ${failing}`;
  const configuration = lictorDocument(signer, rules, { tokenCache: 1_000, seal: SEAL });
  const { native, lictor } = REQUESTS[count]!;
  return [
    {
      name: "native",
      request,
      requests: native,
      filters: [jwtAuthn(ISSUER, AUDIENCE, jwks, true), rbac(rules)],
    },
    {
      name: "lictor, sealed",
      request,
      requests: lictor,
      filters: [pluginFilter({ wasm, configuration, vmId: request }), seal(SEAL)],
    },
  ];
}

const say = (line: string) => process.stderr.write(`${line}\n`);
const variants = (["path", "claim"] as const).flatMap((failing) =>
  Object.keys(REQUESTS).flatMap((count) => variantsOf(Number(count), failing)),
);
const nameOf = ({ request, name }: Variant) => `${request}: ${name}`;

say("deciding without a proxy");
const engine = measureEngine();
say("pushing");
const push = await measurePush();

say(`starting Envoy; ${variants.length} listeners, ${ROUNDS} rounds`);
const upstream = { status: 200, body: "ok\n" };
const envoy = await EnvoyProcess.start(
  () =>
    bootstrap({
      listeners: [{ name: "none", filters: [] as JsonObject[] }]
        .concat(variants.map((variant) => ({ name: nameOf(variant), filters: variant.filters })))
        .map(({ name, filters }) => listener({ name, filters, upstream, accessLog: "none" })),
    }),
  { progress: say },
);
try {
  const samples: Sample[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      const variant = variants[(turn + round + 1) % variants.length]!;
      const warmUp = round < 0;
      const none = await measure("none", warmUp ? WARM_UP_REQUESTS : variant.requests);
      const cost = await measure(
        nameOf(variant),
        warmUp ? Math.min(WARM_UP_REQUESTS, variant.requests) : variant.requests,
      );
      if (!warmUp)
        samples.push({ round, request: variant.request, variant: variant.name, added: cost - none });
    }
    say(round < 0 ? "warmed up" : `round ${round + 1} of ${ROUNDS}`);
  }
  writeReport({
    name: "policies",
    command: "npm run bench:policies",
    samples,
    baseline: "native",
    facts: {
      rounds: ROUNDS,
      ...Object.fromEntries(
        [...engine.compiled].map(([size, ns]) => [`decision alone, ${size} rules, ns`, Math.round(ns)]),
      ),
      "decision, 10,000 to 10 rules": Number(engine.growth.toFixed(2)),
      "obvious evaluator, 1,000 rules": Number(engine.referenceRatio.ratio.toFixed(1)),
      "10,000 rules, load, ms": Number(engine.loadMs.toFixed(1)),
      "10,000 rules, bytes a rule": Number(engine.bytesARule.toFixed(1)),
      "push to enforced, ms": Number(push.enforcedMs.toFixed(1)),
      "longest answer in a push, ms": Number(push.longestStallMs.toFixed(1)),
      "longest answer otherwise, ms": Number(push.longestQuietMs.toFixed(1)),
    },
  });
} finally {
  await envoy.stop();
}

/** On-CPU microseconds of the worker a request. */
async function measure(name: string, count: number): Promise<number> {
  const port = await envoy.port(name);
  const before = workerNanoseconds(envoy.pid);
  const connections = Math.min(CONNECTIONS, count);
  await sendLoad({ port, request: head, requests: count, connections, status: 200 });
  return (workerNanoseconds(envoy.pid) - before) / count / 1000;
}
