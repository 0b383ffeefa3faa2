/** An instance in wasmtime, in a store of its own. */
import type { AnswerImport, Instance } from "./engine.ts";
import { SLOT_BYTES, type HostFunctions } from "./wasmtime-host-functions.ts";
import { viewAt, type Pointer, type WasmtimeLibrary } from "./wasmtime-library.ts";

export interface Linked {
  engine: Pointer;
  module: Pointer;
  linker: Pointer;
  /** Signatures of the exported functions by name. */
  exported: ReadonlyMap<string, string>;
}

interface GuestFunction {
  /** A `wasmtime_func_t`. */
  func: Buffer;
  /** Parameters on the way in, the result on the way out. */
  slots: Buffer;
  slotCount: number;
  returns: boolean;
}

/** Never used up: three years of a machine. */
const TANK = 2n ** 62n;

const released = new FinalizationRegistry(
  ({ library, store }: { library: WasmtimeLibrary; store: Pointer }) =>
    library.run("wasmtime_store_delete", store),
);

export class WasmtimeInstance implements Instance {
  readonly #library: WasmtimeLibrary;
  readonly #hostFunctions: HostFunctions;
  readonly #answer: AnswerImport;
  readonly #context: Pointer;
  readonly #instance = Buffer.alloc(16);
  readonly #functions = new Map<string, GuestFunction>();
  readonly #trap = Buffer.alloc(8);
  readonly #memory: Buffer | undefined;
  #view: { address: Pointer; bytes: Uint8Array } | undefined;

  constructor(library: WasmtimeLibrary, hostFunctions: HostFunctions, answer: AnswerImport, linked: Linked) {
    this.#library = library;
    this.#hostFunctions = hostFunctions;
    this.#answer = answer;
    const store = library.pointer("wasmtime_store_new", linked.engine, null, null);
    released.register(this, { library, store });
    this.#context = library.pointer("wasmtime_store_context", store);
    library.check("wasmtime_context_set_fuel", this.#context, TANK);
    this.#enter("wasmtime_linker_instantiate", linked.linker, this.#context, linked.module, this.#instance);
    for (const [name, signature] of linked.exported) this.#functions.set(name, this.#find(name, signature));
    this.#memory = this.#export("memory", Kind.MEMORY);
  }

  has(exported: string): boolean {
    return this.#functions.has(exported);
  }

  call(exported: string, parameters: number[]): number | undefined {
    const guest = this.#functions.get(exported);
    if (guest === undefined) return undefined;
    const { func, slots, slotCount } = guest;
    parameters.forEach((value, index) => slots.writeInt32LE(value | 0, index * SLOT_BYTES));
    this.#enter("wasmtime_func_call_unchecked", this.#context, func, slots, slotCount);
    return guest.returns ? slots.readInt32LE() : undefined;
  }

  memory(): Uint8Array | undefined {
    if (this.#memory === undefined) return undefined;
    const address = this.#library.pointer("wasmtime_memory_data", this.#context, this.#memory);
    const size = Number(this.#library.native("wasmtime_memory_data_size")(this.#context, this.#memory));
    if (this.#view?.address !== address || this.#view.bytes.length !== size) {
      this.#view = { address, bytes: new Uint8Array(viewAt(address, size)) };
    }
    return this.#view.bytes;
  }

  fuel(): number {
    const left = Buffer.alloc(8);
    this.#library.check("wasmtime_context_get_fuel", this.#context, left);
    return Number(TANK - left.readBigUInt64LE());
  }

  /** Lets the guest run; its trap is thrown, what one of its host calls threw before that. */
  #enter(
    name: "wasmtime_linker_instantiate" | "wasmtime_func_call_unchecked",
    ...parameters: (Pointer | Buffer | number)[]
  ): void {
    const text = this.#hostFunctions.during(this.#answer, () => {
      this.#trap.fill(0);
      this.#library.check(name, ...parameters, this.#trap);
      const trap = this.#trap.readBigUInt64LE();
      this.#trap.fill(0);
      return trap === 0n ? undefined : this.#library.trapText(trap);
    });
    if (text !== undefined) throw new WebAssembly.RuntimeError(text);
  }

  #find(name: string, signature: string): GuestFunction {
    const [parameters = "", results = ""] = signature.split("->");
    const count = parameters.split(" ").filter((type) => type !== "").length;
    const returns = results.trim() !== "";
    const slotCount = Math.max(count, returns ? 1 : 0);
    const func = this.#export(name, Kind.FUNCTION)!;
    return { func, slots: Buffer.alloc(Math.max(1, slotCount) * SLOT_BYTES), slotCount, returns };
  }

  /** The structure of an exported item; undefined where there is none of that kind. */
  #export(name: string, kind: number): Buffer | undefined {
    const item = Buffer.alloc(KIND_BYTES + 24);
    const text = Buffer.from(name);
    const get = this.#library.native("wasmtime_instance_export_get");
    const found = get(this.#context, this.#instance, text, text.length, item) as boolean;
    return found && item[0] === kind ? item.subarray(KIND_BYTES) : undefined;
  }
}

const Kind = { FUNCTION: 0, MEMORY: 3 } as const;
/** The kind of a `wasmtime_extern_t`, up to where its item begins. */
const KIND_BYTES = 8;
