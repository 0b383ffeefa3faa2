/**
 * The C API of wasmtime 50, as far as the engine uses it. Its functions change from one major version
 * to the next. https://docs.wasmtime.dev/c-api/
 *
 * Structures are bytes here: a `wasmtime_extern_t` has its kind at 0 and, from 8 on, the function (16
 * bytes) or memory (24 bytes) itself. Pointers are bigints, null is 0n.
 */
import koffi from "koffi";

/** An address outside of our memory. */
export type Pointer = bigint;

/** Gets the number that the function was defined with; null goes on, a `wasm_trap_t` traps. */
export type HostCallback = (
  data: number | bigint,
  caller: Pointer,
  slots: Pointer,
  count: number | bigint,
) => Pointer | null;

const signatures = {
  wasm_config_new: "void *wasm_config_new()",
  wasmtime_config_consume_fuel_set: "void wasmtime_config_consume_fuel_set(void *config, bool on)",
  wasmtime_config_wasm_relaxed_simd_deterministic_set:
    "void wasmtime_config_wasm_relaxed_simd_deterministic_set(void *config, bool on)",
  wasm_engine_new_with_config: "void *wasm_engine_new_with_config(void *config)",
  wasmtime_module_new: "void *wasmtime_module_new(void *engine, void *bytes, size_t size, void *module)",
  wasmtime_module_delete: "void wasmtime_module_delete(void *module)",
  wasm_valtype_new: "void *wasm_valtype_new(uint8_t kind)",
  wasm_valtype_vec_new: "void wasm_valtype_vec_new(void *vector, size_t size, void *types)",
  wasm_functype_new: "void *wasm_functype_new(void *parameters, void *results)",
  wasm_functype_delete: "void wasm_functype_delete(void *type)",
  wasmtime_linker_new: "void *wasmtime_linker_new(void *engine)",
  wasmtime_linker_delete: "void wasmtime_linker_delete(void *linker)",
  wasmtime_linker_define_func_unchecked:
    "void *wasmtime_linker_define_func_unchecked(void *linker, void *module, size_t moduleSize, void *name, size_t nameSize, void *type, void *callback, size_t data, void *finalizer)",
  wasmtime_linker_instantiate:
    "void *wasmtime_linker_instantiate(void *linker, void *context, void *module, void *instance, void *trap)",
  wasmtime_store_new: "void *wasmtime_store_new(void *engine, void *data, void *finalizer)",
  wasmtime_store_delete: "void wasmtime_store_delete(void *store)",
  wasmtime_store_context: "void *wasmtime_store_context(void *store)",
  wasmtime_context_set_fuel: "void *wasmtime_context_set_fuel(void *context, uint64_t fuel)",
  wasmtime_context_get_fuel: "void *wasmtime_context_get_fuel(void *context, void *fuel)",
  wasmtime_instance_export_get:
    "bool wasmtime_instance_export_get(void *context, void *instance, void *name, size_t size, void *item)",
  wasmtime_func_call_unchecked:
    "void *wasmtime_func_call_unchecked(void *context, void *func, void *slots, size_t count, void *trap)",
  wasmtime_memory_data: "void *wasmtime_memory_data(void *context, void *memory)",
  wasmtime_memory_data_size: "size_t wasmtime_memory_data_size(void *context, void *memory)",
  wasmtime_trap_new: "void *wasmtime_trap_new(void *message, size_t size)",
  wasm_trap_message: "void wasm_trap_message(void *trap, void *message)",
  wasm_trap_delete: "void wasm_trap_delete(void *trap)",
  wasmtime_error_message: "void wasmtime_error_message(void *error, void *message)",
  wasmtime_error_delete: "void wasmtime_error_delete(void *error)",
  wasm_byte_vec_delete: "void wasm_byte_vec_delete(void *vector)",
};

type Parameter = Pointer | Uint8Array | number | boolean | null;
type NativeFunction = (...parameters: Parameter[]) => unknown;

export class WasmtimeLibrary {
  readonly #functions = new Map<string, NativeFunction>();

  constructor(path: string) {
    const library = koffi.load(path);
    for (const [name, signature] of Object.entries(signatures)) {
      this.#functions.set(name, library.func(signature));
    }
  }

  /** A function itself, for those that are called often. */
  native(name: keyof typeof signatures): NativeFunction {
    return this.#functions.get(name)!;
  }

  run(name: keyof typeof signatures, ...parameters: Parameter[]): void {
    this.native(name)(...parameters);
  }

  /** Calls a function that returns a pointer. */
  pointer(name: keyof typeof signatures, ...parameters: Parameter[]): Pointer {
    return (this.native(name)(...parameters) ?? 0n) as Pointer;
  }

  /** Calls a function that returns a `wasmtime_error_t`, which is thrown. */
  check(name: keyof typeof signatures, ...parameters: Parameter[]): void {
    const error = this.pointer(name, ...parameters);
    if (error !== 0n) throw new Error(this.#message("wasmtime_error", error));
  }

  /** Takes a trap: its last line, which names the cause below the guest's stack. */
  trapText(trap: Pointer): string {
    const lines = this.#message("wasm_trap", trap).split("\n");
    return (lines.findLast((line) => line.trim() !== "") ?? "").trim();
  }

  /** A callback that all defined functions share. It lives as long as the process. */
  callback(run: HostCallback): Pointer {
    const type = koffi.proto(
      `void *lictor_host_call_${callbacks++}(size_t data, void *caller, void *slots, size_t count)`,
    );
    return koffi.register(run, koffi.pointer(type));
  }

  #message(kind: "wasmtime_error" | "wasm_trap", item: Pointer): string {
    const vector = Buffer.alloc(16);
    this.run(`${kind}_message`, item, vector);
    const text = Buffer.from(viewAt(vector.readBigUInt64LE(8), Number(vector.readBigUInt64LE(0)))).toString();
    this.run("wasm_byte_vec_delete", vector);
    this.run(`${kind}_delete`, item);
    return text.replace(/\0$/, "");
  }
}

/** Prototypes have names, one each. */
let callbacks = 0;

/** Foreign memory, without a copy. */
export function viewAt(address: Pointer, size: number): ArrayBuffer {
  return koffi.view(address, size);
}
