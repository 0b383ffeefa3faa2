/** Istio's policies as native Envoy filters, shaped as Istio's own builders shape them. */
import { typed, type JsonObject } from "lictor";

export interface IstioSource {
  [field: string]: string[];
}

export interface IstioRule {
  from?: { source: IstioSource }[];
  to?: { operation: IstioSource }[];
  when?: { key: string; values?: string[]; notValues?: string[] }[];
}

export interface IstioPolicy {
  name: string;
  action: "ALLOW" | "DENY";
  rules: IstioRule[];
}

const JWT_AUTHN = "envoy.filters.http.jwt_authn";

/** RBAC for DENY policies, then for ALLOW policies; a stage without policies is left out. */
export function rbacFilters(policies: readonly IstioPolicy[]): JsonObject[] {
  return (["DENY", "ALLOW"] as const).flatMap((action) => {
    const chosen = policies.filter((policy) => policy.action === action);
    if (chosen.length === 0) return [];
    const entries = chosen.flatMap((policy, at) =>
      policy.rules.map((rule, index) => [`p${at}-${policy.name}-rule[${index}]`, nativeRule(rule)] as const),
    );
    const rules = { action, policies: Object.fromEntries(entries) };
    return [
      {
        name: `rbac-${action}`,
        typed_config: typed("envoy.extensions.filters.http.rbac.v3.RBAC", { rules }),
      },
    ];
  });
}

export function jwtAuthnFilter(issuer: string, jwks: string): JsonObject {
  const provider = {
    issuer,
    local_jwks: { inline_string: jwks },
    payload_in_metadata: "payload",
    normalize_payload_in_metadata: { space_delimited_claims: ["scope", "permission"] },
  };
  const requires = { requires_any: { requirements: [{ provider_name: "one" }, { allow_missing: {} }] } };
  return {
    name: JWT_AUTHN,
    typed_config: typed("envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication", {
      providers: { one: provider },
      rules: [{ match: { prefix: "/" }, requires }],
    }),
  };
}

function nativeRule({ from = [], to = [], when = [] }: IstioRule): JsonObject {
  const ofPermission = when.filter(({ key }) => isPermission(key));
  const ofPrincipal = when.filter(({ key }) => !isPermission(key));
  const operations = to.length === 0 ? [[]] : to.map(({ operation }) => permissionsOf(operation));
  const sources = from.length === 0 ? [[]] : from.map(({ source }) => principalsOf(source));
  const moreRules = ofPermission.flatMap(({ key, values, notValues }) => [
    ...(values === undefined ? [] : [anyRule(values.map((value) => permission(key, value)))]),
    ...(notValues === undefined
      ? []
      : [{ not_rule: anyRule(notValues.map((value) => permission(key, value))) }]),
  ]);
  const moreIds = ofPrincipal.flatMap(({ key, values, notValues }) => [
    ...(values === undefined ? [] : [anyId(values.map((value) => principal(key, value)))]),
    ...(notValues === undefined ? [] : [{ not_id: anyId(notValues.map((value) => principal(key, value))) }]),
  ]);
  return {
    permissions: operations.map((rules) => allRules([...rules, ...moreRules])),
    principals: sources.map((ids) => allIds([...ids, ...moreIds])),
  };
}

const anyRule = (rules: JsonObject[]): JsonObject => ({ or_rules: { rules } });
const anyId = (ids: JsonObject[]): JsonObject => ({ or_ids: { ids } });
const allRules = (rules: JsonObject[]): JsonObject =>
  rules.length === 0 ? { any: true } : { and_rules: { rules } };
const allIds = (ids: JsonObject[]): JsonObject => (ids.length === 0 ? { any: true } : { and_ids: { ids } });

function isPermission(key: string): boolean {
  return key.startsWith("destination.") || key === "connection.sni";
}

/** Each field and its negation as one member of the conjunction. */
function permissionsOf(operation: IstioSource): JsonObject[] {
  return Object.entries(operation).map(([field, values]) => {
    const { name, negated } = fieldOf(field);
    const rule = anyRule(values.map((value) => permission(name, value)));
    return negated ? { not_rule: rule } : rule;
  });
}

