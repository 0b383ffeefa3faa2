/** What a filter sees of a caller's certificate: the host's `mutualTls` against Envoy's own TLS. */
import { connect } from "node:tls";
import { bootstrap, downstreamTls, EnvoyProcess, listener, pluginFilter } from "lictor";
import { Host, mutualTls, type Properties } from "lictor-host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mintAuthority, mintCertificate, type Authority, type Credentials } from "../mint/index.ts";
import { PROBE, wasmLogs } from "./contract.ts";

const WEB = "spiffe://cluster.local/ns/shop/sa/web";

const configuration = [
  "identity",
  ..."mtls peer_certificate_valid uri_san_peer_certificate tls_version requested_server_name"
    .split(" ")
    .map((name) => `request property connection%00${name}`),
].join("\n");

let authority: Authority;
let envoy: EnvoyProcess;

beforeAll(async () => {
  authority = await mintAuthority();
  const server = await mintCertificate(authority, { dns: ["localhost"] });
  const identity = { certificateChain: server.certificate, privateKey: server.privateKey };
  envoy = await EnvoyProcess.start(() =>
    bootstrap({
      listeners: [
        listener({
          name: "l",
          filters: [pluginFilter({ name: "identity", wasm: PROBE, configuration })],
          upstream: { status: 200, body: "" },
          transportSocket: downstreamTls({ ...identity, trustedCa: authority.certificate }),
        }),
      ],
    }),
  );
});
afterAll(async () => envoy.stop());

/** The first line of the answer; undefined when the handshake or the connection fails. */
async function request(client: Credentials | undefined): Promise<string | undefined> {
  const port = await envoy.port("l");
  return new Promise((resolve) => {
    const credentials = client === undefined ? {} : { cert: client.certificate, key: client.privateKey };
    const socket = connect({
      port,
      host: "127.0.0.1",
      ca: authority.certificate,
      checkServerIdentity: () => undefined,
      ...credentials,
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(undefined));
    socket.on("data", (data: Buffer) => {
      resolve(data.toString().split("\r\n")[0]);
      socket.destroy();
    });
    socket.write("GET / HTTP/1.1\r\nHost: a.test\r\nconnection: close\r\n\r\n");
  });
}

async function seenByEnvoy(client: Credentials): Promise<string[]> {
  const from = envoy.log.length;
  expect(await request(client)).toBe("HTTP/1.1 200 OK");
  await envoy.until(() => wasmLogs(envoy.log.slice(from), "identity").length === 5);
  return wasmLogs(envoy.log.slice(from), "identity");
}

async function seenByHost(properties: Properties): Promise<string[]> {
  const host = await Host.load(PROBE, { configuration });
  return host.request([[":path", "/"]], { properties }).logs.map((line) => line.message);
}

test.each([
  { name: "of one SPIFFE ID", uris: [WEB] },
  { name: "of two, of which filters see the first", uris: [WEB, "spiffe://cluster.local/ns/shop/sa/admin"] },
])("a certificate $name looks alike on the host and on Envoy", async ({ uris }) => {
  const client = await mintCertificate(authority, { commonName: "web", uris });
  expect(await seenByEnvoy(client)).toEqual(await seenByHost(mutualTls(WEB)));
});

test("a certificate without a URI has no identity", async () => {
  const client = await mintCertificate(authority, { commonName: "web" });
  const connection = Object.entries(mutualTls(WEB)["connection"] ?? {});
  const withoutUri = connection.filter(([name]) => name !== "uri_san_peer_certificate");
  const seen = await seenByHost({ connection: Object.fromEntries(withoutUri) });
  expect(await seenByEnvoy(client)).toEqual(seen);
});

test("no certificate and one of another authority do not get through to filters", async () => {
  const from = envoy.log.length;
  const stranger = await mintCertificate(await mintAuthority("Another"), { uris: [WEB] });
  expect(await request(stranger)).toBeUndefined();
  expect(await request(undefined)).toBeUndefined();
  expect(wasmLogs(envoy.log.slice(from), "identity")).toEqual([]);
});
