/**
 * The numbers of proxy-wasm ABI 0.2.1, as far as an HTTP filter meets them.
 * https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.1
 */

/** The answer of a host call. A host may answer with other numbers: they are failures too. */
export const enum Status {
  OK = 0,
  NOT_FOUND = 1,
  BAD_ARGUMENT = 2,
  SERIALIZATION_FAILURE = 3,
  PARSE_FAILURE = 4,
  INVALID_MEMORY_ACCESS = 6,
  EMPTY = 7,
  CAS_MISMATCH = 8,
  INTERNAL_FAILURE = 10,
  UNIMPLEMENTED = 12,
}

/** What a header callback asks the host to do next. */
export const enum Action {
  CONTINUE = 0,
  PAUSE = 1,
}

export const enum LogLevel {
  TRACE = 0,
  DEBUG = 1,
  INFO = 2,
  WARN = 3,
  ERROR = 4,
  CRITICAL = 5,
  /** Only ever an answer of the host: nothing is logged. */
  OFF = 6,
}

export const enum MapType {
  REQUEST_HEADERS = 0,
  REQUEST_TRAILERS = 1,
  RESPONSE_HEADERS = 2,
  RESPONSE_TRAILERS = 3,
}

export const enum BufferType {
  REQUEST_BODY = 0,
  RESPONSE_BODY = 1,
  VM_CONFIGURATION = 6,
  PLUGIN_CONFIGURATION = 7,
}

export const enum StreamType {
  REQUEST = 0,
  RESPONSE = 1,
}

export const enum MetricType {
  COUNTER = 0,
  GAUGE = 1,
  HISTOGRAM = 2,
}

/** `grpcStatus` of a local response that leaves the mapping from the HTTP status to the host. */
export const GRPC_STATUS_FROM_HTTP: u32 = 0xffffffff;
