import type { Condition } from "../schema/condition.ts";
import type { Source } from "../schema/rule.ts";
import type { LintRule } from "./lint-rule.ts";
import { conditionsOf, isAllow, sourcesOf } from "./walk.ts";

const IDENTITY_FIELDS = [
  "principals",
  "namespaces",
  "serviceAccounts",
  "trustDomains",
  "requestPrincipals",
] as const;
const NEGATED_FIELDS = [
  "notPrincipals",
  "notNamespaces",
  "notServiceAccounts",
  "notTrustDomains",
  "notRequestPrincipals",
] as const;

const IDENTITY_KEY = /^(?:source\.(?:principal|namespace|serviceAccount|trustDomain)$|request\.auth[.[])/;

/** Whether the condition can only be true of a caller with an identity: `notValues` alone says nothing. */
function asksForIdentity({ key, notValues: _, ...positive }: Condition): boolean {
  if (!IDENTITY_KEY.test(key)) return false;
  return Object.entries(positive).some(([operator, value]) => operator !== "exists" || value === true);
}

function namesIdentity(source: Source): boolean {
  return IDENTITY_FIELDS.some((name) => source[name] !== undefined);
}

export const openToAnonymous: LintRule = {
  id: "open-to-anonymous",
  level: "warning",
  title: "An exclusion that callers without an identity pass",
  help: 'Say beside it who may call, such as `principals: ["*"]`, or deny the excluded in a DENY policy.',
  *find(document) {
    for (const { policy, rule, value, pointer } of sourcesOf(document)) {
      if (!isAllow(policy) || namesIdentity(value) || (rule.when ?? []).some(asksForIdentity)) continue;
      for (const name of NEGATED_FIELDS) {
        if (value[name] === undefined) continue;
        yield {
          pointer: `${pointer}/${name}`,
          message: `\`${name}\` alone also allows callers without an identity`,
        };
      }
    }
    for (const { policy, rule, value, pointer } of conditionsOf(document)) {
      if (!isAllow(policy) || value.notValues === undefined || !IDENTITY_KEY.test(value.key)) continue;
      const sources = rule.from ?? [];
      const isNamed = sources.length > 0 && sources.every(({ source }) => namesIdentity(source));
      if (isNamed || (rule.when ?? []).some(asksForIdentity)) continue;
      const message = `\`notValues\` of \`${value.key}\` also allows callers that have none`;
      yield { pointer: `${pointer}/notValues`, message };
    }
  },
};
