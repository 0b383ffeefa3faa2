/** What can become of a module or a configuration, each as Envoy would have it. */
import type { LogLine } from "./log.ts";

/** Envoy refuses the module: its imports, its exports, or its start. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/** The canary refused the configuration; the log holds the module's reason. */
export class ConfigurationRefused extends Error {
  override readonly name = "ConfigurationRefused";
  readonly logs: readonly LogLine[];

  constructor(message: string, logs: readonly LogLine[]) {
    super([message, ...logs.map((line) => line.message)].join("\n"));
    this.logs = logs;
  }
}

/** The module did what is known to crash a whole Envoy. */
export class EnvoyCrash extends Error {
  override readonly name = "EnvoyCrash";
}

/** The module needs a part of the ABI that Envoy has and this host does not. */
export class NotImplemented extends Error {
  override readonly name = "NotImplemented";
}
