/** The test module on the SDK, in the host. */
import { fileURLToPath } from "node:url";
import { Host, type Stream } from "lictor-host";

export const SDK_MODULE = fileURLToPath(new URL("../../../build/out/modules/sdk.wasm", import.meta.url));

/** One character a byte. */
export interface PairText {
  name: string;
  value: string;
}

export type State = { [name: string]: string | Buffer };

let shared: Host | undefined;

/** One host for all calls of a file: contexts and memory are reused as in a proxy. */
export async function sharedHost(): Promise<Host> {
  shared ??= await Host.load(SDK_MODULE, { configuration: "{}" });
  return shared;
}

/** Runs an operation of the module on `state`; the stream after its end. */
export async function run(operation: string, state: State): Promise<Stream> {
  const host = await sharedHost();
  const stream = host.request(
    [
      [":path", "/"],
      ["x-op", operation],
    ],
    { properties: { filter_state: state } },
  );
  return stream as Stream;
}

/** What an operation logged before the log callback. */
export async function call(operation: string, state: State): Promise<string[]> {
  const stream = await run(operation, state);
  return stream.logs.slice(0, -1).map((line) => line.message);
}

/** A map on the wire; see the SDK's `pairs.ts`. */
export function encode(pairs: readonly PairText[]): Buffer {
  const head = [pairs.length, ...pairs.flatMap(({ name, value }) => [name.length, value.length])];
  const lengths = Buffer.from(Uint32Array.from(head).buffer);
  const texts = pairs.map(({ name, value }) => Buffer.from(`${name}\0${value}\0`, "latin1"));
  return Buffer.concat([lengths, ...texts]);
}
