/** A real OpenID provider on a free port of loopback, issuing access tokens for the orders service. */
import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Configuration } from "oidc-provider";

/** The audience of the tokens: what the orders service calls itself. */
export const AUDIENCE = "https://orders.demo";

const CLIENT_SECRET = "demo-client-secret-of-no-worth";

/** Clients, the scope that each may have, and how long its tokens live. */
const CLIENTS = {
  shopper: { scope: "orders:read", seconds: 300 },
  newcomer: { scope: "orders:list", seconds: 300 },
  sleeper: { scope: "orders:read", seconds: 1 },
} as const;
export type Client = keyof typeof CLIENTS;

export class IdentityProvider {
  readonly issuer: string;
  readonly #server: Server;

  private constructor(issuer: string, server: Server) {
    this.issuer = issuer;
    this.#server = server;
  }

  static async start(): Promise<IdentityProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", await callbackOf(issuer));
    return new IdentityProvider(issuer, server);
  }

  /** Its JWK Set, as it publishes it. */
  async keys(): Promise<object> {
    const answer = await fetch(`${this.issuer}/jwks`);
    return (await answer.json()) as object;
  }

  /** An access token by the client credentials grant (RFC 6749 §4.4) for the orders service. */
  async token(client: Client): Promise<string> {
    const answer = await fetch(`${this.issuer}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${client}:${CLIENT_SECRET}`).toString("base64")}` },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        resource: AUDIENCE,
        scope: CLIENTS[client].scope,
      }),
    });
    const body = (await answer.json()) as { access_token?: string; error?: string };
    if (body.access_token === undefined) throw new Error(`the identity provider refused: ${body.error}`);
    return body.access_token;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

async function callbackOf(issuer: string): Promise<RequestListener> {
  // The library's advice on running it for real, which it prints when it is loaded and made, is not for a demo.
  const { info, warn } = console;
  console.info = console.warn = () => undefined;
  try {
    const { default: Provider } = await import("oidc-provider");
    return new Provider(issuer, configuration()).callback();
  } finally {
    Object.assign(console, { info, warn });
  }
}

function configuration(): Configuration {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), kid: "demo", use: "sig", alg: "RS256" };
  return {
    jwks: { keys: [key] },
    clients: Object.entries(CLIENTS).map(([client_id, { scope }]) => ({
      client_id,
      client_secret: CLIENT_SECRET,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      scope,
    })),
    scopes: ["orders:read", "orders:list"],
    ttl: { ClientCredentials: (_context, token) => token.resourceServer?.accessTokenTTL ?? 300 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, _resource, client) => ({
          scope: "orders:read orders:list",
          audience: AUDIENCE,
          accessTokenFormat: "jwt",
          accessTokenTTL: CLIENTS[client.clientId as Client].seconds,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  };
}
