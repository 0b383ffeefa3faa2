/** The numbers of proxy-wasm ABI 0.2.1 that the host uses. */
export const Status = {
  OK: 0,
  NOT_FOUND: 1,
  BAD_ARGUMENT: 2,
  SERIALIZATION_FAILURE: 3,
  INVALID_MEMORY_ACCESS: 6,
  INTERNAL_FAILURE: 10,
} as const;

export const MapType = { REQUEST_HEADERS: 0, RESPONSE_HEADERS: 2 } as const;

export const BufferType = { PLUGIN_CONFIGURATION: 7 } as const;

export const MetricType = { COUNTER: 0, GAUGE: 1, HISTOGRAM: 2 } as const;

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "critical"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Ends a host call with a status other than `OK`; never leaves the host. */
export class CallFailed extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}
