/**
 * The parts of a wasm binary that decide whether Envoy loads it: imports and exports with their
 * types, and the size of the memory. https://webassembly.github.io/spec/core/binary/modules.html
 */

export interface WasmFunction {
  module: string;
  name: string;
  /** Such as `i32 i64 -> i32`. */
  signature: string;
}

export interface WasmFile {
  importedFunctions: WasmFunction[];
  /** `module.name` of imports that are no functions, memory apart. */
  otherImports: string[];
  /** Signature by name. */
  exportedFunctions: Map<string, string>;
  /** Pages of the memory at start; undefined without memory. */
  initialPages: number | undefined;
}

const Section = { TYPE: 1, IMPORT: 2, FUNCTION: 3, MEMORY: 5, EXPORT: 7 } as const;
const Kind = { FUNCTION: 0, TABLE: 1, MEMORY: 2, GLOBAL: 3 } as const;
const HEADER_BYTES = 8;

const VALUE_TYPES = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);

/** Reads what the engine has already found valid. */
export function readWasmFile(bytes: Uint8Array): WasmFile {
  const reader = new Reader(bytes);
  const types: string[] = [];
  const functions: string[] = [];
  const file: WasmFile = {
    importedFunctions: [],
    otherImports: [],
    exportedFunctions: new Map(),
    initialPages: undefined,
  };
  reader.at = HEADER_BYTES;
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const end = reader.number() + reader.at;
    if (section === Section.TYPE) reader.times(() => types.push(reader.functionType()));
    if (section === Section.IMPORT) reader.times(() => readImport(reader, file, types, functions));
    if (section === Section.FUNCTION) reader.times(() => functions.push(types[reader.number()] ?? ""));
    if (section === Section.MEMORY) reader.times(() => (file.initialPages = reader.limits()));
    if (section === Section.EXPORT) {
      reader.times(() => {
        const name = reader.name();
        const kind = reader.byte();
        const index = reader.number();
        if (kind === Kind.FUNCTION) file.exportedFunctions.set(name, functions[index] ?? "");
      });
    }
    reader.at = end;
  }
  return file;
}

function readImport(reader: Reader, file: WasmFile, types: string[], functions: string[]): void {
  const module = reader.name();
  const name = reader.name();
  const kind = reader.byte();
  if (kind === Kind.FUNCTION) {
    const signature = types[reader.number()] ?? "";
    functions.push(signature);
    file.importedFunctions.push({ module, name, signature });
    return;
  }
  if (kind === Kind.MEMORY) {
    file.initialPages = reader.limits();
    return;
  }
  file.otherImports.push(`${module}.${name}`);
  reader.byte();
  if (kind === Kind.TABLE) reader.limits();
  else reader.byte();
}

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  /** Unsigned LEB128. */
  number(): number {
    let value = 0;
    let weight = 1;
    while (true) {
      const byte = this.byte();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 0x80;
    }
  }

  name(): string {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.#bytes.subarray(this.at - length, this.at)).toString();
  }

  times(read: () => void): void {
    for (let left = this.number(); left > 0; left--) read();
  }

  /** The lower limit of a memory or table. */
  limits(): number {
    const hasMaximum = (this.byte() & 1) === 1;
    const minimum = this.number();
    if (hasMaximum) this.number();
    return minimum;
  }

  functionType(): string {
    this.byte();
    const parameters = this.#valueTypes();
    const results = this.#valueTypes();
    return [...parameters, "->", ...results].join(" ");
  }

  #valueTypes(): string[] {
    const types: string[] = [];
    this.times(() => types.push(VALUE_TYPES.get(this.byte()) ?? "ref"));
    return types;
  }
}
