/** Metrics. They belong to the whole proxy; ids belong to one VM. */
import { proxy_define_metric, proxy_get_metric, proxy_increment_metric, proxy_record_metric } from "./abi";
import { MetricType, Status } from "./enums";
import { failed, failureOf, isFailed } from "./host-bytes";
import { returnedNumber } from "./results";

/** A metric's id, or a failure as in `HostBytes`: `isFailed`, `failureOf`. */
export type Metric = u64;

/**
 * Defines a metric or finds it. Hosts make a new id at every call: once a VM, not once a request, and
 * not at module start, where hosts forbid it.
 */
export function defineMetric(type: MetricType, name: usize, nameLength: u32): Metric {
  store<u32>(returnedNumber, 0);
  const status = proxy_define_metric(type, name, nameLength, returnedNumber);
  if (status != Status.OK) return failed(status);
  const id = load<u32>(returnedNumber);
  return id == 0 ? failed(Status.INTERNAL_FAILURE) : <u64>id;
}

/** Adds to a counter (more than 0) or a gauge. */
export function incrementMetric(metric: Metric, offset: i64): Status {
  if (isFailed(metric)) return failureOf(metric);
  return proxy_increment_metric(<u32>metric, offset);
}

/** Sets a gauge, records into a histogram, adds to a counter. */
export function recordMetric(metric: Metric, value: u64): Status {
  if (isFailed(metric)) return failureOf(metric);
  return proxy_record_metric(<u32>metric, value);
}

/** The value of a counter or gauge; 0 where the host does not say. */
export function metricValue(metric: Metric): u64 {
  store<u64>(returnedNumber, 0);
  if (isFailed(metric) || proxy_get_metric(<u32>metric, returnedNumber) != Status.OK) return 0;
  return load<u64>(returnedNumber);
}
