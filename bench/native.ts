/** The rival in the same process: native jwt_authn and RBAC, shaped as Istio shapes them. */
import { typed, type JsonObject } from "lictor";

const JWT_AUTHN = "envoy.filters.http.jwt_authn";
const RBAC = "envoy.filters.http.rbac";

/** With `cache`, verified tokens are kept by Envoy's own cache. */
export function jwtAuthn(issuer: string, audience: string, jwks: string, cache: boolean): JsonObject {
  const provider = {
    issuer,
    audiences: [audience],
    local_jwks: { inline_string: jwks },
    payload_in_metadata: "payload",
    forward: false,
    ...(cache ? { jwt_cache_config: { jwt_cache_size: 1000 } } : {}),
  };
  // Envoy asks its cache only where the requirement is one provider by its name.
  const requirement: JsonObject = cache
    ? { provider_name: "corp" }
    : { requires_any: { requirements: [{ provider_name: "corp" }, { allow_missing: {} }] } };
  return {
    name: JWT_AUTHN,
    typed_config: typed("envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication", {
      providers: { corp: provider },
      rules: [{ match: { prefix: "/" }, requires: requirement }],
    }),
  };
}

/** One rule of the benchmark: a path prefix, GET, and a claim with one of its values. */
export interface BenchRule {
  pathPrefix: string;
  claim: string;
  value: string;
}

export function rbac(rules: readonly BenchRule[]): JsonObject {
  const policies = Object.fromEntries(
    rules.map((rule, index) => [`ns[shop]-policy[p${String(index).padStart(5, "0")}]-rule[0]`, policy(rule)]),
  );
  return {
    name: RBAC,
    typed_config: typed("envoy.extensions.filters.http.rbac.v3.RBAC", {
      rules: { action: "ALLOW", policies },
      shadow_rules_stat_prefix: "istio_dry_run_allow_",
    }),
  };
}

function policy(rule: BenchRule): JsonObject {
  const method = { header: { name: ":method", string_match: { exact: "GET" } } };
  const path = { url_path: { path: { prefix: rule.pathPrefix } } };
  const either = (permission: JsonObject) => ({ or_rules: { rules: [permission] } });
  const value = { string_match: { exact: rule.value } };
  const claim = {
    metadata: {
      filter: JWT_AUTHN,
      path: [{ key: "payload" }, { key: rule.claim }],
      value: { or_match: { value_matchers: [value, { list_match: { one_of: value } }] } },
    },
  };
  return {
    permissions: [{ and_rules: { rules: [either(method), either(path)] } }],
    principals: [{ and_ids: { ids: [{ or_ids: { ids: [claim] } }] } }],
  };
}
