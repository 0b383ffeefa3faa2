/** The decision as a library, `filter/tools`: the same code as the filter's, which tells what every rule came to. */
import { readFileSync } from "node:fs";
import { headerLines, timeOf, transportOf, type RequestOrder } from "../decision/request.ts";
import type { RawTrace } from "./raw-trace.ts";

/** What is used of the engine, whose types only come with a browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** Text goes in by address and length; `Bytes` come out as a length above an address. */
interface ToolsExports {
  memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  take(size: number): number;
  loadPolicy(address: number, length: number): bigint;
  documentHash(): number;
  begin(): void;
  header(name: number, nameLength: number, value: number, valueLength: number): void;
  peer(address: number, length: number): void;
  port(number: number): void;
  serverName(address: number, length: number): void;
  peerAddress(address: number, length: number): void;
  remoteAddress(address: number, length: number): void;
  destinationAddress(address: number, length: number): void;
  decide(now: number): number;
  trace(): bigint;
}

interface Placed {
  address: number;
  length: number;
}

const HASH_BYTES = 32;

export class ToolsModule {
  readonly #exports: ToolsExports;

  private constructor(exports: ToolsExports) {
    this.#exports = exports;
    exports._initialize();
  }

  static load(path: string): ToolsModule {
    const module = new WebAssembly.Module(readFileSync(path));
    return new ToolsModule(new WebAssembly.Instance(module).exports as ToolsExports);
  }

  /** Loads a document in place of the one before; the line that refuses it, or undefined. */
  loadPolicy(document: string): string | undefined {
    const { address, length } = this.#put(document);
    return this.#text(this.#exports.loadPolicy(address, length));
  }

  /** The SHA-256 of the loaded document, in hexadecimal. */
  documentHash(): string {
    const address = this.#exports.documentHash() >>> 0;
    return Buffer.from(this.#exports.memory.buffer, address, HASH_BYTES).toString("hex");
  }

  /** Decides a request with the loaded document and tells what every rule came to. */
  trace(request: RequestOrder): RawTrace {
    const exports = this.#exports;
    exports.begin();
    for (const [name, value] of headerLines(request)) {
      const [left, right] = [this.#put(name.toLowerCase()), this.#put(value)];
      exports.header(left.address, left.length, right.address, right.length);
    }
    const { port, ...texts } = transportOf(request);
    for (const [name, text] of Object.entries(texts) as [keyof typeof texts, string | undefined][]) {
      if (text === undefined) continue;
      const { address, length } = this.#put(text);
      exports[name](address, length);
    }
    exports.port(port);
    exports.decide(timeOf(request) / 1000);
    return JSON.parse(this.#text(exports.trace()) ?? "") as RawTrace;
  }

  #put(text: string): Placed {
    const bytes = Buffer.from(text);
    const address = this.#exports.take(bytes.length);
    new Uint8Array(this.#exports.memory.buffer).set(bytes, address);
    return { address, length: bytes.length };
  }

  /** Undefined for ABSENT. */
  #text(packed: bigint): string | undefined {
    const value = BigInt.asUintN(64, packed);
    if (value === 0n) return undefined;
    const [address, length] = [Number(value & 0xffffffffn), Number(value >> 32n)];
    return Buffer.from(this.#exports.memory.buffer, address, length).toString("utf8");
  }
}
