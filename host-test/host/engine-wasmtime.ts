/** wasmtime, the second engine: what it decides has to be what V8 decides, and it counts instructions. */
import type { AnswerImport, CompiledModule, Engine, Instance } from "./engine.ts";
import { findWasmtime, type FindWasmtimeOptions } from "./find-wasmtime.ts";
import { readWasmFile, type WasmFunction } from "./wasm-file.ts";
import { WasmtimeInstance } from "./wasmtime-instance.ts";
import { WasmtimeLibrary, type Pointer } from "./wasmtime-library.ts";
import { HostFunctions } from "./wasmtime-host-functions.ts";

/** One engine a process: its compiler threads and signal handlers are the process's too. */
let engine: Promise<WasmtimeEngine> | undefined;

export function wasmtimeEngine(options: FindWasmtimeOptions = {}): Promise<Engine> {
  engine ??= findWasmtime(options).then((path) => new WasmtimeEngine(path));
  // A later call may find what this one did not.
  engine.catch(() => (engine = undefined));
  return engine;
}

class WasmtimeEngine implements Engine {
  readonly #library: WasmtimeLibrary;
  readonly #engine: Pointer;
  readonly #functions: HostFunctions;

  constructor(path: string) {
    this.#library = new WasmtimeLibrary(path);
    const config = this.#library.pointer("wasm_config_new");
    this.#library.run("wasmtime_config_consume_fuel_set", config, true);
    // Fused multiply-add on every processor, so that every machine counts the same.
    this.#library.run("wasmtime_config_wasm_relaxed_simd_deterministic_set", config, true);
    this.#engine = this.#library.pointer("wasm_engine_new_with_config", config);
    this.#functions = new HostFunctions(this.#library);
  }

  async compile(bytes: Uint8Array): Promise<CompiledModule> {
    const module = Buffer.alloc(8);
    this.#library.check("wasmtime_module_new", this.#engine, bytes, bytes.length, module);
    return new WasmtimeModule(
      this.#library,
      this.#engine,
      this.#functions,
      module.readBigUInt64LE(),
      readWasmFile(bytes),
    );
  }
}

interface Released {
  library: WasmtimeLibrary;
  module: Pointer;
  linker: Pointer;
}

const released = new FinalizationRegistry(({ library, module, linker }: Released) => {
  library.run("wasmtime_linker_delete", linker);
  library.run("wasmtime_module_delete", module);
});

class WasmtimeModule implements CompiledModule {
  readonly #library: WasmtimeLibrary;
  readonly #engine: Pointer;
  readonly #functions: HostFunctions;
  readonly #module: Pointer;
  readonly #linker: Pointer;
  readonly #exported: ReadonlyMap<string, string>;

  constructor(
    library: WasmtimeLibrary,
    engineAddress: Pointer,
    functions: HostFunctions,
    module: Pointer,
    file: { importedFunctions: WasmFunction[]; exportedFunctions: ReadonlyMap<string, string> },
  ) {
    this.#library = library;
    this.#engine = engineAddress;
    this.#functions = functions;
    this.#module = module;
    this.#exported = file.exportedFunctions;
    this.#linker = library.pointer("wasmtime_linker_new", engineAddress);
    for (const imported of file.importedFunctions) functions.define(this.#linker, imported);
    released.register(this, { library, module, linker: this.#linker });
  }

  instantiate(answer: AnswerImport): Instance {
    return new WasmtimeInstance(this.#library, this.#functions, answer, {
      engine: this.#engine,
      module: this.#module,
      linker: this.#linker,
      exported: this.#exported,
    });
  }
}
