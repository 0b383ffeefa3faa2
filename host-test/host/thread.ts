/** One thread of the proxy: the VM that it runs, and the configuration that new streams get. */
import type { ManualClock } from "./clock.ts";
import { Root } from "./root.ts";
import type { Vm } from "./vm.ts";

export class Thread {
  readonly name: string;
  /** The configuration in force; undefined: Envoy leaves the filter out, and requests pass. */
  root: Root | undefined;
  /** When its VM was last started, in ms. */
  startedMs = 0;
  readonly #start: (name: string) => Vm;
  readonly #clock: ManualClock;

  constructor(name: string, clock: ManualClock, start: (name: string) => Vm) {
    this.name = name;
    this.#clock = clock;
    this.#start = start;
  }

  get vm(): Vm | undefined {
    return this.root?.vm;
  }

  /** Whether the VM is down. */
  get failed(): boolean {
    return this.vm?.failure !== undefined;
  }

  /**
   * Takes a new configuration: into the VM that runs, or into a fresh one (first start, a VM that is
   * down, another VM id). False when the guest does not take it.
   */
  configure(configuration: Buffer, fresh: boolean): boolean {
    const before = this.root;
    const vm = fresh || before === undefined || this.failed ? this.#fresh() : before.vm;
    const root = Root.configure(vm, configuration);
    this.root = root instanceof Root ? root : undefined;
    before?.retire();
    return this.root !== undefined;
  }

  /** Starts a VM anew after a trap; false when the guest does not take the configuration again. */
  reload(configuration: Buffer): boolean {
    const root = Root.configure(this.#fresh(), configuration);
    if (root instanceof Root) this.root = root;
    return root instanceof Root;
  }

  #fresh(): Vm {
    this.startedMs = this.#clock.milliseconds;
    return this.#start(this.name);
  }
}
