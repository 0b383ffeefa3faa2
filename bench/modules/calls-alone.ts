/**
 * The calls of the proxy that Lictor makes for a request with a cached token, and nothing else: what is
 * left of its cost when no filter could do less.
 */
import {
  Action,
  HostBytes,
  MapType,
  Metric,
  MetricType,
  RootContext,
  StreamContext,
  ascii,
  currentTimeNanoseconds,
  defineMetric,
  getHeaderMapPairs,
  hostAddress,
  hostLength,
  incrementMetric,
  onConfigure,
  onRequestHeaders,
  removeHeaderMapValue,
  setProperty,
} from "proxy-wasm-assemblyscript-sdk";

const COUNTER = ascii("bench_calls_total");
const AUTHORIZATION = ascii("authorization");
const RECORD_NAME = ascii("lictor.decision");

/** As long as Lictor's records of the benchmark. */
const RECORD_BYTES: u32 = 432;
const RECORD = memory.data(RECORD_BYTES);

let counter: Metric = 0;

onConfigure((root: RootContext, configuration: HostBytes): bool => {
  counter = defineMetric(MetricType.COUNTER, hostAddress(COUNTER), hostLength(COUNTER));
  memory.fill(RECORD, 0x61, RECORD_BYTES);
  return true;
});

onRequestHeaders((stream: StreamContext, count: u32, endOfStream: bool): Action => {
  getHeaderMapPairs(MapType.REQUEST_HEADERS);
  currentTimeNanoseconds();
  removeHeaderMapValue(MapType.REQUEST_HEADERS, hostAddress(AUTHORIZATION), hostLength(AUTHORIZATION));
  // The decision's reason, and the policy.
  incrementMetric(counter, 1);
  incrementMetric(counter, 1);
  setProperty(hostAddress(RECORD_NAME), hostLength(RECORD_NAME), RECORD, RECORD_BYTES);
  return Action.CONTINUE;
});

export {
  malloc,
  proxy_abi_version_0_2_1,
  proxy_on_configure,
  proxy_on_context_create,
  proxy_on_delete,
  proxy_on_request_headers,
} from "proxy-wasm-assemblyscript-sdk";
