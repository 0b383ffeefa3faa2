/**
 * Three services on loopback, each behind an Envoy of its own: an inbound listener with mutual TLS,
 * the filter and the seal in front of the application, and an outbound listener for each other
 * service that shows this workload's certificate.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  bootstrap,
  cluster,
  discoveredFilter,
  downstreamTls,
  EnvoyFailed,
  EnvoyProcess,
  listener,
  mintAuthority,
  mintCertificate,
  parseAccessLine,
  pushAndWait,
  pushPlugin,
  peerAddress,
  seal,
  upstreamTls,
  type AccessLine,
  type Credentials,
  type JsonObject,
  type Plugin,
  type PushResult,
} from "lictor";
import { SERVICES, spiffeId, type Service } from "./policies.ts";
import { freePorts } from "./ports.ts";

export interface MeshOptions {
  /** The path of the filter. */
  wasm: string;
  seal: string;
  documentOf: (service: Service) => string;
  /** Where the services listen; default ports that are free. */
  ports?: (count: number) => Promise<number[]>;
  progress: (line: string) => void;
}

/** One line of a service's access log. */
export interface Logged {
  service: Service;
  line: AccessLine;
}

interface Workload {
  credentials: Credentials;
  inboundPort: number;
  envoy: EnvoyProcess;
}

export class Mesh {
  /** Every request that reached a service's Envoy, in the order of their log lines. */
  readonly log: Logged[] = [];
  readonly #options: MeshOptions;
  readonly #workloads = new Map<Service, Workload>();
  readonly #applications: Server[] = [];

  private constructor(options: MeshOptions) {
    this.#options = options;
  }

  /** Throws `EnvoyNotFound`, or `EnvoyFailed` where Envoy does not start the second time either. */
  static async start(options: MeshOptions): Promise<Mesh> {
    try {
      return await Mesh.#startOnce(options);
    } catch (error) {
      if (!(error instanceof EnvoyFailed)) throw error;
      // Somebody may have taken one of the ports that were free.
      return Mesh.#startOnce(options);
    }
  }

  static async #startOnce(options: MeshOptions): Promise<Mesh> {
    const mesh = new Mesh(options);
    try {
      const authority = await mintAuthority("demo.mesh");
      const ports = await (options.ports ?? freePorts)(SERVICES.length);
      const inbound = new Map(SERVICES.map((service, index) => [service, ports[index]!]));
      for (const service of SERVICES) await mesh.#add(service, authority, inbound);
      return mesh;
    } catch (error) {
      await mesh.stop();
      throw error;
    }
  }

  async #add(service: Service, authority: Credentials & { name: string }, inbound: Map<Service, number>) {
    const credentials = await mintCertificate(authority, { uris: [spiffeId(service)], dns: [service] });
    const identity = {
      certificateChain: credentials.certificate,
      privateKey: credentials.privateKey,
      trustedCa: authority.certificate,
    };
    const application = await startApplication(service);
    this.#applications.push(application);
    const others = SERVICES.filter((other) => other !== service);
    const outboundCluster = (other: Service): JsonObject =>
      cluster(other, { host: "127.0.0.1", port: inbound.get(other)! }, upstreamTls(identity, other));
    const outboundListener = (other: Service): JsonObject =>
      listener({ name: `to-${other}`, filters: [], upstream: { cluster: other }, accessLog: "none" });
    const envoy = await EnvoyProcess.start(
      (folder) => {
        pushPlugin(ecdsFile(folder), this.#plugin(service));
        return bootstrap({
          node: service,
          clusters: [cluster("application", addressOf(application)), ...others.map(outboundCluster)],
          listeners: [
            listener({
              name: "inbound",
              address: { host: "127.0.0.1", port: inbound.get(service)! },
              filters: [peerAddress(), discoveredFilter(ecdsFile(folder)), seal(this.#options.seal)],
              upstream: { cluster: "application" },
              transportSocket: downstreamTls(identity),
            }),
            ...others.map(outboundListener),
          ],
        });
      },
      { progress: this.#options.progress, onOutput: (text) => this.#note(service, text) },
    );
    this.#workloads.set(service, { credentials, inboundPort: inbound.get(service)!, envoy });
  }

  #note(service: Service, text: string): void {
    const line = parseAccessLine(text);
    if (line !== undefined) this.log.push({ service, line });
  }

  #plugin(service: Service): Plugin {
    return { wasm: this.#options.wasm, configuration: this.#options.documentOf(service) };
  }

  #workload(service: Service): Workload {
    const workload = this.#workloads.get(service);
    if (workload === undefined) throw new Error(`${service} is not there`);
    return workload;
  }

  /** What a thief gets who reads a workload's disk. */
  credentials(service: Service): Credentials {
    return this.#workload(service).credentials;
  }

  /** Where `service` takes requests, mutual TLS only. */
  inboundPort(service: Service): number {
    return this.#workload(service).inboundPort;
  }

  /** Where `from` sends what is for `to`: plain HTTP on loopback, mutual TLS from its Envoy on. */
  outboundPort(from: Service, to: Service): Promise<number> {
    return this.#workload(from).envoy.port(`to-${to}`);
  }

  /** Pushes the service's document as `documentOf` gives it now, or another plugin. */
  push(service: Service, plugin: Plugin = this.#plugin(service)): Promise<PushResult> {
    const { envoy } = this.#workload(service);
    return pushAndWait(envoy, ecdsFile(envoy.folder), plugin);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#workloads.values()].map(({ envoy }) => envoy.stop()));
    for (const application of this.#applications) {
      application.closeAllConnections();
      application.close();
    }
  }
}

function ecdsFile(folder: string): string {
  return join(folder, "lictor.ecds.json");
}

/** A service that does what it is asked: who may ask is none of its business. */
async function startApplication(service: Service): Promise<Server> {
  const server = createServer((request, response) => {
    response.end(`${service}: ${request.method} ${request.url} done\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function addressOf(server: Server): { host: string; port: number } {
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}
