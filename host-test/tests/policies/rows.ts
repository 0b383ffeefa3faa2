/** Documents that differ in one place, for tests that hold the schema and the filter to one another. */
import { mintedKeys } from "../corpus/corpus.ts";

/**
 * `good`: both take it; `bad`: both refuse it; `loader`: only the filter can see what is wrong;
 * `later`: the schema takes it, the filter says `not_supported`.
 */
export type Verdict = "good" | "bad" | "loader" | "later";

export interface Row {
  name: string;
  verdict: Verdict;
  document: object;
}

interface Members {
  [member: string]: unknown;
}

export function documentOf(members: Members): object {
  return { apiVersion: "lictor/v1", ...members };
}

export function policyOf(members: Members): object {
  return documentOf({ policies: [{ name: "a", namespace: "shop", rules: [{}], ...members }] });
}

export function ruleOf(members: Members): object {
  return policyOf({ rules: [members] });
}

/** Addresses of peers need their source. */
const identity = { peerAddress: "FILTER_STATE" };

export function sourceOf(members: Members): object {
  return { ...ruleOf({ from: [{ source: members }] }), identity };
}

export function operationOf(members: Members): object {
  return ruleOf({ to: [{ operation: members }] });
}

const jwtRules = [{ name: "corp", issuer: "https://idp.example.com", jwks: mintedKeys }];

export function conditionOf(members: Members): object {
  const to = [{ operation: { paths: ["/tenants/{tenant}"] } }];
  return { ...ruleOf({ to, when: [members] }), identity, jwtRules };
}

export function jwtRuleOf(members: Members): object {
  return documentOf({ jwtRules: [{ ...jwtRules[0], ...members }] });
}

/** Rows of one verdict that differ in the value they give to `make`. */
export function rows<T>(verdict: Verdict, make: (value: T) => object, values: readonly T[]): Row[] {
  return values.map((value) => ({
    name: JSON.stringify(value).slice(0, 100),
    verdict,
    document: make(value),
  }));
}
