/**
 * Callers' certificates. Envoy shows a filter the names in a certificate that nobody vouches for too, so
 * that they are believed only where it says that the certificate is valid.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  bootstrap,
  downstreamTls,
  EnvoyProcess,
  listener,
  parseAccessLine,
  pluginFilter,
  seal,
  type JsonObject,
} from "lictor";
import { mutualTls, type AttributeMap } from "lictor-host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange } from "../host/http.ts";
import { mintAuthority, mintCertificate, type Authority, type Credentials } from "../mint/index.ts";
import { SEAL, documentWith, lines, loadFilter, modulePath, recordOf } from "./filter.ts";

const WEB = "spiffe://cluster.local/ns/shop/sa/web";
const STRANGER = "spiffe://cluster.local/ns/shop/sa/stranger";

/** Allows whoever is not the stranger: what a peer that counts as absent would pass, too. */
const document = documentWith({
  policies: [{ name: "others", rules: [{ from: [{ source: { notPrincipals: [STRANGER.slice(9)] } }] }] }],
});

const PASSES = { decision: "allow", policy: "others" };
const REFUSED = { decision: "deny", reason: "peer_identity_invalid", status: 403 };

describe("in the host, a certificate", () => {
  const rows: [string, object, object, string?][] = [
    ["that is valid names its caller", {}, PASSES, WEB],
    ["that is not valid names nobody", { peer_certificate_valid: false }, REFUSED],
    [
      "names its caller where Envoy, before 1.39, does not say",
      { peer_certificate_valid: undefined },
      PASSES,
      WEB,
    ],
    ["whose validity is no truth value names nobody", { peer_certificate_valid: "yes" }, REFUSED],
    ["on a connection whose mutual TLS is no truth value names nobody", { mtls: "yes" }, REFUSED],
    ["on a connection without mutual TLS counts for nothing", { mtls: false }, PASSES],
    ["whose name is empty has no name", { uri_san_peer_certificate: "" }, PASSES],
    ["without a name has none", { uri_san_peer_certificate: undefined }, PASSES],
    [
      "that is not valid is refused without a name too",
      { peer_certificate_valid: false, uri_san_peer_certificate: undefined },
      REFUSED,
    ],
  ];

  test.each(rows)("%s", async (_, changed, expected, peer) => {
    const host = await loadFilter(document);
    // What is undefined is not found.
    const connection = { ...mutualTls(WEB)["connection"], ...changed } as AttributeMap;
    const stream = host.request(lines("/a"), { properties: { connection } });
    expect(recordOf(stream)).toMatchObject(expected);
    expect(recordOf(stream)["peer"]).toBe(peer);
    expect(stream.state("wasm.lictor.ok")).toBe(expected === REFUSED ? undefined : SEAL);
  });
});

describe("in a real Envoy that lets untrusted certificates through to filters, a certificate", () => {
  let envoy: EnvoyProcess;
  let trusted: Authority;
  let rogue: Authority;

  /** `downstreamTls` with the one setting that makes Envoy ask for validity and go on without it. */
  function acceptingUntrusted(server: Credentials): JsonObject {
    const identity = { certificateChain: server.certificate, privateKey: server.privateKey };
    const socket = structuredClone(
      downstreamTls({ ...identity, trustedCa: trusted.certificate }),
    ) as unknown as TransportSocket;
    socket.typed_config.require_client_certificate = false;
    socket.typed_config.common_tls_context.validation_context["trust_chain_verification"] =
      "ACCEPT_UNTRUSTED";
    return socket as unknown as JsonObject;
  }

  beforeAll(async () => {
    [trusted, rogue] = await Promise.all([mintAuthority(), mintAuthority()]);
    const server = await mintCertificate(trusted, { dns: ["localhost"] });
    envoy = await EnvoyProcess.start((folder) =>
      bootstrap({
        listeners: [
          listener({
            name: "l",
            filters: [pluginFilter({ wasm: modulePath, configuration: document }), seal(SEAL)],
            upstream: { status: 200, body: "up" },
            transportSocket: acceptingUntrusted(server),
            accessLog: { file: join(folder, "access.log") },
          }),
        ],
      }),
    );
  });
  afterAll(async () => envoy.stop());

  const access = () => readFileSync(join(envoy.folder, "access.log"), "utf8").split("\n").slice(0, -1);
  const yesterday = new Date(Date.now() - 12 * 3600 * 1000);

  test.each([
    ["of the trusted authority names its caller", () => mintCertificate(trusted, { uris: [WEB] }), WEB],
    ["of another authority names nobody", () => mintCertificate(rogue, { uris: [WEB] }), undefined],
    [
      "that has expired names nobody",
      () => mintCertificate(trusted, { uris: [WEB], notAfter: yesterday }),
      undefined,
    ],
  ])("%s", async (_, mint, peer) => {
    const { certificate, privateKey } = await mint();
    const before = access().length;
    const credentials = { cert: certificate, key: privateKey };
    const response = await exchange(
      await envoy.port("l"),
      ["GET /a HTTP/1.1", "host: a.test"],
      5000,
      credentials,
    );
    await envoy.until(() => access().length > before);
    const record = parseAccessLine(access().at(-1)!)?.decisions[0];
    expect(record).toMatchObject(peer === undefined ? REFUSED : { ...PASSES, peer });
    expect(response?.status).toBe(peer === undefined ? 403 : 200);
  });
});

interface TransportSocket {
  typed_config: {
    require_client_certificate: boolean;
    common_tls_context: { validation_context: { [member: string]: unknown } };
  };
}
