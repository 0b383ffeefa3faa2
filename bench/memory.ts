import { Host } from "lictor-host";

const WARM_UP_REQUESTS = 100;
const REQUESTS = 2000;

/** Pages of 64 KiB by which the filter's memory grows over requests, after warm-up. */
export async function pagesGrown(wasm: string, document: string, token: string): Promise<number> {
  const host = await Host.load(wasm, { configuration: document, nowMs: Date.now() });
  const send = (count: number) => {
    for (let index = 0; index < count; index++) {
      host.request([
        [":method", "GET"],
        [":path", `/orders/${index}`],
        [":authority", "orders.shop"],
        ["authorization", `Bearer ${token}`],
      ]);
    }
  };
  send(WARM_UP_REQUESTS);
  const before = host.pages(0);
  send(REQUESTS);
  return host.pages(0) - before;
}
