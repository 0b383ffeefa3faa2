/** The wasm filter in an HTTP filter chain: fixed in the listener, or pushed through an ECDS file. */
import { renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { typed, type JsonObject } from "./bootstrap.ts";

export interface Plugin {
  /** Path of the module. */
  wasm: string;
  /** The plugin configuration: for Lictor, the policy document. */
  configuration: string;
  /** Default `lictor`. */
  name?: string;
  /**
   * Names the VM together with the module. A VM that could not be configured in a worker refuses
   * every later configuration; a new name is the way out.
   */
  vmId?: string;
  /** Variables that the module can read. */
  environment?: { [name: string]: string };
  failurePolicy?: "FAIL_RELOAD" | "FAIL_CLOSED" | "FAIL_OPEN" | "UNSPECIFIED";
  /** The least time between two attempts to restart a failed VM. */
  reloadBackOff?: string;
}

const WASM_FILTER = "envoy.extensions.filters.http.wasm.v3.Wasm";

/** The name of Lictor's filter, and of its resource in the ECDS file. */
export const PLUGIN_NAME = "lictor";

/** A filter that is part of the listener. */
export function pluginFilter(plugin: Plugin): JsonObject {
  return { name: plugin.name ?? PLUGIN_NAME, typed_config: wasmConfiguration(plugin) };
}

/** A filter whose configuration lies in the file `path`, written by `pushPlugin`, and is watched there. */
export function discoveredFilter(path: string, name = PLUGIN_NAME): JsonObject {
  return {
    name,
    config_discovery: {
      config_source: {
        resource_api_version: "V3",
        path_config_source: { path, watched_directory: { path: dirname(path) } },
      },
      type_urls: [`type.googleapis.com/${WASM_FILTER}`],
    },
  };
}

/** Puts the plugin into the ECDS file; a running Envoy takes it over, or refuses it and keeps the old one. */
export function pushPlugin(path: string, plugin: Plugin): void {
  const resource = typed("envoy.config.core.v3.TypedExtensionConfig", {
    name: plugin.name ?? PLUGIN_NAME,
    typed_config: wasmConfiguration(plugin),
  });
  const fresh = `${path}.new`;
  writeFileSync(fresh, JSON.stringify({ resources: [resource] }), { mode: 0o600 });
  renameSync(fresh, path);
}

function wasmConfiguration(plugin: Plugin): JsonObject {
  const name = plugin.name ?? PLUGIN_NAME;
  const policy = plugin.failurePolicy ?? "FAIL_RELOAD";
  const reload = { backoff: { base_interval: plugin.reloadBackOff ?? "1s" } };
  return typed(WASM_FILTER, {
    config: {
      name,
      root_id: name,
      vm_config: {
        vm_id: plugin.vmId ?? name,
        runtime: "envoy.wasm.runtime.v8",
        code: { local: { filename: plugin.wasm } },
        ...(plugin.environment === undefined
          ? {}
          : { environment_variables: { key_values: plugin.environment } }),
      },
      configuration: typed("google.protobuf.StringValue", { value: plugin.configuration }),
      failure_policy: policy,
      ...(policy === "FAIL_RELOAD" ? { reload_config: reload } : {}),
    },
  });
}
