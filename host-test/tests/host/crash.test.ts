/** What kills a whole Envoy is an error of its own on the host. */
import { bootstrap, EnvoyProcess, listener, pluginFilter } from "lictor";
import { EnvoyCrash, Host } from "lictor-host";
import { expect, test } from "vitest";
import { PROBE } from "./contract.ts";
import { exchange } from "./http.ts";

/** As a shell says it: killed by SIGSEGV. */
const SEGMENTATION_FAULT = 139;

const crashes: Record<string, string[]> = {
  "a local response from the log callback": ["log reply 403 d b -1"],
  "a local response from the done callback": ["done reply 403 d b -1"],
  "a local response from the delete callback": ["delete reply 403 d b -1"],
  "close_stream from the log callback": ["log close 0"],
  "close_stream from the done callback": ["done close 0"],
  "close_stream from the delete callback": ["delete close 0"],
  "close_stream twice from request headers": ["request close 0", "request close 0"],
  "close_stream twice from response headers": ["response close 1", "response close 1"],
};

test.each(Object.entries(crashes))("%s crashes Envoy, and the host says so", async (_name, lines) => {
  const configuration = ["probe", ...lines].join("\n");
  const host = await Host.load(PROBE, { configuration });
  expect(() => host.request([[":path", "/"]])).toThrow(EnvoyCrash);

  const envoy = await EnvoyProcess.start(() =>
    bootstrap({
      listeners: [
        listener({
          name: "l",
          filters: [pluginFilter({ wasm: PROBE, configuration })],
          upstream: { status: 200, body: "" },
        }),
      ],
    }),
  );
  try {
    // A stream that was closed twice crashes Envoy when its client leaves.
    await exchange(await envoy.port("l"), ["GET / HTTP/1.1", "Host: a.test"], 300);
    expect(await envoy.ended).toBe(SEGMENTATION_FAULT);
  } finally {
    await envoy.stop();
  }
});
