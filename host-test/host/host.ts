/**
 * A proxy with one wasm filter, as Envoy runs it: a module is checked, a canary configured, and then
 * the main thread and every worker get a VM and configure again.
 */
import { readFileSync } from "node:fs";
import { toBytes, type ByteText } from "./bytes.ts";
import { hostCalls } from "./calls.ts";
import type { ManualClock } from "./clock.ts";
import type { CompiledModule, Engine } from "./engine.ts";
import { v8Engine } from "./engine-v8.ts";
import { ConfigurationRefused, LoadError } from "./errors.ts";
import type { HeaderLine } from "./headers.ts";
import { checkModule } from "./link.ts";
import type { LogLine } from "./log.ts";
import type { MetricStore } from "./metrics.ts";
import { Proxy, type ProxyOptions } from "./proxy.ts";
import { Root, type FailedStep } from "./root.ts";
import { Stream, type StreamOptions } from "./stream.ts";
import { PassedBy } from "./passed-by.ts";
import { Thread } from "./thread.ts";
import { Vm } from "./vm.ts";

export type EngineName = "v8" | "wasmtime";

export interface HostOptions extends ProxyOptions {
  /** The plugin configuration; a string is taken as UTF-8. */
  configuration?: string | Uint8Array;
  /** Default 1. */
  workers?: number;
  /** What happens to requests after a trap. Default `FAIL_RELOAD`. */
  failurePolicy?: "FAIL_RELOAD" | "FAIL_CLOSED" | "FAIL_OPEN";
  /** The least time between two starts of a VM. Default 1000. */
  reloadBackOffMs?: number;
  /** The imports that the module may have; default: all that this host has. */
  expectedImports?: readonly string[];
  /** What runs the module: Node's own engine, or wasmtime, which counts instructions. Default `v8`. */
  engine?: EngineName;
  /** Called with a line while the engine is fetched. */
  progress?: (line: string) => void;
}

export interface RequestOptions extends StreamOptions {
  /** Which worker takes it. Default 0. */
  worker?: number;
}

/** What became of a push. */
export interface Push {
  accepted: boolean;
  /** What the canary failed at; undefined also where it was not asked. */
  failed?: FailedStep;
  /** Log lines of the canary and, when accepted, of the other VMs. */
  logs: LogLine[];
}

export class Host {
  readonly #proxy: Proxy;
  readonly #module: CompiledModule;
  readonly #options: HostOptions;
  readonly #main: Thread;
  readonly #workers: Thread[];
  readonly #refused = new Set<string>();
  #configuration: Buffer;
  #poisoned = false;

