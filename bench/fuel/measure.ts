/**
 * The fuel of a fixed set of requests: how many instructions wasmtime counts for each. Nothing in them
 * is left to chance, so a figure changes with the module alone, and is the same on every machine.
 */
import { fileURLToPath } from "node:url";
import { keySet, mintKey, type MintAlgorithm, type MintKey } from "lictor";
import { Host } from "lictor-host";
import { ALGORITHMS, AUDIENCE, forge, isSecret, issuerOf, KEY, NOW, tokenOf } from "./tokens.ts";

/** Fuel by what it was used for. */
export type Figures = { [name: string]: number };

const modulePath = fileURLToPath(new URL("../../build/out/lictor.wasm", import.meta.url));
const RULE_COUNTS = [10, 1_000, 10_000];
const RULES_OF_A_POLICY = 100;
const MORE_KEYS_THAN_TABLES = 20;
/** The variable with the symmetric keys. */
const SECRETS = "LICTOR_SECRETS";

/** What a request must come to, so that no figure stands for another way than it says. */
type Outcome = "allow" | "no_policy_allowed" | "signature_invalid";

export async function measureFuel(): Promise<Figures> {
  const figures: Figures = {};
  await measureAlgorithms(figures);
  await measureKeyWithoutTable(figures);
  for (const count of RULE_COUNTS) await measureRules(count, figures);
  return figures;
}

async function measureAlgorithms(figures: Figures): Promise<void> {
  const host = await load(documentWith(10, ALGORITHMS));
  for (const algorithm of ALGORITHMS) {
    const token = tokenOf(algorithm);
    figures[`${algorithm}, cold`] = run(host, token, "GET", "allow");
    figures[`${algorithm}, cached`] = run(host, token, "GET", "allow");
    figures[`${algorithm}, cached and denied`] = run(host, token, "DELETE", "no_policy_allowed");
    figures[`${algorithm}, forged`] = run(host, forge(token), "GET", "signature_invalid");
  }
}

/** The first keys of a document get tables of multiples; later ones verify without. */
async function measureKeyWithoutTable(figures: Figures): Promise<void> {
  for (const algorithm of ["ES256", "EdDSA"] as const) {
    const others = Array.from({ length: MORE_KEYS_THAN_TABLES }, (_, index) =>
      mintKey(`${KEY}-${index}`, algorithm),
    );
    const host = await load(documentWith(10, [algorithm], others));
    figures[`${algorithm}, cold, key without a table`] = run(host, tokenOf(algorithm), "GET", "allow");
  }
}

async function measureRules(count: number, figures: Figures): Promise<void> {
  const host = await load(documentWith(count, ["RS256"]));
  const token = tokenOf("RS256");
  figures[`${count} rules, start and configure`] = host.fuel() ?? 0;
  run(host, token, "GET", "allow");
  figures[`${count} rules, cached`] = run(host, token, "GET", "allow");
  figures[`${count} rules, cached and denied`] = run(host, token, "DELETE", "no_policy_allowed");
}

function run(host: Host, token: string, method: string, expected: Outcome): number {
  const stream = host.request([
    [":method", method],
    [":path", "/orders/123?x=1"],
    [":authority", "orders.shop"],
    [":scheme", "http"],
    ["accept", "application/json"],
    ["user-agent", "lictor-fuel/1"],
    ["authorization", `Bearer ${token}`],
  ]);
  const record = JSON.parse(stream.state("wasm.lictor.decision") ?? "{}") as { [member: string]: unknown };
  const outcome = record["decision"] === "allow" ? "allow" : record["reason"];
  if (outcome === expected) return stream.fuel;
  throw new Error(`expected ${expected} for ${method} with ${token}, got ${JSON.stringify(record)}`);
}

/** The clock stands still and randomness is constant. */
function load(configuration: string): Promise<Host> {
  return Host.load(modulePath, {
    engine: "wasmtime",
    progress: (line) => process.stderr.write(`lictor: ${line}\n`),
    configuration,
    environment: { [SECRETS]: JSON.stringify(keySet(...keysOf(ALGORITHMS.filter(isSecret)))) },
    nowMs: NOW * 1000,
    random: (size) => new Uint8Array(size).fill(7),
  });
}

/** A document of which the last rule alone lets the request through. */
function documentWith(
  ruleCount: number,
  algorithms: readonly MintAlgorithm[],
  otherKeys: readonly MintKey[] = [],
): string {
  const rules = Array.from({ length: ruleCount }, (_, index) => ({
    to: [
      {
        operation: {
          methods: ["GET"],
          paths: [index === ruleCount - 1 ? "/orders/*" : `/service-${index}/*`],
        },
      },
    ],
    when: [{ key: "request.auth.claims[groups]", values: ["orders-readers"] }],
  }));
  const policies = [];
  for (let from = 0; from < ruleCount; from += RULES_OF_A_POLICY) {
    policies.push({ name: `p${from}`, rules: rules.slice(from, from + RULES_OF_A_POLICY) });
  }
  const jwtRules = [
    ...jwtRule(
      "public",
      algorithms.filter((algorithm) => !isSecret(algorithm)),
      otherKeys,
    ),
    ...jwtRule("secret", algorithms.filter(isSecret), []),
  ];
  return JSON.stringify({ apiVersion: "lictor/v1", revision: "fuel", jwtRules, policies });
}

/** The rule for tokens of these algorithms, which are all of public keys or all of secrets. */
function jwtRule(name: string, algorithms: readonly MintAlgorithm[], otherKeys: readonly MintKey[]) {
  const [first] = algorithms;
  if (first === undefined) return [];
  const keys = isSecret(first) ? { jwksEnv: SECRETS } : { jwks: keySet(...otherKeys, ...keysOf(algorithms)) };
  return [{ name, issuer: issuerOf(first), audiences: [AUDIENCE], algorithms, ...keys }];
}

function keysOf(algorithms: readonly MintAlgorithm[]) {
  return algorithms.map((algorithm) => mintKey(KEY, algorithm));
}
