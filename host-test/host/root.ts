import type { Context } from "./context.ts";
import { pluginProperty } from "./properties.ts";
import { CallFailed, Status } from "./status.ts";
import type { Vm } from "./vm.ts";

/** What could not be done, in Envoy's words. */
export type FailedStep = "start base Wasm" | "configure base Wasm plugin";

/** One configuration in one VM. Lives on, after a newer one took its place, until its streams are over. */
export class Root implements Context {
  readonly id: number;
  readonly vm: Vm;
  openStreams = 0;
  tickPeriod = 0;
  readonly #configuration: Buffer;
  #configuring = false;
  #retired = false;

  private constructor(vm: Vm, configuration: Buffer) {
    this.vm = vm;
    this.id = vm.nextContextId();
    this.#configuration = configuration;
  }

  /** Creates, starts and configures a root; the failed step when the guest refuses, traps or is down. */
  static configure(vm: Vm, configuration: Buffer): Root | FailedStep {
    const root = new Root(vm, configuration);
    vm.current = root;
    vm.call("proxy_on_context_create", root.id, 0);
    vm.current = undefined;
    const started = !vm.has("proxy_on_vm_start") || vm.callIn(root, "proxy_on_vm_start", 0);
    if (vm.failure !== undefined || !started) return "start base Wasm";
    root.#configuring = true;
    const size = configuration.length;
    const configured = !vm.has("proxy_on_configure") || vm.callIn(root, "proxy_on_configure", size);
    root.#configuring = false;
    return vm.failure === undefined && configured ? root : "configure base Wasm plugin";
  }

  /** No new stream comes; done and delete follow when the last one is over. */
  retire(): void {
    this.#retired = true;
    this.#deleteIfOver();
  }

  streamEnded(): void {
    this.openStreams--;
    this.#deleteIfOver();
  }

  #deleteIfOver(): void {
    if (!this.#retired || this.openStreams > 0) return;
    this.vm.callIn(this, "proxy_on_done");
    this.vm.callIn(this, "proxy_on_delete");
  }

  map(): undefined {
    return undefined;
  }

  property(path: string[]): Buffer {
    return pluginProperty(this.vm.proxy, path);
  }

  setProperty(): void {
    throw new CallFailed(Status.NOT_FOUND);
  }

  headersChanged(): void {
    return;
  }

  /** Without a stream there is nobody to answer: Envoy says OK and does nothing. */
  sendLocalResponse(): void {
    return;
  }

  closeStream(): void {
    return;
  }

  configuration(): Buffer | undefined {
    return this.#configuring ? this.#configuration : undefined;
  }

  setTickPeriod(milliseconds: number): void {
    this.tickPeriod = milliseconds;
  }
}
