/**
 * Loads the zero-import test builds of the packages (`host-test/tests/entries/NAME.ts`, compiled to
 * `build/out/entries/NAME.wasm`) and moves bytes in and out of their memory.
 *
 * An entry exports `take(size): address` for memory and functions over addresses and lengths.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { instantiateSync } from "@assemblyscript/loader";

/** Bytes in the module's memory. */
export interface Placed {
  address: number;
  length: number;
}

export interface Entry<Exports> {
  exports: Exports;
  /** Copies `bytes` into memory of their own from `take`. */
  put(bytes: Uint8Array): Placed;
  /** A copy of the `length` bytes at `address`. */
  get(address: number, length: number): Uint8Array;
}

interface Base {
  memory: WebAssembly.Memory;
  take(size: number): number;
}

/** Instantiates entry `name`; `Exports` names the functions that the test calls. */
export function loadEntry<Exports>(name: string, change?: Change): Entry<Exports & Base> {
  return loadModule(`entries/${name}.wasm`, change);
}

/** Changes the bytes of a module before it is compiled. */
export type Change = (module: Buffer) => void;

/** The same for a module of that kind by its path in `build/out`. */
export function loadModule<Exports>(path: string, change?: Change): Entry<Exports & Base> {
  const module = readFileSync(fileURLToPath(new URL(`../../../build/out/${path}`, import.meta.url)));
  change?.(module);
  const instance = instantiateSync<Record<string, unknown>>(module, {});
  const exports = instance.exports as unknown as Exports & Base & { _initialize(): void };
  exports._initialize();
  return {
    exports,
    put(bytes) {
      const address = exports.take(bytes.length);
      new Uint8Array(exports.memory.buffer).set(bytes, address);
      return { address, length: bytes.length };
    },
    get(address, length) {
      return new Uint8Array(exports.memory.buffer).slice(address, address + length);
    },
  };
}
