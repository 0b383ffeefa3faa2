/** The filter in the host, for tests of what it does to requests. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Host, type HostOptions } from "lictor-host";
import { mintedKeys } from "../corpus/corpus.ts";

export const modulePath = fileURLToPath(new URL("../../../build/out/lictor.wasm", import.meta.url));
const module = readFileSync(modulePath);

export const SEAL = "test-0123456789abcdef";
export const ISSUER = "https://idp.example.com";

export type Document = { [member: string]: unknown };

/** A document that lets GET through with a token of `ISSUER`, and `/open` without. */
export function documentWith(members: Document = {}): string {
  return JSON.stringify({
    apiVersion: "lictor/v1",
    revision: "r1",
    seal: SEAL,
    jwtRules: [{ name: "corp", issuer: ISSUER, jwks: mintedKeys }],
    policies: [
      { name: "open", rules: [{ to: [{ operation: { paths: ["/open"] } }] }] },
      { name: "users", rules: [{ from: [{ source: { requestPrincipals: [`${ISSUER}/*`] } }] }] },
    ],
    ...members,
  });
}

export function loadFilter(document = documentWith(), options: Partial<HostOptions> = {}): Promise<Host> {
  return Host.load(module, { configuration: document, nowMs: Date.now(), ...options });
}

export function lines(path: string, ...more: [string, string][]): [string, string][] {
  return [[":method", "GET"], [":path", path], [":authority", "a.test"], [":scheme", "http"], ...more];
}

export function bearer(token: string): [string, string] {
  return ["authorization", `Bearer ${token}`];
}

export function recordOf(stream: { state(name: string): string | undefined }): { [member: string]: unknown } {
  return JSON.parse(stream.state("wasm.lictor.decision") ?? "null") as { [member: string]: unknown };
}
