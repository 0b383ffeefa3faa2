/** Key sets for rules of tokens: read from Istio's text, or fetched. */
import { z } from "zod";

/** Largest key set, as the filter has it. */
const MAX_BYTES = 256 * 1024;

const FETCH_MS = 10_000;

const keySet = z.looseObject({ keys: z.array(z.looseObject({})) });
const discovery = z.looseObject({ jwks_uri: z.url({ protocol: /^https?$/ }) });

export type KeySet = z.output<typeof keySet>;

/** Members of a JWK that are not public (RFC 7518 §6.2.2, §6.3.2). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth"];

export interface PublicKeys {
  keys: KeySet;
  /** Whether something private was left out. */
  hadPrivate: boolean;
}

/** The public part of a key set; a text that says why there is none. */
export function publicKeys(text: string): PublicKeys | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "expected a JWK Set: the text is no JSON";
  }
  const parsed = keySet.safeParse(value);
  if (!parsed.success) return "expected a JWK Set, an object with `keys`";
  if (parsed.data.keys.length === 0) return "expected a key: with an empty set every token is refused";
  if (parsed.data.keys.some((key) => key["kty"] === "oct")) {
    return "expected public keys: symmetric ones are taken from the VM's environment only (`jwksEnv`)";
  }
  const isPrivate = (name: string) => PRIVATE_MEMBERS.includes(name);
  return {
    hadPrivate: parsed.data.keys.some((key) => Object.keys(key).some(isPrivate)),
    keys: {
      ...parsed.data,
      keys: parsed.data.keys.map((key) =>
        Object.fromEntries(Object.entries(key).filter(([name]) => !isPrivate(name))),
      ),
    },
  };
}

/** Where an issuer serves its keys (OpenID Connect Discovery 1.0 §4). */
export async function discoverKeys(issuer: string): Promise<string> {
  const text = await fetchText(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const parsed = discovery.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error("the issuer's configuration has no `jwks_uri`");
  return parsed.data.jwks_uri;
}

/** Fetches at most 256 KiB within ten seconds. */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(FETCH_MS),
    headers: { accept: "application/json" },
  });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("the answer is longer than 256 KiB");
    chunks.push(chunk);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}
