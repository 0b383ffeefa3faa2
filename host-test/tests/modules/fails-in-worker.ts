/**
 * The filter, but for one document: where its name is the revision, only the first VM that configures it
 * succeeds, which is the canary that Envoy asks. The others, those of main thread and workers, fail as one
 * does that runs out of memory.
 */
import {
  HostBytes,
  MetricType,
  RootContext,
  ascii,
  defineMetric,
  hostAddress,
  hostLength,
  incrementMetric,
  metricValue,
  onConfigure,
  onRequestHeaders,
  onRootDelete,
} from "proxy-wasm-assemblyscript-sdk";
import { configure, forget } from "../../../filter/assembly/host/configure";
import { handleRequest } from "../../../filter/assembly/host/stream";

const REVISION = ascii('"revision":"fails-in-worker"');
const CONFIGURED = ascii("test_configured_total");

function isMeant(configuration: HostBytes): bool {
  const length = hostLength(REVISION);
  for (let at: u32 = 0; at + length <= hostLength(configuration); at++) {
    if (memory.compare(hostAddress(configuration) + at, hostAddress(REVISION), length) == 0) return true;
  }
  return false;
}

onConfigure((root: RootContext, configuration: HostBytes): bool => {
  if (!isMeant(configuration)) return configure(root, configuration);
  // Counters are the proxy's, so that all VMs of one module see the same.
  const counter = defineMetric(MetricType.COUNTER, hostAddress(CONFIGURED), hostLength(CONFIGURED));
  incrementMetric(counter, 1);
  return metricValue(counter) < 2 && configure(root, configuration);
});
onRequestHeaders(handleRequest);
onRootDelete(forget);

export {
  malloc,
  proxy_abi_version_0_2_1,
  proxy_on_configure,
  proxy_on_context_create,
  proxy_on_delete,
  proxy_on_request_headers,
} from "proxy-wasm-assemblyscript-sdk";
