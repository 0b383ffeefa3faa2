/** Schema and filter agree on rules, their sources and operations. */
import { expect, test } from "vitest";
import { loadPolicy } from "../../corpus/enforce.ts";
import { operationOf, policyOf, rows, ruleOf, sourceOf } from "../rows.ts";
import { schemaAccepts } from "../schema.ts";
import { agree } from "./agree.ts";

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

agree("a source", [
  ...rows("good", sourceOf, [
    { principals: ["*"], notPrincipals: ["cluster.local/ns/a/sa/b"] },
    { namespaces: ["a*b"], notNamespaces: ["*"] },
    { serviceAccounts: ["web"] },
    { serviceAccounts: ["shop/web"], notServiceAccounts: ["shop/guest"], trustDomains: ["td"] },
    { trustDomains: ["*", "*.prod", "eu*", "cluster.local"], notTrustDomains: ["x"] },
    { requestPrincipals: ["https://idp/*"], notRequestPrincipals: ["*"] },
    {
      ipBlocks: ["10.0.0.0/8", "1.2.3.4", "10.1.2.3/8"],
      notIpBlocks: ["::1", "fd00::/8", "::ffff:1.2.3.4", "::ffff:10.0.0.0/104"],
    },
    { remoteIpBlocks: ["0.0.0.0/0", "::/0"], notRemoteIpBlocks: ["203.0.113.7/32", "2001:db8::1/128"] },
  ]),
  ...rows("bad", sourceOf, [
    { principals: [] },
    { principals: [""] },
    { principals: "a" },
    { principals: [1] },
    { principal: ["a"] },
    { serviceAccounts: ["*"] },
    { serviceAccounts: ["a/b/c"] },
    { serviceAccounts: ["/b"] },
    { serviceAccounts: ["a/"] },
    { serviceAccounts: ["a"], principals: ["b"] },
    { notServiceAccounts: ["a"], notNamespaces: ["b"] },
    { serviceAccounts: Array.from({ length: 17 }, (_, index) => `s${index}`) },
    { trustDomains: ["a/b"] },
    { trustDomains: ["a*b"] },
    { trustDomains: ["*a*"] },
    { trustDomains: [""] },
    { ipBlocks: ["1.2.3"] },
    { ipBlocks: ["1.2.3.4/33"] },
    { ipBlocks: ["1.2.3.256"] },
    { ipBlocks: ["010.0.0.1"] },
    { ipBlocks: ["localhost"] },
    { ipBlocks: ["1.2.3.4/"] },
    { notIpBlocks: [":::"] },
    { remoteIpBlocks: ["fd00::/129"] },
    { remoteIpBlocks: ["fd00::g"] },
    { notRemoteIpBlocks: ["1:2:3:4:5:6:7:8:9"] },
  ]),
]);

test("peer addresses need their source: only a loader sees it", () => {
  const document = ruleOf({ from: [{ source: { ipBlocks: ["10.0.0.0/8"] } }] });
  expect(schemaAccepts(document)).toBe(true);
  expect(loadPolicy(JSON.stringify(document))).toContain("lictor refused ");
});

test("an account without a namespace needs the policy's: only a loader sees it", () => {
  const rules = [{ from: [{ source: { serviceAccounts: ["web"] } }] }];
  const document = policyOf({ rules, namespace: "" });
  expect(schemaAccepts(document)).toBe(true);
  expect(loadPolicy(JSON.stringify(document))).toContain("lictor refused ");
});

agree("an operation", [
  ...rows("good", operationOf, [
    { hosts: ["*"], notHosts: ["example.com:*"] },
    { ports: ["0", "80", "08080", "65535"], notPorts: ["1"] },
    { methods: ["GET"], notMethods: ["P*"] },
    { paths: ["/a*b", "*", "a", "/a//b", "*.secret"] },
    { paths: ["/{*}", "/a/{*}/b", "/a/{**}", "/{**}", "/a/{*}/", "/b/{**}/"], notPaths: ["/x/{*}"] },
    { paths: ["/tenants/{tenant}/orders/{*}", "/{a}/{_b1}/{**}", `/{${"a".repeat(32)}}`] },
  ]),
  ...rows("bad", operationOf, [
    { hosts: [] },
    { hosts: [""] },
    { ports: [80] },
    { ports: ["http"] },
    { ports: ["65536"] },
    { ports: ["-1"] },
    { ports: ["*"] },
    { methods: [""] },
    { methods: "GET" },
    { method: ["GET"] },
    { paths: [""] },
    { paths: ["/a{*}"] },
    { paths: ["/{*}.html"] },
    { paths: ["/{**}/{*}"] },
    { paths: ["/{**}/{**}"] },
    { paths: ["/{**}//"] },
    { paths: ["{*}"] },
    { paths: ["{**}"] },
    { paths: ["b/{*}"] },
    { paths: ["//{*}"] },
    { paths: ["/{*}//"] },
    { paths: ["/a//{*}"] },
    { paths: ["/a*/{*}"] },
    { paths: ["/a b/{*}"] },
    { paths: ["/é/{*}"] },
    { paths: ["/{***}"] },
    { paths: ["/a}"] },
    { paths: ["/{}"] },
    { paths: ["/{a b}"] },
    { paths: ["/{tenant}x"] },
    { paths: [`/{${"a".repeat(33)}}`] },
    { notPaths: ["/{tenant}"] },
  ]),
  ...rows("loader", operationOf, [{ paths: ["/{a}/{a}"] }]),
]);
