/** RequestAuthentication's rules with what Istio leaves unsaid: Envoy's defaults, which are not ours. */
import type { JwtRule } from "../schema/jwt-rule.ts";
import type { IstioJwtRule } from "./istio-schema.ts";
import { discoverKeys, fetchText, publicKeys, type KeySet } from "./jwks.ts";

export interface RuleOptions {
  /** Fetch `jwksUri` and write the keys into the document. */
  inlineKeys: boolean;
}

/** The rule of the document, or what is wrong and with which member; `notes` takes what the user should know. */
export type Converted = { rule: JwtRule } | { member: string; message: string };

export async function convertJwtRule(
  rule: IstioJwtRule,
  options: RuleOptions,
  note: (member: string, message: string) => void,
): Promise<Converted> {
  const { issuer = "" } = rule;
  if (issuer === "") {
    return {
      member: "issuer",
      message: "expected an issuer: a rule for tokens of any issuer cannot be expressed",
    };
  }
  const keys = await keysOf(rule, issuer, options, note);
  if ("message" in keys) return keys;
  return { rule: { issuer, ...keys, ...expectationsOf(rule), ...placesOf(rule), ...outputsOf(rule) } };
}

type Keys = { jwks: KeySet } | { jwksUri: string; timeout?: string };

async function keysOf(
  rule: IstioJwtRule,
  issuer: string,
  { inlineKeys }: RuleOptions,
  note: (member: string, message: string) => void,
): Promise<Keys | { member: string; message: string }> {
  const { jwks = "", jwksUri = "" } = rule;
  if (jwks !== "" && jwksUri !== "") return { member: "jwksUri", message: "expected either jwks or jwksUri" };
  if (jwks !== "") return inlined(jwks, "jwks", rule, note);
  if (inlineKeys) {
    const member = jwksUri === "" ? "issuer" : "jwksUri";
    try {
      const url = jwksUri === "" ? await discoverKeys(issuer) : jwksUri;
      return inlined(await fetchText(url), member, rule, note);
    } catch (error) {
      return { member, message: `cannot fetch the keys: ${reasonOf(error)}` };
    }
  }
  if (jwksUri === "") {
    return {
      member: "issuer",
      message: "expected jwks or jwksUri; --inline-keys asks the issuer where its keys are",
    };
  }
  note(
    "jwksUri",
    "the filter does not fetch keys yet and refuses the document; --inline-keys writes them into it",
  );
  return { jwksUri, ...(rule.timeout === undefined ? {} : { timeout: milliseconds(rule.timeout) }) };
}

/** fetch() hides why it failed in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}

function inlined(
  text: string,
  member: string,
  rule: IstioJwtRule,
  note: (member: string, message: string) => void,
): Keys | { member: string; message: string } {
  const found = publicKeys(text);
  if (typeof found === "string") return { member, message: found };
  if (found.hadPrivate) note(member, "the keys have private parts, which are left out");
  if (rule.timeout !== undefined) note("timeout", "nothing is fetched, so the timeout is left out");
  return { jwks: found.keys };
}

/** `1.5s` as the document's whole milliseconds. */
function milliseconds(duration: string): string {
  return `${Math.round(Number.parseFloat(duration) * 1000)}ms`;
}

/** Envoy takes tokens without `exp` and compares audiences loosely. */
function expectationsOf(rule: IstioJwtRule): Partial<JwtRule> {
  return {
    requireExpiry: false,
    ...(isGiven(rule.audiences) ? { audiences: rule.audiences, audienceMatching: "ENVOY" as const } : {}),
    ...(isGiven(rule.spaceDelimitedClaims) ? { spaceDelimitedClaims: rule.spaceDelimitedClaims } : {}),
    ...(rule.presence === undefined ? {} : { presence: rule.presence }),
  };
}

/** Where no place is named, Envoy also reads the parameter `access_token`. */
function placesOf(rule: IstioJwtRule): Partial<JwtRule> {
  const places = {
    ...(isGiven(rule.fromHeaders) ? { fromHeaders: rule.fromHeaders } : {}),
    ...(isGiven(rule.fromParams) ? { fromParams: rule.fromParams } : {}),
    ...(isGiven(rule.fromCookies) ? { fromCookies: rule.fromCookies } : {}),
  };
  if (Object.keys(places).length > 0) return places;
  return { fromHeaders: [{ name: "authorization", prefix: "Bearer " }], fromParams: ["access_token"] };
}

function outputsOf(rule: IstioJwtRule): Partial<JwtRule> {
  return {
    ...(rule.forwardOriginalToken === undefined ? {} : { forwardOriginalToken: rule.forwardOriginalToken }),
    ...((rule.outputPayloadToHeader ?? "") === ""
      ? {}
      : { outputPayloadToHeader: rule.outputPayloadToHeader }),
    ...(isGiven(rule.outputClaimToHeaders) ? { outputClaimToHeaders: rule.outputClaimToHeaders } : {}),
  };
}

function isGiven<T>(list: T[] | undefined): list is T[] {
  return list !== undefined && list.length > 0;
}