  private constructor(module: CompiledModule, options: HostOptions) {
    this.#module = module;
    this.#options = options;
    this.#proxy = new Proxy(options);
    this.#configuration = toConfiguration(options.configuration ?? "");
    const start = (name: string): Vm => Vm.start(name, this.#proxy, this.#module);
    this.#main = new Thread("main", this.clock, start);
    const names = Array.from({ length: options.workers ?? 1 }, (_, index) => `worker ${index}`);
    this.#workers = names.map((name) => new Thread(name, this.clock, start));
  }

  /**
   * Loads a module (its bytes or path) and configures it. Throws `LoadError` when Envoy would refuse
   * the module, `ConfigurationRefused` when the module refuses the configuration.
   */
  static async load(wasm: Uint8Array | string, options: HostOptions = {}): Promise<Host> {
    const bytes = typeof wasm === "string" ? readFileSync(wasm) : wasm;
    const module = await compile(bytes, options);
    checkModule(bytes, new Set(hostCalls.keys()), options.expectedImports);
    const host = new Host(module, options);
    Vm.start("base", host.#proxy, module);
    const push = host.#apply(host.#configuration, true);
    if (push.failed !== undefined) throw new ConfigurationRefused(`Failed to ${push.failed}`, push.logs);
    return host;
  }

  get clock(): ManualClock {
    return this.#proxy.clock;
  }

  get metrics(): MetricStore {
    return this.#proxy.metrics;
  }

  /** All log lines so far. */
  get logs(): readonly LogLine[] {
    return this.#proxy.logs;
  }

  /** Whether later configurations are refused, because a thread's VM did not take one. */
  get poisoned(): boolean {
    return this.#poisoned;
  }

  /** Pages of a worker's linear memory. */
  pages(worker = 0): number {
    return this.#worker(worker).vm?.pages ?? 0;
  }

  /** Instructions that a worker's VM ran so far; undefined where the engine does not count. */
  fuel(worker = 0): number | undefined {
    return this.#worker(worker).vm?.fuel;
  }

  /** Why a worker's VM is down; undefined while it is not. */
  failure(worker = 0): string | undefined {
    return this.#worker(worker).vm?.failure;
  }

  /** Whether a worker runs the filter at all; if not, requests pass by it. */
  present(worker = 0): boolean {
    return this.#worker(worker).root !== undefined;
  }

  /** A request arrives: its headers, `:method`, `:path` and `:authority` among them. The stream stays open. */
  requestHeaders(lines: readonly HeaderLine[], options: RequestOptions = {}): Stream | PassedBy {
    const thread = this.#worker(options.worker ?? 0);
    if (thread.failed) this.#reloadIfDue(thread);
    const { root } = thread;
    const open = thread.failed && this.#options.failurePolicy === "FAIL_OPEN";
    return root === undefined || open ? new PassedBy(lines) : new Stream(root, lines, options);
  }

  /** A whole request: the upstream answers 200 unless the filter does, and the stream ends. */
  request(lines: readonly HeaderLine[], options: RequestOptions = {}): Stream | PassedBy {
    const stream = this.requestHeaders(lines, options);
    if (stream.reply === undefined && !stream.closed && stream.action === "CONTINUE") stream.respond();
    return stream.end();
  }

  /** The tick of every root that asked for one, in every VM. */
  tick(): void {
    for (const { root } of [this.#main, ...this.#workers]) {
      if (root !== undefined && root.tickPeriod > 0) root.vm.callIn(root, "proxy_on_tick");
    }
  }

  /**
   * Pushes a configuration, as ECDS does. Refused by the canary, the old one stays in force. A thread
   * whose VM does not take what the canary took loses the filter, and every later push is refused,
   * until one names another VM id.
   */
  push(configuration: string | Uint8Array, options: { vmId?: string } = {}): Push {
    const { vmId = this.#proxy.vmId } = options;
    const fresh = vmId !== this.#proxy.vmId;
    if (fresh) {
      this.#proxy.vmId = vmId;
      this.#poisoned = false;
      this.#refused.clear();
    }
    return this.#apply(toConfiguration(configuration), fresh);
  }

  #apply(configuration: Buffer, fresh: boolean): Push {
    const from = this.logs.length;
    const key = configuration.toString("latin1");
    if (!fresh && !this.#poisoned && configuration.equals(this.#configuration) && !this.#anyFailed()) {
      return { accepted: true, logs: [] };
    }
    if (this.#poisoned || this.#refused.has(key)) return { accepted: false, logs: [] };
    const canary = Vm.start("canary", this.#proxy, this.#module);
    const failed = Root.configure(canary, configuration);
    if (!(failed instanceof Root)) {
      this.#refused.add(key);
      return { accepted: false, failed, logs: this.logs.slice(from) };
    }
    this.#configuration = configuration;
    for (const thread of [this.#main, ...this.#workers]) {
      if (!thread.configure(configuration, fresh)) this.#poisoned = true;
    }
    return { accepted: true, logs: this.logs.slice(from) };
  }

  #anyFailed(): boolean {
    return [this.#main, ...this.#workers].some((thread) => thread.failed);
  }

  #reloadIfDue(thread: Thread): void {
    if ((this.#options.failurePolicy ?? "FAIL_RELOAD") !== "FAIL_RELOAD") return;
    if (this.clock.milliseconds - thread.startedMs < (this.#options.reloadBackOffMs ?? 1000)) return;
    if (!thread.reload(this.#configuration)) this.#poisoned = true;
  }

  #worker(index: number): Thread {
    const thread = this.#workers[index];
    if (thread === undefined) throw new RangeError(`no worker ${index}`);
    return thread;
  }
}

function toConfiguration(configuration: ByteText): Buffer {
  return typeof configuration === "string" ? Buffer.from(configuration) : toBytes(configuration);
}

/** wasmtime's binding is loaded only where it is asked for. */
async function engineOf({ engine = "v8", progress }: HostOptions): Promise<Engine> {
  if (engine === "v8") return v8Engine;
  const { wasmtimeEngine } = await import("./engine-wasmtime.ts");
  return wasmtimeEngine({ progress });
}

async function compile(bytes: Uint8Array, options: HostOptions): Promise<CompiledModule> {
  const engine = await engineOf(options);
  try {
    return await engine.compile(bytes);
  } catch (error) {
    throw new LoadError(`Failed to load Wasm code: ${String(error)}`);
  }
}
