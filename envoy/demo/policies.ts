/** The documents of the three services. */
import { AUDIENCE } from "./identity-provider.ts";

export const SERVICES = ["web", "orders", "ledger"] as const;
export type Service = (typeof SERVICES)[number];

export function spiffeId(service: Service): string {
  return `spiffe://demo.mesh/ns/shop/sa/${service}`;
}

/** A principal, as policies write it. */
function principal(service: Service): string {
  return spiffeId(service).slice("spiffe://".length);
}

interface PolicyDocument {
  apiVersion: string;
  revision: string;
  seal: string;
  identity: object;
  jwtRules: object[];
  policies: object[];
}

export interface DocumentOptions {
  issuer: string;
  keys: object;
  seal: string;
  /** Workloads that may call nothing any more. */
  quarantined?: readonly Service[];
}

export function documentOf(service: Service, options: DocumentOptions): string {
  const quarantined = options.quarantined ?? [];
  const document: PolicyDocument = {
    apiVersion: "lictor/v1",
    revision: `${service}-${1 + quarantined.length}`,
    seal: options.seal,
    identity: { source: "TLS", trustDomains: ["demo.mesh"] },
    jwtRules: service === "orders" ? [jwtRule(options)] : [],
    policies: policies[service],
  };
  if (quarantined.length > 0) document.policies = [...document.policies, quarantine(quarantined)];
  return JSON.stringify(document);
}

function jwtRule({ issuer, keys }: DocumentOptions): object {
  return { name: "shop", issuer, audiences: [AUDIENCE], type: "at+jwt", clockSkew: "1s", jwks: keys };
}

const policies: { [service in Service]: object[] } = {
  web: [{ name: "health", rules: [{ to: [{ operation: { methods: ["GET"], paths: ["/healthz"] } }] }] }],
  orders: [
    {
      name: "web-reads-orders",
      rules: [
        {
          from: [{ source: { principals: [principal("web")] } }],
          to: [{ operation: { methods: ["GET"], paths: ["/orders/{*}"] } }],
          when: [{ key: "request.auth.claims[scope]", values: ["orders:read"] }],
        },
      ],
    },
  ],
  ledger: [
    {
      name: "orders-writes-entries",
      rules: [
        {
          from: [{ source: { principals: [principal("orders")] } }],
          to: [{ operation: { methods: ["POST"], paths: ["/entries"] } }],
        },
      ],
    },
  ],
};

function quarantine(services: readonly Service[]): object {
  return {
    name: "quarantine",
    action: "DENY",
    rules: [{ from: [{ source: { principals: services.map(principal) } }] }],
  };
}
