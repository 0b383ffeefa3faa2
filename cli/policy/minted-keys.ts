/** Documents whose tokens the mint can make: its keys in place of the document's own. */
import type { RequestOrder } from "../decision/request.ts";
import { MINT_ALGORITHMS, keySet, mintKey, type MintAlgorithm } from "../mint/index.ts";
import type { PolicyContent } from "./content.ts";

interface JwtRule {
  algorithms?: unknown;
  jwks?: unknown;
  jwksEnv?: unknown;
  jwksUri?: unknown;
  jwksCluster?: unknown;
}

/** The key that the mint signs with unless an order names another one, which the document then does not know. */
const TRUSTED_KEY = "test";

export function ordersToken(request: RequestOrder): boolean {
  return typeof request.token === "object";
}

/**
 * The document with keys that verify the tokens that the requests order: of the algorithms that an
 * order or a rule names, and of RS256. Text that is no document is left to the filter to refuse.
 */
export function withMintedKeys<Content extends PolicyContent>(
  document: Content,
  requests: readonly RequestOrder[],
): Content | string {
  if (typeof document !== "string") return document;
  let policy: { jwtRules?: JwtRule[] };
  try {
    policy = JSON.parse(document) as { jwtRules?: JwtRule[] };
  } catch {
    return document;
  }
  if (!Array.isArray(policy?.jwtRules)) return document;
  const ordered = requests.flatMap(({ token }) => (typeof token === "object" ? [token.alg ?? "RS256"] : []));
  const named = policy.jwtRules.flatMap(({ algorithms }) =>
    MINT_ALGORITHMS.filter((algorithm) => Array.isArray(algorithms) && algorithms.includes(algorithm)),
  );
  const algorithms = new Set<MintAlgorithm>(["RS256", ...ordered, ...named]);
  // The filter takes no secrets from a document.
  const keys = [...algorithms].filter((algorithm) => !algorithm.startsWith("HS"));
  const jwks = keySet(...keys.map((algorithm) => mintKey(TRUSTED_KEY, algorithm)));
  for (const rule of policy.jwtRules) {
    delete rule.jwksEnv;
    delete rule.jwksUri;
    delete rule.jwksCluster;
    rule.jwks = jwks;
  }
  return JSON.stringify(policy);
}
