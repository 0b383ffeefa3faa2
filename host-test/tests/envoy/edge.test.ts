/** What the edge of a real Envoy, set up as the command line sets it up, lets through to the filter. */
import { connect as connectHttp2, type OutgoingHttpHeaders } from "node:http2";
import { connect as connectTls } from "node:tls";
import {
  bootstrap,
  downstreamTls,
  EnvoyProcess,
  listener,
  mintAuthority,
  mintCertificate,
  modulePath,
  pluginFilter,
  seal,
  type Credentials,
} from "lictor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange } from "../host/http.ts";

const SEAL = "edge-0123456789abcdef";
const upstream = { status: 200, body: "up" };
const document = {
  apiVersion: "lictor/v1",
  seal: SEAL,
  policies: [
    {
      name: "no-debug",
      action: "DENY",
      rules: [{ when: [{ key: "request.headers[x-debug]", values: ["on"] }] }],
    },
    {
      name: "office",
      rules: [
        {
          from: [{ source: { remoteIpBlocks: ["10.9.0.0/16"] } }],
          to: [{ operation: { paths: ["/office"] } }],
        },
      ],
    },
    { name: "open", rules: [{ to: [{ operation: { paths: ["/open"] } }] }] },
    {
      name: "web",
      rules: [{ from: [{ source: { principals: ["cluster.local/ns/shop/sa/web"] } }] }],
    },
  ],
};

let envoy: EnvoyProcess;
let client: Credentials;

beforeAll(async () => {
  const authority = await mintAuthority("cluster.local");
  const server = await mintCertificate(authority, { dns: ["localhost"] });
  client = await mintCertificate(authority, { uris: ["spiffe://cluster.local/ns/shop/sa/web"] });
  const configuration = JSON.stringify(document);
  const filters = [pluginFilter({ wasm: modulePath(), configuration }), seal(SEAL)];
  const transportSocket = downstreamTls({
    certificateChain: server.certificate,
    privateKey: server.privateKey,
    trustedCa: authority.certificate,
  });
  envoy = await EnvoyProcess.start(() =>
    bootstrap({
      listeners: [
        listener({ name: "plain", filters, upstream, accessLog: "none" }),
        listener({ name: "behind-one", filters, upstream, accessLog: "none", trustedHops: 1 }),
        listener({ name: "tls", filters, upstream, accessLog: "none", transportSocket }),
      ],
    }),
  );
}, 60_000);

afterAll(() => envoy.stop());

describe("the client's address", () => {
  const claim = ["GET /office HTTP/1.1", "Host: a.test", "x-forwarded-for: 10.9.1.1"];

  test("is not what the client says of itself", async () => {
    expect((await exchange(await envoy.port("plain"), claim))?.status).toBe(403);
  });

  test("is what a proxy in front says, where one is named", async () => {
    expect((await exchange(await envoy.port("behind-one"), claim))?.status).toBe(200);
  });
});

/** Over one connection of HTTP/2, which keeps white space around values. */
async function statusOf(port: number, headers: OutgoingHttpHeaders): Promise<number> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  try {
    return await new Promise<number>((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({ ":path": "/open", ":authority": "a.test", ...headers });
      stream.on("error", reject);
      stream.on("response", (answer) => resolve(Number(answer[":status"])));
      stream.end();
    });
  } finally {
    session.destroy();
  }
}

test.each([
  ["on", 403],
  [" on", 400],
  ["on\t", 400],
  ["off", 200],
])("over HTTP/2, the header value %j that a rule reads gets %i", async (value, status) => {
  expect(await statusOf(await envoy.port("plain"), { "x-debug": value })).toBe(status);
});

describe.each(["TLSv1.2", "TLSv1.3"] as const)("over %s", (version) => {
  test("a caller who comes again with his session keeps his identity", async () => {
    const port = await envoy.port("tls");
    let session: Buffer | undefined;
    for (let visit = 0; visit < 3; visit++) {
      const { status, ticket } = await visitWith(port, version, session);
      expect(status).toBe("HTTP/1.1 200 OK");
      session = ticket ?? session;
    }
  });
});

interface Visit {
  status: string | undefined;
  ticket: Buffer | undefined;
}

function visitWith(
  port: number,
  version: "TLSv1.2" | "TLSv1.3",
  session: Buffer | undefined,
): Promise<Visit> {
  return new Promise((resolve, reject) => {
    let ticket: Buffer | undefined;
    const socket = connectTls({
      port,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      cert: client.certificate,
      key: client.privateKey,
      minVersion: version,
      maxVersion: version,
      ...(session === undefined ? {} : { session }),
    });
    socket.on("session", (value) => (ticket = value));
    socket.on("error", reject);
    socket.on("secureConnect", () => socket.write("GET / HTTP/1.1\r\nhost: a.test\r\n\r\n"));
    socket.on("data", (data) => {
      resolve({ status: data.toString("latin1").split("\r\n")[0], ticket });
      socket.destroy();
    });
  });
}
