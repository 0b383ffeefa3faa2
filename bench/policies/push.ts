/** A push in a real Envoy: how soon it is enforced, and how long it holds up requests that are under way. */
import { join } from "node:path";
import { bootstrap, discoveredFilter, EnvoyProcess, listener, modulePath, pushPlugin, seal } from "lictor";
import { median } from "../cpu.ts";
import { exchangeOnce } from "../exchange.ts";

const PUSHES = 9;
const SEAL = "bench-0123456789abcdef";
const LARGE = 10_000;
/** How long requests go on after the push of a large document, in ms. */
const WATCHED_MS = 1_500;

function documentOf(revision: string, allow: boolean, rules: number): string {
  const others = Array.from({ length: rules }, (_, index) => ({
    name: `p${index}`,
    rules: [
      {
        to: [{ operation: { methods: ["GET"], paths: [`/service-${index}/*`] } }],
        when: [{ key: "request.headers[x-team]", values: [`team-${index}`] }],
      },
    ],
  }));
  const open = { name: "open", action: allow ? "ALLOW" : "DENY", rules: [{}] };
  return JSON.stringify({ apiVersion: "lictor/v1", seal: SEAL, revision, policies: [open, ...others] });
}

export interface PushFigures {
  /** From the write of the file to the first request that the new document decides, ms, median. */
  enforcedMs: number;
  /** The longest answer to a request while a document of 10,000 rules is taken, in ms, and otherwise. */
  longestStallMs: number;
  longestQuietMs: number;
}

export async function measurePush(): Promise<PushFigures> {
  const wasm = modulePath();
  let path = "";
  const envoy = await EnvoyProcess.start((folder) => {
    path = join(folder, "ecds.json");
    pushPlugin(path, { wasm, configuration: documentOf("r0", true, 10) });
    const filters = [discoveredFilter(path), seal(SEAL)];
    const upstream = { status: 200, body: "ok\n" };
    return bootstrap({ listeners: [listener({ name: "push", filters, upstream, accessLog: "none" })] });
  });
  try {
    const port = await envoy.port("push");
    const times: number[] = [];
    for (let push = 1; push <= PUSHES; push++) {
      const allow = push % 2 === 0;
      const started = performance.now();
      pushPlugin(path, { wasm, configuration: documentOf(`r${push}`, allow, 10) });
      while ((await exchangeOnce(port)) !== (allow ? 200 : 403));
      times.push(performance.now() - started);
    }
    const longestQuietMs = await longestAnswer(port);
    pushPlugin(path, { wasm, configuration: documentOf("large", true, LARGE) });
    return { enforcedMs: median(times), longestStallMs: await longestAnswer(port), longestQuietMs };
  } finally {
    await envoy.stop();
  }
}

async function longestAnswer(port: number): Promise<number> {
  let longest = 0;
  const end = performance.now() + WATCHED_MS;
  while (performance.now() < end) {
    const started = performance.now();
    await exchangeOnce(port);
    longest = Math.max(longest, performance.now() - started);
  }
  return longest;
}