function principalsOf(source: IstioSource): JsonObject[] {
  return Object.entries(source).map(([field, values]) => {
    const { name, negated } = fieldOf(field);
    const id = anyId(values.map((value) => principal(name, value)));
    return negated ? { not_id: id } : id;
  });
}

function fieldOf(field: string): { name: string; negated: boolean } {
  const negated = field.startsWith("not");
  return { name: negated ? field[3]!.toLowerCase() + field.slice(4) : field, negated };
}

function permission(name: string, value: string): JsonObject {
  switch (name) {
    case "hosts":
      return { header: headerMatch(":authority", value, true) };
    case "methods":
      return { header: headerMatch(":method", value, false) };
    case "ports":
    case "destination.port":
      return { destination_port: Number(value) };
    case "paths":
      return pathMatch(value);
    default:
      throw new Error(`no permission for ${name}`);
  }
}

function pathMatch(value: string): JsonObject {
  if (!value.includes("{")) return { url_path: { path: stringMatch(value) } };
  const path_template = value.replaceAll("{**}", "**").replaceAll("{*}", "*");
  return {
    uri_template: {
      name: "uri-template",
      typed_config: typed("envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig", {
        path_template,
      }),
    },
  };
}

function principal(name: string, value: string): JsonObject {
  switch (name) {
    case "principals":
      return { authenticated: { principal_name: principalMatch(value) } };
    case "namespaces": {
      const regex = `.*/ns/${value.split("*").map(quoted).join(".*")}/.*`;
      return { authenticated: { principal_name: { safe_regex: { regex } } } };
    }
    case "requestPrincipals":
      return requestPrincipal(value);
    case "remoteIpBlocks": {
      const [address_prefix = "", bits] = value.split("/");
      return { remote_ip: { address_prefix, prefix_len: Number(bits) } };
    }
    default: {
      const header = /^request\.headers\[(.*)\]$/.exec(name)?.[1];
      if (header !== undefined) return { header: headerMatch(header, value, false) };
      const claim = /^request\.auth\.claims\[(.*)\]$/.exec(name)?.[1];
      if (claim !== undefined) return claimMatch(claim.split("]["), value);
      if (name === "request.auth.audiences") return claimMatch(["aud"], value);
      throw new Error(`no principal for ${name}`);
    }
  }
}

function principalMatch(value: string): JsonObject {
  if (value === "*") return { safe_regex: { regex: ".+" } };
  if (value.startsWith("*")) return { safe_regex: { regex: `spiffe://.*${quoted(value.slice(1))}` } };
  return value.endsWith("*") ? { prefix: `spiffe://${value.slice(0, -1)}` } : { exact: `spiffe://${value}` };
}

/** The table of `peers.md` B.1: parted at the last slash. */
function requestPrincipal(value: string): JsonObject {
  const slash = value.lastIndexOf("/");
  const [issuer, subject] =
    slash < 0
      ? value === "*" || value.startsWith("*")
        ? ["*", value]
        : [value, "*"]
      : [value.slice(0, slash), value.slice(slash + 1)];
  const of = (claim: string, text: string) => ({
    metadata: {
      filter: JWT_AUTHN,
      path: [{ key: "payload" }, { key: claim }],
      value: { string_match: stringMatch(text) },
    },
  });
  return { and_ids: { ids: [of("iss", issuer!), of("sub", subject!)] } };
}

function claimMatch(names: readonly string[], value: string): JsonObject {
  const string_match = stringMatch(value);
  const one: JsonObject = { string_match };
  return {
    metadata: {
      filter: JWT_AUTHN,
      path: [{ key: "payload" }, ...names.map((key) => ({ key }))],
      value: { or_match: { value_matchers: [one, { list_match: { one_of: one } }] } },
    },
  };
}

function headerMatch(name: string, value: string, ignoreCase: boolean): JsonObject {
  if (value === "*") return { name, present_match: true };
  return { name, string_match: { ...stringMatch(value), ...(ignoreCase ? { ignore_case: true } : {}) } };
}

function stringMatch(value: string): JsonObject {
  if (value === "*") return { safe_regex: { regex: ".+" } };
  if (value.startsWith("*")) return { suffix: value.slice(1) };
  return value.endsWith("*") ? { prefix: value.slice(0, -1) } : { exact: value };
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
