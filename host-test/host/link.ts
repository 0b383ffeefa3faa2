/** Whether Envoy would load a module: its linking rules, with its words. */
import { LoadError, NotImplemented } from "./errors.ts";
import { readWasmFile, type WasmFile } from "./wasm-file.ts";

/** The signature of a function of so many 32-bit parameters that answers with a status. */
const i32 = (count: number): string => [...Array<string>(count).fill("i32"), "-> i32"].join(" ");

/** Every import that Envoy offers an ABI 0.2.1 module under `env`. */
const ENVOY_IMPORTS: ReadonlyMap<string, string> = new Map([
  ["proxy_log", i32(3)],
  ["proxy_get_log_level", i32(1)],
  ["proxy_get_current_time_nanoseconds", i32(1)],
  ["proxy_set_tick_period_milliseconds", i32(1)],
  ["proxy_get_property", i32(4)],
  ["proxy_set_property", i32(4)],
  ["proxy_get_header_map_size", i32(2)],
  ["proxy_get_header_map_pairs", i32(3)],
  ["proxy_set_header_map_pairs", i32(3)],
  ["proxy_get_header_map_value", i32(5)],
  ["proxy_add_header_map_value", i32(5)],
  ["proxy_replace_header_map_value", i32(5)],
  ["proxy_remove_header_map_value", i32(3)],
  ["proxy_get_buffer_bytes", i32(5)],
  ["proxy_get_buffer_status", i32(3)],
  ["proxy_set_buffer_bytes", i32(5)],
  ["proxy_continue_stream", i32(1)],
  ["proxy_close_stream", i32(1)],
  ["proxy_send_local_response", i32(8)],
  ["proxy_http_call", i32(10)],
  ["proxy_grpc_call", i32(12)],
  ["proxy_grpc_stream", i32(9)],
  ["proxy_grpc_send", i32(4)],
  ["proxy_grpc_cancel", i32(1)],
  ["proxy_grpc_close", i32(1)],
  ["proxy_get_status", i32(3)],
  ["proxy_get_shared_data", i32(5)],
  ["proxy_set_shared_data", i32(5)],
  ["proxy_register_shared_queue", i32(3)],
  ["proxy_resolve_shared_queue", i32(5)],
  ["proxy_enqueue_shared_queue", i32(3)],
  ["proxy_dequeue_shared_queue", i32(3)],
  ["proxy_define_metric", i32(4)],
  ["proxy_record_metric", "i32 i64 -> i32"],
  ["proxy_increment_metric", "i32 i64 -> i32"],
  ["proxy_get_metric", i32(2)],
  ["proxy_set_effective_context", i32(1)],
  ["proxy_done", i32(0)],
  ["proxy_call_foreign_function", i32(6)],
  ["envoy_resolve_dns", i32(3)],
  ["pthread_equal", i32(2)],
  ["emscripten_notify_memory_growth", "i32 ->"],
]);

/** Environment variables and randomness, under `wasi_snapshot_preview1` or `wasi_unstable`. */
export const WASI_IMPORTS: ReadonlyMap<string, string> = new Map([
  ["environ_get", i32(2)],
  ["environ_sizes_get", i32(2)],
  ["random_get", i32(2)],
]);
const WASI_MODULES = ["wasi_snapshot_preview1", "wasi_unstable"];

/** Callbacks that Envoy looks for; those of other protocols are left out. */
const CALLBACKS: ReadonlyMap<string, string> = new Map([
  ["_initialize", "->"],
  ["malloc", i32(1)],
  ["proxy_on_memory_allocate", i32(1)],
  ["proxy_on_context_create", "i32 i32 ->"],
  ["proxy_on_vm_start", i32(2)],
  ["proxy_on_configure", i32(2)],
  ["proxy_on_tick", "i32 ->"],
  ["proxy_on_request_headers", i32(3)],
  ["proxy_on_response_headers", i32(3)],
  ["proxy_on_log", "i32 ->"],
  ["proxy_on_done", i32(1)],
  ["proxy_on_delete", "i32 ->"],
]);

/** Callbacks that Envoy would call and this host does not. */
const OTHER_CALLBACKS = [
  "_start",
  "main",
  "__main_void",
  "proxy_on_request_body",
  "proxy_on_response_body",
  "proxy_on_request_trailers",
  "proxy_on_response_trailers",
  "proxy_on_http_call_response",
  "proxy_on_queue_ready",
  "proxy_on_new_connection",
];

const ABI_MARKERS = ["proxy_abi_version_0_1_0", "proxy_abi_version_0_2_0", "proxy_abi_version_0_2_1"];
/** LIMIT: `--wasm_max_mem_pages`, 1 GiB. */
const MAX_PAGES = 16384;

/**
 * Checks the module; throws `LoadError` with Envoy's words, and `NotImplemented` where Envoy would
 * load it and this host cannot. `expected` narrows what may be imported, as `module.name` or `name`.
 */
export function checkModule(
  bytes: Uint8Array,
  implemented: ReadonlySet<string>,
  expected?: readonly string[],
): WasmFile {
  const file = readWasmFile(bytes);
  const marker = [...file.exportedFunctions.keys()].find((name) => ABI_MARKERS.includes(name));
  if (marker === undefined) throw new LoadError("Missing or unknown Proxy-Wasm ABI version");
  if (marker !== "proxy_abi_version_0_2_1") throw new NotImplemented(`ABI ${marker}`);
  for (const name of file.otherImports) throw new LoadError(`missing import: ${name}`);
  for (const { module, name, signature } of file.importedFunctions) {
    const offered = offeredSignature(module, name);
    if (offered === undefined) throw new LoadError(`missing import: ${module}.${name}`);
    if (offered !== signature) {
      throw new LoadError(
        `import type mismatch: ${module}.${name}, want: ${signature}, but host exports: ${offered}`,
      );
    }
    if (!implemented.has(name)) throw new NotImplemented(`${module}.${name}`);
    if (expected !== undefined && !expected.includes(name)) {
      throw new LoadError(`import not expected by the caller: ${module}.${name}`);
    }
  }
  checkExports(file);
  return file;
}

function offeredSignature(module: string, name: string): string | undefined {
  if (module === "env") return ENVOY_IMPORTS.get(name);
  return WASI_MODULES.includes(module) ? WASI_IMPORTS.get(name) : undefined;
}

function checkExports(file: WasmFile): void {
  if (file.initialPages !== undefined && file.initialPages > MAX_PAGES) {
    throw new LoadError("Failed to create new Wasm instance");
  }
  for (const [name, want] of CALLBACKS) {
    const have = file.exportedFunctions.get(name);
    if (have === undefined || have === want) continue;
    throw new LoadError(
      `Bad function signature for: ${name}, want: ${want}, but the module exports: ${have}`,
    );
  }
  for (const name of OTHER_CALLBACKS) {
    if (file.exportedFunctions.has(name)) throw new NotImplemented(`callback ${name}`);
  }
  if (!file.exportedFunctions.has("malloc") && !file.exportedFunctions.has("proxy_on_memory_allocate")) {
    throw new LoadError("Wasm module is missing malloc function.");
  }
}
