/** The test builds of `as-crypto` as the benchmark calls them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** See `host-test/tests/entries/as-crypto.ts`. */
export interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  take(size: number): number;
  digest(hash: number, message: number, length: number, out: number): void;
  hmacKey(hash: number, secret: number, length: number): number;
  hmacVerify(key: number, message: number, length: number, mac: number, macLength: number): number;
  rsaKey(modulus: number, modulusLength: number, exponent: number, exponentLength: number): number;
  rsaVerify(key: number, hash: number, digest: number, signature: number, length: number): number;
  pssVerify(key: number, hash: number, digest: number, signature: number, length: number): number;
  p256Key(x: number, xLength: number, y: number, yLength: number): number;
  p256BuildTable(key: number, windows: number): number;
  p256Verify(key: number, digest: number, signature: number, length: number): number;
  ecKey(curve: number, x: number, xLength: number, y: number, yLength: number): number;
  ecBuildTable(key: number, windows: number): number;
  ecVerify(key: number, digest: number, digestLength: number, signature: number, length: number): number;
  edKey(encoding: number, length: number): number;
  edBuildTable(key: number, windows: number): number;
  edVerify(key: number, message: number, length: number, signature: number, signatureLength: number): number;
}

/** See `host-test/tests/entries/token-path.ts`. */
export interface TokenExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  take(size: number): number;
  configure(jwks: number, jwksLength: number, issuer: number, issuerLength: number): number;
  verifyWhole(token: number, length: number, now: number): number;
  remember(token: number, length: number, now: number): number;
  recall(token: number, length: number, now: number): number;
}

export interface Placing<Entry> {
  exports: Entry;
  /** Copies bytes into the module's memory, for good; their address. */
  put(bytes: Uint8Array): number;
}

export interface Build extends Placing<Exports> {
  name: "fma" | "portable";
  tokens: Placing<TokenExports>;
}

function load<Entry extends Pick<Exports, "memory" | "_initialize" | "take">>(file: string): Placing<Entry> {
  const path = fileURLToPath(new URL(`../../build/out/entries/${file}`, import.meta.url));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
  const exports = instance.exports as unknown as Entry;
  exports._initialize();
  return {
    exports,
    put(bytes) {
      const address = exports.take(bytes.length);
      new Uint8Array(exports.memory.buffer).set(bytes, address);
      return address;
    },
  };
}

export const builds: readonly Build[] = [
  {
    name: "fma",
    ...load<Exports>("as-crypto.relaxed.wasm"),
    tokens: load<TokenExports>("token-path.relaxed.wasm"),
  },
  { name: "portable", ...load<Exports>("as-crypto.wasm"), tokens: load<TokenExports>("token-path.wasm") },
];
