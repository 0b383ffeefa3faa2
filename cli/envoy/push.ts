import type { EnvoyProcess } from "./process.ts";
import { PLUGIN_NAME, pushPlugin, type Plugin } from "./plugin.ts";

export interface PushResult {
  /** Whether Envoy's main thread took the configuration; the old one serves on where it did not. */
  accepted: boolean;
  /** What Envoy logged meanwhile: the module's reason for a refusal, among others. */
  log: string[];
}

/**
 * Pushes the plugin through the ECDS file `path` and waits for Envoy's answer. Envoy takes a file that
 * says nothing new as accepted, and refuses the same bad configuration again without asking the module.
 */
export async function pushAndWait(envoy: EnvoyProcess, path: string, plugin: Plugin): Promise<PushResult> {
  const name = plugin.name ?? PLUGIN_NAME;
  const last = envoy.log.at(-1) ?? "";
  const before = await counters(envoy, name);
  pushPlugin(path, plugin);
  let after = before;
  await envoy.until(async () => (after = await counters(envoy, name)).attempts > before.attempts);
  return {
    accepted: after.rejected === before.rejected,
    log: envoy.log.slice(envoy.log.lastIndexOf(last) + 1),
  };
}

async function counters(envoy: EnvoyProcess, name: string): Promise<{ attempts: number; rejected: number }> {
  const stats = await envoy.stats();
  const prefix = `extension_config_discovery.http_filter.${name}`;
  return {
    attempts: stats.get(`${prefix}.update_attempt`) ?? 0,
    rejected: stats.get(`${prefix}.update_rejected`) ?? 0,
  };
}
