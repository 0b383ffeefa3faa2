import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  bootstrap,
  downstreamTls,
  EnvoyProcess,
  listener,
  parseAccessLine,
  peerAddress,
  pluginFilter,
  seal,
  type AccessLine,
} from "lictor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange, type RawResponse } from "../host/http.ts";
import { mintAuthority, mintCertificate, type Credentials } from "../mint/index.ts";
import {
  clientView,
  expectedRecord,
  headerLines,
  loadExamples,
  loadRefused,
  type CorpusRequest,
  type Example,
  type Row,
} from "./corpus.ts";

const wasm = fileURLToPath(new URL("../../../build/out/lictor.wasm", import.meta.url));
const SEAL = "corpus-0123456789abcdef";

/** Rows without a peer go over plain text, the others over mutual TLS with a certificate of that name. */
const transports = ["plain", "mtls"] as const;
type Transport = (typeof transports)[number];

interface Outcome {
  response: RawResponse | undefined;
  line: AccessLine;
}

const LOOPBACK = "127.0.0.1";

/** What a request orders and a real Envoy on loopback cannot give it, by the reason; such rows are left out here. */
const BEYOND_ENVOY: { [reason: string]: (request: CorpusRequest) => boolean } = {
  "Envoy's clock is the machine's": ({ time }) => time !== undefined,
  "the system picks the listener's port": ({ port }) => port !== undefined,
  "the requests here come without a server name": ({ sni }) => sni !== undefined,
  "the peer's address is the loopback's": ({ source = LOOPBACK }) => source !== LOOPBACK,
};

/** Why the row does not run here; the first reason. */
function whyLeftOut({ request }: Row): string | undefined {
  return Object.keys(BEYOND_ENVOY).find((reason) => BEYOND_ENVOY[reason]!(request));
}

const allExamples = loadExamples();
const examples = allExamples
  .map((example) => ({ ...example, rows: example.rows.filter((row) => whyLeftOut(row) === undefined) }))
  .filter(({ rows }) => rows.length > 0);
const outcomes = new Map<string, Outcome>();
let envoy: EnvoyProcess;

function transportOf(row: Row): Transport {
  return typeof row.request.peer === "string" ? "mtls" : "plain";
}

beforeAll(async () => {
  const authority = await mintAuthority();
  const server = await mintCertificate(authority, { dns: ["localhost"] });
  const identity = { certificateChain: server.certificate, privateKey: server.privateKey };
  envoy = await EnvoyProcess.start((folder) =>
    bootstrap({ listeners: examples.flatMap(listenersOf(folder)) }),
  );

  function listenersOf(folder: string) {
    return (example: Example) =>
      transports.map((transport) => {
        const name = `${example.name}-${transport}`;
        const configuration = JSON.stringify({ ...JSON.parse(example.document), seal: SEAL });
        return listener({
          name,
          filters: [peerAddress(), pluginFilter({ wasm, configuration, vmId: name }), seal(SEAL)],
          upstream: { status: 200, body: "up" },
          trustedHops: 1,
          accessLog: { file: join(folder, `${name}.log`) },
          ...(transport === "mtls"
            ? { transportSocket: downstreamTls({ ...identity, trustedCa: authority.certificate }) }
            : {}),
        });
      });
  }

  const certificates = new Map<string, Credentials>();
  for (const example of examples) {
    for (const transport of transports) {
      const rows = example.rows.filter((row) => transportOf(row) === transport);
      if (rows.length === 0) continue;
      const name = `${example.name}-${transport}`;
      const port = await envoy.port(name);
      const responses: (RawResponse | undefined)[] = [];
      for (const row of rows) responses.push(await send(row.request, port));
      const lines = () =>
        readFileSync(join(envoy.folder, `${name}.log`), "utf8")
          .split("\n")
          .slice(0, -1);
      await envoy.until(() => lines().length === rows.length);
      const parsed = lines().map((line) => parseAccessLine(line)!);
      rows.forEach((row, index) =>
        outcomes.set(`${example.name}: ${row.name}`, { response: responses[index], line: parsed[index]! }),
      );
    }
  }

  async function send(request: CorpusRequest, port: number): Promise<RawResponse | undefined> {
    const lines = headerLines(request);
    const path = lines.find(([name]) => name === ":path")![1];
    const head = [
      `${request.method} ${path} HTTP/1.1`,
      `host: ${request.host}`,
      ...lines.filter(([header]) => !header.startsWith(":")).map(([header, value]) => `${header}: ${value}`),
      ...(request.remote === undefined ? [] : [`x-forwarded-for: ${request.remote}`]),
    ];
    if (typeof request.peer !== "string") return exchange(port, head);
    let certificate = certificates.get(request.peer);
    if (certificate === undefined) {
      certificate = await mintCertificate(authority, { uris: [request.peer] });
      certificates.set(request.peer, certificate);
    }
    return exchange(port, head, 5000, { cert: certificate.certificate, key: certificate.privateKey });
  }
}, 120_000);

afterAll(async () => {
  await envoy.stop();
});

describe.each(examples)("the filter in a real Envoy, policies/$name", (example) => {
  test.each(example.rows)("$name", (row) => {
    const { response, line } = outcomes.get(`${example.name}: ${row.name}`)!;
    expect(line.decisions).toHaveLength(1);
    expect(line.decisions[0]).toMatchObject({ ...expectedRecord(row), destination: "lictor" });
    const denies = row.expect.decision === "deny" && !example.observes;
    const view = denies ? clientView(row, example) : { status: 200 };
    expect(response?.status).toBe(view.status);
    if (denies) expect(line.details).toBe(`lictor_denied{${row.expect.reason}}`);
  });
});

test("all rows run on Envoy but these many, for these reasons", () => {
  const counts: { [reason: string]: number } = {};
  for (const row of allExamples.flatMap(({ rows }) => rows)) {
    const reason = whyLeftOut(row);
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  expect(counts).toEqual({
    "Envoy's clock is the machine's": 10,
    "the system picks the listener's port": 4,
    "the requests here come without a server name": 2,
    "the peer's address is the loopback's": 1,
  });
});

test("a document that must not load keeps Envoy from starting, with the filter's own words in the log", async () => {
  const [refused] = loadRefused().filter(({ name }) => name === "unknown-member");
  const plugin = pluginFilter({ wasm, configuration: refused!.document });
  const upstream = { status: 200, body: "up" };
  const start = EnvoyProcess.start(() =>
    bootstrap({ listeners: [listener({ name: "refused", filters: [plugin], upstream })] }),
  );
  await expect(start).rejects.toThrow("lictor refused unknown_member at /polices: expected ");
});
