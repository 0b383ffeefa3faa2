/** How the demo calls: as a workload through its own Envoy, and as a thief with a workload's key. */
import { request as httpRequest, type ClientRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Mesh } from "./mesh.ts";
import type { Service } from "./policies.ts";

export interface Call {
  method: string;
  path: string;
  token?: string;
}

/** A workload's call: plain HTTP to its Envoy, which adds the identity. The status of the answer. */
export async function callFrom(mesh: Mesh, from: Service, to: Service, call: Call): Promise<number> {
  const port = await mesh.outboundPort(from, to);
  return answerOf(httpRequest({ ...optionsOf(to, call), port }));
}

/** The same from a machine that is no part of the mesh, with the credentials of `stolen`. */
export async function callWithStolen(mesh: Mesh, stolen: Service, to: Service, call: Call): Promise<number> {
  const { certificate, privateKey } = mesh.credentials(stolen);
  const tls = { cert: certificate, key: privateKey, rejectUnauthorized: false, agent: false as const };
  return answerOf(httpsRequest({ ...optionsOf(to, call), ...tls, port: mesh.inboundPort(to) }));
}

function optionsOf(to: Service, { method, path, token }: Call) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { host: "127.0.0.1", method, path, headers: { host: to, ...authorization } };
}

function answerOf(outgoing: ClientRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    outgoing.on("response", (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
