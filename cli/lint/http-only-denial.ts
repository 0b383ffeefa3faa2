import type { Rule } from "../schema/rule.ts";
import type { LintRule } from "./lint-rule.ts";
import { isDeny, rulesOf } from "./walk.ts";

const HTTP_OPERATIONS = ["hosts", "notHosts", "methods", "notMethods", "paths", "notPaths"] as const;

/** Whether it asks for something that only HTTP has. */
function readsHttp({ from = [], to = [], when = [] }: Rule): boolean {
  return (
    from.some(
      ({ source }) => source.requestPrincipals !== undefined || source.notRequestPrincipals !== undefined,
    ) ||
    to.some(({ operation }) => HTTP_OPERATIONS.some((name) => operation[name] !== undefined)) ||
    when.some(({ key }) => key.startsWith("request.") && !key.startsWith("request.time"))
  );
}

/** Whether it only looks at some ports, which may all speak HTTP. */
function namesPorts({ to = [], when = [] }: Rule): boolean {
  const operations = to.length > 0 && to.every(({ operation }) => operation.ports !== undefined);
  return operations || when.some(({ key }) => key === "destination.port");
}

export const httpOnlyDenial: LintRule = {
  id: "http-only-denial",
  level: "note",
  title: "A denial by HTTP attributes on every port, as Istio reads it",
  help: "Name the ports that speak HTTP if Istio is to read this policy too; Lictor sees HTTP only.",
  *find(document) {
    for (const { policy, rule, pointer } of rulesOf(document)) {
      if (!isDeny(policy) || !readsHttp(rule) || namesPorts(rule)) continue;
      yield {
        pointer,
        message: "the rule names no ports: in Istio it would also deny connections that are not HTTP",
      };
    }
  },
};
