/** What runs the wasm: as much of an engine as a proxy-wasm host needs. */

/** Answers every import of the module by its name; throws to trap. i64 parameters are bigints. */
export type AnswerImport = (name: string, parameters: (number | bigint)[]) => number;

export interface Engine {
  /** Throws where the engine refuses the module. */
  compile(bytes: Uint8Array): Promise<CompiledModule>;
}

export interface CompiledModule {
  /** Throws where the start section traps. `answer` may be called from then on. */
  instantiate(answer: AnswerImport): Instance;
}

export interface Instance {
  has(exported: string): boolean;
  /**
   * Runs an exported function; undefined where there is none or it returns nothing. A trap is thrown as
   * `WebAssembly.RuntimeError`; what `answer` threw comes through as it is.
   */
  call(exported: string, parameters: number[]): number | undefined;
  /** The exported memory as it is now, until the guest runs again; undefined where there is none. */
  memory(): Uint8Array | undefined;
  /** Instructions run so far as the engine counts them; undefined where it does not. */
  fuel(): number | undefined;
}
