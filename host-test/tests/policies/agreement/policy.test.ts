/** Schema and filter agree on policies. */
import { policyOf, rows, ruleOf } from "../rows.ts";
import { agree } from "./agree.ts";

agree("a policy", [
  ...rows("good", policyOf, [
    {},
    { namespace: "", action: "ALLOW", dryRun: false },
    { namespace: "shop", action: "DENY", dryRun: true },
    { action: "AUDIT" },
    { rules: [] },
    { rules: undefined },
    { response: {} },
  ]),
  ...rows("bad", policyOf, [
    { name: "" },
    { name: undefined },
    { namespace: 1 },
    { action: "CUSTOM" },
    { action: "deny" },
    { dryRun: "true" },
    { rules: {} },
    { rules: [null] },
    { action: "DENY", rules: [] },
    { action: "DENY", rules: undefined },
    { selector: {} },
  ]),
  ...rows("good", (response: unknown) => policyOf({ action: "DENY", response }), [
    { status: 404 },
    { status: 400, headers: [], body: "" },
    { status: 599, body: '{"title":"no"}', contentType: "application/problem+json" },
    {
      headers: [
        { name: "Retry-After", value: "60" },
        { name: "x-content-type", value: "" },
      ],
    },
    { headers: [{ name: "x", value: "a".repeat(1024) }] },
    { body: "a".repeat(4096) },
    { headers: Array.from({ length: 16 }, (_, index) => ({ name: `x-${index}`, value: "a b" })) },
  ]),
  ...rows("bad", (action: unknown) => policyOf({ action, response: { status: 404 } }), ["ALLOW", "AUDIT"]),
  ...rows("bad", (response: unknown) => policyOf({ action: "DENY", response }), [
    { status: 399 },
    { status: 600 },
    { status: 404.5 },
    { status: "404" },
    { headers: {} },
    { headers: [{ name: "x" }] },
    { headers: [{ value: "x" }] },
    { headers: [{ name: "x y", value: "1" }] },
    { headers: [{ name: "", value: "1" }] },
    { headers: [{ name: "x", value: "a\r\nb: c" }] },
    { headers: [{ name: "x", value: "a\u0000" }] },
    { headers: [{ name: "x", value: "a", append: true }] },
    { headers: [{ name: "Content-Length", value: "0" }] },
    { headers: [{ name: "te", value: "0" }] },
    { headers: [{ name: "x", value: "é" }] },
    { headers: [{ name: "x", value: "a".repeat(1025) }] },
    { headers: Array.from({ length: 17 }, (_, index) => ({ name: `x-${index}`, value: "a" })) },
    { body: "a".repeat(4097) },
    { body: {} },
    { contentType: "text/plain\n" },
    { code: 404 },
  ]),
]);

agree("a rule", [
  ...rows("good", ruleOf, [{}]),
  ...rows("bad", ruleOf, [
    { from: [] },
    { from: {} },
    { from: [{}] },
    { from: [{ source: {} }] },
    { from: [{ principals: ["a"] }] },
    { to: [] },
    { to: [{}] },
    { to: [{ operation: {} }] },
    { to: [{ operation: {}, source: {} }] },
    { when: [] },
    { when: {} },
    { froms: [] },
  ]),
]);
