/** Node's own engine. */
import v8 from "node:v8";
import type { AnswerImport, CompiledModule, Engine, Instance } from "./engine.ts";

type GuestFunction = (...parameters: number[]) => number | undefined;

export const v8Engine: Engine = {
  /** Where the engine refuses the module, once more with relaxed SIMD, which Node 20 has behind a flag. */
  async compile(bytes) {
    const code = Uint8Array.from(bytes);
    if (!WebAssembly.validate(code)) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
    return new V8Module(await WebAssembly.compile(code));
  },
};

class V8Module implements CompiledModule {
  readonly #module: WebAssembly.Module;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  instantiate(answer: AnswerImport): Instance {
    const imports: WebAssembly.Imports = {};
    for (const { module, name } of WebAssembly.Module.imports(this.#module)) {
      imports[module] ??= {};
      imports[module][name] = (...parameters: (number | bigint)[]) => answer(name, parameters);
    }
    return new V8Instance(new WebAssembly.Instance(this.#module, imports).exports);
  }
}

class V8Instance implements Instance {
  readonly #exports: WebAssembly.Exports;

  constructor(exports: WebAssembly.Exports) {
    this.#exports = exports;
  }

  has(exported: string): boolean {
    return typeof this.#exports[exported] === "function";
  }

  call(exported: string, parameters: number[]): number | undefined {
    const run = this.#exports[exported] as GuestFunction | undefined;
    return run?.(...parameters);
  }

  memory(): Uint8Array | undefined {
    const { memory } = this.#exports;
    return memory instanceof WebAssembly.Memory ? new Uint8Array(memory.buffer) : undefined;
  }

  fuel(): undefined {
    return undefined;
  }
}
