/** `envoy/plain/envoy.yaml` is what the command line builds, and a real Envoy serves with it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  bootstrap,
  cluster,
  downstreamTls,
  ENVOY_VERSION,
  EnvoyProcess,
  listener,
  modulePath,
  parseAccessLine,
  peerAddress,
  pluginFilter,
  seal,
  type DecisionRecord,
  type Endpoint,
  type JsonObject,
} from "lictor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { exchange } from "../host/http.ts";
import { read } from "../repository/files.ts";

const text = read("envoy/plain/envoy.yaml");

/** What a configuration holds at a path of names and places. */
function valueAt(configuration: unknown, ...path: (string | number)[]): unknown {
  return path.reduce((value, step) => (value as Record<string | number, unknown>)[step], configuration);
}

const CHAIN = ["static_resources", "listeners", 0, "filter_chains", 0];
const FILTERS = [...CHAIN, "filters", 0, "typed_config", "http_filters"];
const PLUGIN = [...FILTERS, 1, "typed_config", "config"];

/** The document, as it stands there. */
const configuration = valueAt(parse(text), ...PLUGIN, "configuration", "value") as string;
const { seal: secret } = JSON.parse(configuration) as { seal: string };

interface Places {
  wasm: string;
  listen: Endpoint;
  upstream: Endpoint;
}

function built({ wasm, listen, upstream }: Places): JsonObject {
  return bootstrap({
    clusters: [cluster("upstream", upstream)],
    listeners: [
      listener({
        name: "lictor",
        address: listen,
        filters: [peerAddress(), pluginFilter({ wasm, configuration }), seal(secret)],
        upstream: { cluster: "upstream" },
      }),
    ],
  });
}

/** A text of the file with a commented part in force: from the line that begins with `first` to its last. */
function withPart(first: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trim().startsWith(`# ${first}`));
  const length = lines.slice(start).findIndex((line) => !line.trim().startsWith("# "));
  const part = lines.slice(start, start + length).map((line) => line.replace("# ", ""));
  return [...lines.slice(0, start), ...part, ...lines.slice(start + length)].join("\n");
}

test("the file is what the functions build", () => {
  const places = {
    wasm: "build/out/lictor.wasm",
    listen: { host: "127.0.0.1", port: 8000 },
    upstream: { host: "127.0.0.1", port: 8080 },
  };
  expect(parse(text)).toEqual(built(places));
});

test("its part for mutual TLS is what the functions build, with files for texts", () => {
  const tls = downstreamTls({
    certificateChain: "server.crt",
    privateKey: "server.key",
    trustedCa: "clients.crt",
  });
  const file = withPart("transport_socket:").replaceAll("filename: server.", "inline_string: server.");
  const written = valueAt(parse(file.replace("filename: clients.", "inline_string: clients.")), ...CHAIN);
  expect(written).toHaveProperty("transport_socket", tls);
});

test("the versions of Envoy that it and README name are those that are looked for", () => {
  const oldest = /OLDEST_MINOR = (\d+)/.exec(read("cli/envoy/find.ts"))![1]!;
  expect(text).toContain(`1.${oldest} or newer`);
  expect(read("README.md")).toContain(`for Envoy 1.${oldest} or newer`);
  expect(read("README.md")).toContain(`tests run it on ${ENVOY_VERSION}`);
});

describe("on a real Envoy", () => {
  let service: Server;
  let envoy: EnvoyProcess;

  beforeAll(async () => {
    service = createServer((_, answer) => answer.end("served"));
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    const { port } = service.address() as AddressInfo;
    const own = withPart("environment_variables:")
      .replace("build/out/lictor.wasm", JSON.stringify(modulePath()))
      .replace("port_value: 8000", "port_value: 0")
      .replace("port_value: 8080", `port_value: ${port}`);
    envoy = await EnvoyProcess.start(() => parse(own) as JsonObject);
  }, 60_000);

  afterAll(async () => {
    await envoy.stop();
    service.close();
  });

  async function recordOf(line: string): Promise<{ status: number | undefined; record: DecisionRecord }> {
    const before = envoy.output.length;
    const answer = await exchange(await envoy.port("lictor"), [line, "host: orders.shop"]);
    await envoy.until(() => envoy.output.length > before);
    const [record] = parseAccessLine(envoy.output[before]!)!.decisions;
    return { status: answer?.status, record: record as DecisionRecord };
  }

  test("a request that the document allows is served", async () => {
    const { status, record } = await recordOf("GET /orders/1 HTTP/1.1");
    expect(status).toBe(200);
    expect(record).toMatchObject({
      decision: "allow",
      policy: "read-from-this-machine",
      revision: "plain-1",
    });
  });

  test("one that it does not is denied", async () => {
    const { status, record } = await recordOf("POST /orders/1 HTTP/1.1");
    expect(status).toBe(403);
    expect(record).toMatchObject({ decision: "deny", reason: "no_policy_allowed", status: 403 });
  });

  test("metrics have labels", async () => {
    const wanted = [
      'lictor_decisions_total{outcome="allow",reason="allowed"} 1',
      'lictor_decisions_total{outcome="deny",reason="no_policy_allowed"} 1',
      'lictor_policy_decisions_total{policy="read-from-this-machine"} 1',
    ];
    const metrics = async () => (await envoy.admin("/stats/prometheus")).split("\n");
    await envoy.until(async () => (await metrics()).includes(wanted[1]!)).catch(() => undefined);
    expect(await metrics()).toEqual(expect.arrayContaining(wanted));
  });
});

test("without the filter, the seal denies and counts", async () => {
  const file = parse(text.replace("port_value: 8000", "port_value: 0")) as JsonObject;
  const filters = valueAt(file, ...FILTERS) as unknown[];
  filters.splice(1, 1);
  const envoy = await EnvoyProcess.start(() => file);
  try {
    const answer = await exchange(await envoy.port("lictor"), ["GET / HTTP/1.1", "host: orders.shop"]);
    expect(answer?.status).toBe(403);
    expect((await envoy.stats()).get("http.lictor.rbac.lictor_seal_.denied")).toBe(1);
  } finally {
    await envoy.stop();
  }
});
