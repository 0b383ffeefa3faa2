/** The decision alone, in wasm: the compiled form at several sizes, and the reference evaluator. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { instantiateSync } from "@assemblyscript/loader";
import { median } from "../cpu.ts";
import type { BenchRule } from "../native.ts";
import { makeRules } from "../request.ts";

const file = fileURLToPath(new URL("../../build/out/entries/as-policy.wasm", import.meta.url));
const ROUNDS = 15;
/** About as long as a round of each may take, in ms. */
const ROUND_MS = 8;

interface Engine {
  memory: WebAssembly.Memory;
  _initialize(): void;
  take(size: number): number;
  loadPolicies(address: number, length: number): bigint;
  compiledBytes(): number;
  prepare(address: number, length: number): void;
  repeatCompiled(times: number): number;
  repeatReference(times: number): number;
}

export interface EngineFigures {
  /** Nanoseconds of a decision by number of rules. */
  compiled: Map<number, number>;
  /** How many times as long the reference takes with this many rules, median of rounds. */
  referenceRatio: { rules: number; ratio: number };
  /** Of the largest number of rules against the smallest, median of rounds. */
  growth: number;
  loadMs: number;
  bytesARule: number;
}

const SIZES = [10, 100, 1_000, 10_000];
const REFERENCE_SIZE = 1_000;

function load(rules: readonly BenchRule[]): { engine: Engine; loadMs: number } {
  const engine = instantiateSync<Record<string, unknown>>(readFileSync(file), {})
    .exports as unknown as Engine;
  engine._initialize();
  const policies = rules.map((rule, index) => ({
    name: `p${index}`,
    rules: [
      {
        to: [{ operation: { methods: ["GET"], paths: [`${rule.pathPrefix}*`] } }],
        when: [{ key: `request.auth.claims[${rule.claim}]`, values: [rule.value] }],
      },
    ],
  }));
  const started = performance.now();
  if (engine.loadPolicies(...put(engine, policies)) !== 0n) throw new Error("the policies do not load");
  const loadMs = performance.now() - started;
  const claims = { iss: "https://idp.example.com", sub: "alice", groups: ["engineering", "orders-readers"] };
  const request = {
    method: "GET",
    path: "/orders/123",
    host: "orders.shop",
    now: 1,
    headers: [],
    tokens: { one: claims },
  };
  engine.prepare(...put(engine, request));
  return { engine, loadMs };
}

function put(engine: Engine, value: unknown): [number, number] {
  const bytes = Buffer.from(JSON.stringify(value));
  const address = engine.take(bytes.length);
  new Uint8Array(engine.memory.buffer).set(bytes, address);
  return [address, bytes.length];
}

/** Nanoseconds of one call; `call` repeats as often as it is told and answers how many allowed. */
function time(call: (times: number) => number, times: number): number {
  const started = performance.now();
  if (call(times) !== times) throw new Error("a request that must be allowed was denied");
  return ((performance.now() - started) * 1e6) / times;
}

export function measureEngine(): EngineFigures {
  const engines = SIZES.map((size) => ({ size, ...load(makeRules(size)) }));
  const calibrated = engines.map((entry) => ({
    ...entry,
    times: Math.ceil((ROUND_MS * 1e6) / time(entry.engine.repeatCompiled, 2_000)),
  }));
  const reference = engines.find(({ size }) => size === REFERENCE_SIZE)!;
  const referenceTimes = Math.ceil((ROUND_MS * 1e6) / time(reference.engine.repeatReference, 5));
  const samples = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  const ratios: number[] = [];
  const growths: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const { size, engine, times } of calibrated)
      samples.get(size)!.push(time(engine.repeatCompiled, times));
    const obvious = time(reference.engine.repeatReference, referenceTimes);
    ratios.push(obvious / samples.get(REFERENCE_SIZE)!.at(-1)!);
    growths.push(samples.get(SIZES.at(-1)!)!.at(-1)! / samples.get(SIZES[0]!)!.at(-1)!);
  }
  const largest = engines.at(-1)!;
  return {
    compiled: new Map([...samples].map(([size, values]) => [size, median(values)])),
    referenceRatio: { rules: REFERENCE_SIZE, ratio: median(ratios) },
    growth: median(growths),
    loadMs: largest.loadMs,
    bytesARule: largest.engine.compiledBytes() / largest.size,
  };
}
