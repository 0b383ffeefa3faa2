/** Istio's Rule: from AND to AND when. */
import { z } from "zod";
import { condition } from "./condition.ts";
import { pathPattern, unnamedPathPattern } from "./path-pattern.ts";
import {
  addressBlock,
  described,
  listOf,
  nonEmptyText,
  port,
  serviceAccounts,
  trustDomains,
} from "./texts.ts";

const names = listOf(nonEmptyText);
const blocks = listOf(addressBlock);

const sourceFields = {
  principals: described(
    names,
    "Identities of workloads without `spiffe://`; `*` alone, in front or at the end.",
    ["cluster.local/ns/shop/sa/web"],
  ),
  notPrincipals: described(names, "None of these identities; true for callers without one.", [
    "cluster.local/ns/shop/sa/guest",
  ]),
  namespaces: described(names, "Namespaces of workloads; `*` anywhere.", ["shop"]),
  notNamespaces: described(names, "None of these namespaces; true for callers without an identity.", [
    "legacy",
  ]),
  serviceAccounts: described(serviceAccounts, "ACCOUNT of the policy's namespace, or NAMESPACE/ACCOUNT.", [
    "shop/web",
  ]),
  notServiceAccounts: described(serviceAccounts, "None of these service accounts.", ["guest"]),
  trustDomains: described(trustDomains, "Trust domains; one `*` in front or at the end.", ["cluster.local"]),
  notTrustDomains: described(trustDomains, "None of these trust domains.", ["*.partner.example"]),
  requestPrincipals: described(names, "ISSUER/SUBJECT of the verified token; `*` is any.", [
    "https://idp.example.com/*",
  ]),
  notRequestPrincipals: described(names, "None of these; `*` with DENY is Istio's way to require a token.", [
    "*",
  ]),
  ipBlocks: described(blocks, "Address of the TCP peer; needs `identity.peerAddress`.", ["10.0.0.0/8"]),
  notIpBlocks: described(blocks, "Not these addresses of the TCP peer.", ["10.9.0.0/16"]),
  remoteIpBlocks: described(blocks, "Address of the client as the proxy derives it from X-Forwarded-For.", [
    "203.0.113.0/24",
  ]),
  notRemoteIpBlocks: described(blocks, "Not these client addresses.", ["203.0.113.7"]),
};

const operationFields = {
  hosts: described(names, "The Host header with its port, case-insensitive.", [
    "shop.example.com",
    "shop.example.com:*",
  ]),
  notHosts: described(names, "None of these hosts.", ["internal.example.com"]),
  ports: described(listOf(port), "Ports of this workload, as strings.", ["8080"]),
  notPorts: described(listOf(port), "None of these ports.", ["15020"]),
  methods: described(names, "HTTP methods; gRPC is always POST.", ["GET", "HEAD"]),
  notMethods: described(names, "None of these methods.", ["DELETE"]),
  paths: described(
    listOf(pathPattern),
    "Paths without query; `*` alone, in front or at the end, or templates of whole segments.",
    ["/tenants/{tenant}/orders/{*}", "/public/*"],
  ),
  notPaths: described(listOf(unnamedPathPattern), "None of these paths.", ["/healthz"]),
};

const ACCOUNT_FIELDS = ["serviceAccounts", "notServiceAccounts"] as const;
const IDENTITY_FIELDS = ["principals", "notPrincipals", "namespaces", "notNamespaces"] as const;

export const source = z
  .strictObject(z.object(sourceFields).partial().shape)
  .refine((value) => Object.keys(value).length > 0, "expected at least one field")
  .refine(
    (value) => !ACCOUNT_FIELDS.some((name) => value[name]) || !IDENTITY_FIELDS.some((name) => value[name]),
    "service accounts cannot stand beside principals or namespaces",
  )
  .meta({
    title: "Source",
    description: "Who calls: every field must hold, any of a field's values.",
    minProperties: 1,
    not: { anyOf: ACCOUNT_FIELDS.flatMap((account) => IDENTITY_FIELDS.map((name) => both(account, name))) },
  });

/** A schema for objects that have both members. */
function both(first: string, second: string): object {
  return { type: "object", properties: { [first]: {}, [second]: {} }, required: [first, second] };
}

export const operation = z
  .strictObject(z.object(operationFields).partial().shape)
  .refine((value) => Object.keys(value).length > 0, "expected at least one field")
  .meta({
    title: "Operation",
    description: "What is asked for: every field must hold, any of a field's values.",
    minProperties: 1,
  });

export const rule = z
  .strictObject({
    from: described(
      listOf(z.strictObject({ source })),
      "Any of these sources; absent: any caller.",
    ).optional(),
    to: described(
      listOf(z.strictObject({ operation })),
      "Any of these operations; absent: anything.",
    ).optional(),
    when: described(listOf(condition), "All of these conditions.").optional(),
  })
  .meta({ title: "Rule", description: "from AND to AND when; `{}` matches every request." });

export type Source = z.output<typeof source>;
export type Operation = z.output<typeof operation>;
export type Rule = z.output<typeof rule>;
