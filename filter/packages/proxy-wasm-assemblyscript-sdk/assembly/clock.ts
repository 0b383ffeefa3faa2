import { proxy_get_current_time_nanoseconds, proxy_set_tick_period_milliseconds } from "./abi";
import { Status } from "./enums";
import { returnedNumber } from "./results";

/** Nanoseconds since the Unix epoch; 0 where the host does not say. */
export function currentTimeNanoseconds(): u64 {
  store<u64>(returnedNumber, 0);
  if (proxy_get_current_time_nanoseconds(returnedNumber) != Status.OK) return 0;
  return load<u64>(returnedNumber);
}

/** How often `onTick` runs for the root context at hand; 0 stops it. Not at module start. */
export function setTickPeriod(milliseconds: u32): Status {
  return proxy_set_tick_period_milliseconds(milliseconds);
}
