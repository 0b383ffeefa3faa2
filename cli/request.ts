/** A request as files and options give it, for commands that decide without a proxy. */
import { readFileSync } from "node:fs";
import { UsageError } from "./exit.ts";
import { keySet, mintKey, mintToken, type TokenOrder } from "./mint/index.ts";

export interface RequestOrder {
  method: string;
  host: string;
  path: string;
  headers?: [string, string][];
  /** A SPIFFE ID, or null for a caller without a certificate. */
  peer?: string | null;
  /** A compact JWT, or an order to the mint. */
  token?: string | TokenOrder;
}

const MEMBERS = new Set(["method", "host", "path", "headers", "peer", "token"]);

/** Reads JSON text, or the file after `@`. */
export function readRequest(text: string): RequestOrder {
  const json = text.startsWith("@") ? readFile(text.slice(1)) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UsageError("--request is no JSON; give an object, or @ and the name of a file");
  }
  return checkRequest(value);
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UsageError(`cannot read \`${file}\``);
  }
}

function checkRequest(value: unknown): RequestOrder {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError("a request is an object with method, host and path");
  }
  for (const name of Object.keys(value)) {
    if (!MEMBERS.has(name)) throw new UsageError(`a request has no member \`${name}\``);
  }
  const request = value as Partial<RequestOrder>;
  for (const name of ["method", "host", "path"] as const) {
    if (typeof request[name] !== "string") throw new UsageError(`a request needs \`${name}\`, a string`);
  }
  const lines = request.headers ?? [];
  const isLine = (line: unknown) =>
    Array.isArray(line) && line.length === 2 && line.every((t) => typeof t === "string");
  if (!Array.isArray(lines) || !lines.every(isLine)) {
    throw new UsageError("`headers` is a list of [name, value] pairs");
  }
  return request as RequestOrder;
}

/** The header lines of the request, pseudo-headers first, its token as bearer. */
export function headerLines(request: RequestOrder): [string, string][] {
  const token = typeof request.token === "object" ? mintToken(request.token) : request.token;
  return [
    [":method", request.method],
    [":path", request.path],
    [":authority", request.host],
    [":scheme", "http"],
    ...(request.headers ?? []),
    ...(token === undefined ? [] : [["authorization", `Bearer ${token}`] as [string, string]]),
  ];
}

/** The document with the keys of the mint in place of its own, so that minted tokens verify. */
export function withMintedKeys(document: string, keyName = "test"): string {
  const policy = JSON.parse(document) as { jwtRules?: { jwks?: unknown }[] };
  const jwks = keySet(mintKey(keyName, "RS256"), mintKey(keyName, "ES256"));
  for (const rule of policy.jwtRules ?? []) rule.jwks = jwks;
  return JSON.stringify(policy);
}
