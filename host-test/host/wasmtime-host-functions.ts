/**
 * The imports of all modules, through one native callback. Wasmtime tells it which import is called;
 * which instance calls is known from who runs, as everything happens on one thread.
 */
import type { AnswerImport } from "./engine.ts";
import type { WasmFunction } from "./wasm-file.ts";
import { viewAt, type Pointer, type WasmtimeLibrary } from "./wasmtime-library.ts";

/** A value is 16 bytes wide in the arrays of unchecked calls. */
export const SLOT_BYTES = 16;
/** More than any host call has. */
const MAX_PARAMETERS = 16;

const VALUE_KIND = new Map([
  ["i32", 0],
  ["i64", 1],
  ["f32", 2],
  ["f64", 3],
]);

interface HostFunction {
  name: string;
  /** Of each parameter, whether it is an i64. */
  wide: boolean[];
}

export class HostFunctions {
  readonly #library: WasmtimeLibrary;
  readonly #callback: Pointer;
  readonly #functions: HostFunction[] = [];
  /**
   * Views on arguments, by address: calls come from few places on the stack, and a view made anew in
   * every call costs more than the rest of the call.
   */
  readonly #views = new Map<Pointer, DataView>();
  #answer: AnswerImport | undefined;
  #thrown: { error: unknown } | undefined;

  constructor(library: WasmtimeLibrary) {
    this.#library = library;
    this.#callback = library.callback((index, _caller, slots) => this.#call(Number(index), slots));
  }

  define(linker: Pointer, { module, name, signature }: WasmFunction): void {
    const [parameters, results] = signature
      .split("->")
      .map((part) => part.split(" ").filter((type) => type !== ""));
    const index = this.#functions.push({ name, wide: parameters!.map((type) => type === "i64") }) - 1;
    const type = this.#library.pointer("wasm_functype_new", this.#types(parameters!), this.#types(results!));
    const names = [Buffer.from(module), Buffer.from(name)].flatMap((bytes) => [bytes, bytes.length]);
    this.#library.check(
      "wasmtime_linker_define_func_unchecked",
      linker,
      ...names,
      type,
      this.#callback,
      index,
      null,
    );
    this.#library.run("wasm_functype_delete", type);
  }

  /**
   * Runs native code that may call imports, which `answer` answers. What that throws comes through in
   * place of the error that the native code makes of it.
   */
  during<T>(answer: AnswerImport, run: () => T): T {
    const before = this.#answer;
    this.#answer = answer;
    try {
      return run();
    } catch (error) {
      throw this.#thrown === undefined ? error : this.#thrown.error;
    } finally {
      this.#answer = before;
      this.#thrown = undefined;
    }
  }

  /** Nothing may be thrown through native code: an error traps the guest and is thrown behind it. */
  #call(index: number, slots: Pointer): Pointer | null {
    try {
      const { name, wide } = this.#functions[index]!;
      const view = this.#view(slots);
      const parameters = wide.map((isWide, place) =>
        isWide ? view.getBigInt64(place * SLOT_BYTES, true) : view.getInt32(place * SLOT_BYTES, true),
      );
      view.setInt32(0, this.#answer!(name, parameters), true);
      return null;
    } catch (error) {
      this.#thrown = { error };
      return this.#library.pointer("wasmtime_trap_new", Buffer.from("host"), 4);
    }
  }

  #view(slots: Pointer): DataView {
    let view = this.#views.get(slots);
    if (view === undefined) {
      view = new DataView(viewAt(slots, MAX_PARAMETERS * SLOT_BYTES));
      this.#views.set(slots, view);
    }
    return view;
  }

  /** A `wasm_valtype_vec_t`; `wasm_functype_new` takes what it holds. */
  #types(names: string[]): Buffer {
    const types = Buffer.alloc(8 * names.length);
    names.forEach((name, index) => {
      types.writeBigUInt64LE(this.#library.pointer("wasm_valtype_new", VALUE_KIND.get(name)!), index * 8);
    });
    const vector = Buffer.alloc(16);
    this.#library.run("wasm_valtype_vec_new", vector, names.length, names.length === 0 ? null : types);
    return vector;
  }
}
