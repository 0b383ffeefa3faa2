/** The module in as-jwt's README, as it stands there. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keySet, mintKey, mintToken } from "../mint/index.ts";
import { compileSource } from "../support/compile.ts";

const README = new URL("../../../filter/packages/as-jwt/README.md", import.meta.url);

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  take(size: number): number;
  isGood(jwks: number, jwksLength: number, token: number, tokenLength: number, now: number): number;
}

test("the README's module of as-jwt tells good tokens from others", async () => {
  const source = /```ts\n([\s\S]*?)```/.exec(readFileSync(README, "utf8"))?.[1] ?? "";
  const wasm = readFileSync(await compileSource("as-jwt-readme", source, "library"));
  const exports = new WebAssembly.Instance(new WebAssembly.Module(wasm), {}).exports as unknown as Exports;
  exports._initialize();
  const put = (text: string): [address: number, length: number] => {
    const bytes = Buffer.from(text);
    const address = exports.take(bytes.length);
    new Uint8Array(exports.memory.buffer).set(bytes, address);
    return [address, bytes.length];
  };
  const now = Math.floor(Date.now() / 1000);
  const isGood = (token: string) =>
    exports.isGood(...put(JSON.stringify(keySet(mintKey("a", "ES256")))), ...put(token), now) !== 0;
  const order = { issuer: "https://a", audience: "orders", key: "a", alg: "ES256" as const };
  expect(isGood(mintToken(order))).toBe(true);
  expect(isGood(mintToken({ ...order, audience: "ledger" }))).toBe(false);
  expect(isGood(mintToken({ ...order, key: "b" }))).toBe(false);
});
