/**
 * A filter that configures once and fails from the second time on, as one does whose worker runs out
 * of memory: Envoy asks a canary first, is satisfied, and then leaves the filter out of the workers.
 */
import {
  Action,
  HostBytes,
  MetricType,
  RootContext,
  StreamContext,
  ascii,
  defineMetric,
  hostAddress,
  hostLength,
  incrementMetric,
  metricValue,
  onConfigure,
  onRequestHeaders,
} from "proxy-wasm-assemblyscript-sdk";

const CONFIGURED = ascii("demo_configured_total");

/** Counters are the proxy's, so that all VMs of one module see the same. */
onConfigure((root: RootContext, configuration: HostBytes): bool => {
  const counter = defineMetric(MetricType.COUNTER, hostAddress(CONFIGURED), hostLength(CONFIGURED));
  incrementMetric(counter, 1);
  return metricValue(counter) < 2;
});

onRequestHeaders((stream: StreamContext, count: u32, endOfStream: bool): Action => Action.CONTINUE);

export {
  malloc,
  proxy_abi_version_0_2_1,
  proxy_on_configure,
  proxy_on_context_create,
  proxy_on_delete,
  proxy_on_request_headers,
} from "proxy-wasm-assemblyscript-sdk";
