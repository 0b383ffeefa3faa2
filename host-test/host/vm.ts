/**
 * One wasm VM: an instance of the module, the contexts that live in it, and the rules about what may
 * be called when. A trap takes the whole VM down, for good.
 */
import { toText } from "./bytes.ts";
import { hostCalls } from "./calls.ts";
import type { Context } from "./context.ts";
import type { CompiledModule, Instance } from "./engine.ts";
import { EnvoyCrash, LoadError } from "./errors.ts";
import { GuestMemory } from "./memory.ts";
import { MetricIds } from "./metrics.ts";
import type { Proxy } from "./proxy.ts";
import { CallFailed, LOG_LEVELS, Status, type LogLevel } from "./status.ts";

/** What a guest may call inside `malloc`, and while it starts. */
const IN_MALLOC: ReadonlySet<string> = new Set(["proxy_log"]);
const AT_START: ReadonlySet<string> = new Set([
  "proxy_log",
  "environ_get",
  "environ_sizes_get",
  "random_get",
]);

export class Vm {
  readonly name: string;
  readonly proxy: Proxy;
  readonly metrics: MetricIds;
  /** Why it is down; undefined while it is not. */
  failure: string | undefined;
  /** The context whose callback runs: host calls act on it. */
  current: Context | undefined;
  #instance: Instance | undefined;
  #memory: GuestMemory | undefined;
  #allowed: ReadonlySet<string> | undefined;
  #lastContextId = 0;

  private constructor(name: string, proxy: Proxy) {
    this.name = name;
    this.proxy = proxy;
    this.metrics = new MetricIds(proxy.metrics);
  }

  /** Instantiates and initializes; throws `LoadError` as Envoy refuses the module. */
  static start(name: string, proxy: Proxy, module: CompiledModule): Vm {
    const vm = new Vm(name, proxy);
    try {
      vm.#instance = module.instantiate((call, parameters) => vm.#answer(call, parameters));
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      throw new LoadError(`Failed to create new Wasm instance: ${describe(error)}`);
    }
    vm.#memory = new GuestMemory(vm.#instance, (size) => vm.#malloc(size));
    vm.#allowed = AT_START;
    vm.call("_initialize");
    vm.#allowed = undefined;
    if (vm.failure !== undefined) throw new LoadError(vm.failure);
    return vm;
  }

  get memory(): GuestMemory {
    if (this.#memory === undefined) throw new CallFailed(Status.INVALID_MEMORY_ACCESS);
    return this.#memory;
  }

  /** Pages of linear memory. */
  get pages(): number {
    return this.#memory?.pages ?? 0;
  }

  /** Instructions run so far; undefined where the engine does not count. */
  get fuel(): number | undefined {
    return this.#instance?.fuel();
  }

  nextContextId(): number {
    return ++this.#lastContextId;
  }

  has(callback: string): boolean {
    return this.#instance?.has(callback) ?? false;
  }

  /** Runs a callback; undefined where the module has none, is down, or goes down. */
  call(callback: string, ...parameters: number[]): number | undefined {
    return this.failure === undefined ? this.#run(callback, parameters) : undefined;
  }

  #run(callback: string, parameters: number[]): number | undefined {
    try {
      return this.#instance?.call(callback, parameters);
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      this.fail(callback, error);
      return undefined;
    }
  }

  /** Runs a callback of `context`. */
  callIn(context: Context, callback: string, ...parameters: number[]): number | undefined {
    this.current = context;
    const result = this.call(callback, context.id, ...parameters);
    this.current = undefined;
    return result;
  }

  fail(callback: string, error: unknown): void {
    this.failure = `Function: ${callback} failed: Uncaught ${describe(error)}`;
  }

  log(level: LogLevel, message: Buffer): void {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(this.proxy.logLevel)) return;
    this.proxy.logs.push({ level, message: toText(message), vm: this.name });
  }

  /**
   * The guest gives memory in the middle of a host call; 0 when it does not, or traps. After such a
   * trap the guest runs on to the end of its callback, as if the VM were not down.
   */
  #malloc(size: number): number {
    const before = this.#allowed;
    const caller = this.current;
    this.#allowed = IN_MALLOC;
    this.current = undefined;
    const allocate = this.has("malloc") ? "malloc" : "proxy_on_memory_allocate";
    const address = (this.#run(allocate, [size]) ?? 0) >>> 0;
    this.#allowed = before;
    this.current = caller;
    return address;
  }

  #answer(name: string, parameters: (number | bigint)[]): number {
    if (this.#instance === undefined) throw new EnvoyCrash(`${name} called from the start section`);
    if (this.#allowed?.has(name) === false) throw new Error("restricted_callback");
    try {
      hostCalls.get(name)!(this, parameters);
      return Status.OK;
    } catch (error) {
      if (error instanceof CallFailed) return error.status;
      throw error;
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
