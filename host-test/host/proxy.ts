/** What all VMs of one proxy share. */
import { randomBytes } from "node:crypto";
import { ManualClock } from "./clock.ts";
import type { LogLine } from "./log.ts";
import { MetricStore } from "./metrics.ts";
import type { LogLevel } from "./status.ts";

export interface ProxyOptions {
  /** The plugin's name and root id. Default `lictor`. */
  name?: string;
  vmId?: string;
  /** The proxy's own name, its node's id. Default `lictor`. */
  node?: string;
  /** Variables that the module can read. */
  environment?: { readonly [name: string]: string };
  logLevel?: LogLevel;
  /** Where the clock stands at first, in ms since the Unix epoch. Default: now. */
  nowMs?: number;
  /** What guests get as randomness. Default: randomness. */
  random?: (size: number) => Uint8Array;
}

export class Proxy {
  readonly pluginName: string;
  vmId: string;
  readonly node: string;
  readonly environment: { readonly [name: string]: string };
  logLevel: LogLevel;
  readonly clock: ManualClock;
  readonly random: (size: number) => Uint8Array;
  readonly metrics = new MetricStore();
  readonly logs: LogLine[] = [];

  constructor(options: ProxyOptions) {
    this.pluginName = options.name ?? "lictor";
    this.vmId = options.vmId ?? this.pluginName;
    this.node = options.node ?? "lictor";
    this.environment = options.environment ?? {};
    this.logLevel = options.logLevel ?? "info";
    this.clock = new ManualClock(options.nowMs ?? Date.now());
    this.random = options.random ?? randomBytes;
  }
}
