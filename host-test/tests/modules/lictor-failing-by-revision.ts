/**
 * The filter, but for documents whose revision begins with `fails-in-worker`: of the VMs that configure such a one the
 * first succeeds, which is the canary that Envoy asks, and the next two, those of main thread and worker,
 * fail as one does that runs out of memory. Later ones succeed again.
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

const REVISION = ascii('"revision":"fails-in-worker');
/** Canary, main thread and worker, twice. */
const VMS: u64 = 6;
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
  const number = metricValue(counter) % VMS;
  return (number < 2 || number > 3) && configure(root, configuration);
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
