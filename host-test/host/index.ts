/** The proxy-wasm host on Node's own engine or on wasmtime: Envoy's behavior, for tests and for the command line. */
export { Double, type Attribute, type AttributeMap } from "./attributes.ts";
export { toBytes, toText, type ByteText } from "./bytes.ts";
export type { ManualClock } from "./clock.ts";
export { ConfigurationRefused, EnvoyCrash, LoadError, NotImplemented } from "./errors.ts";
export type { HeaderLine } from "./headers.ts";
export {
  findWasmtime,
  WASMTIME_VERSION,
  WasmtimeNotFound,
  type FindWasmtimeOptions,
} from "./find-wasmtime.ts";
export { Host, type EngineName, type HostOptions, type Push, type RequestOptions } from "./host.ts";
export type { LogLine } from "./log.ts";
export type { MetricStore } from "./metrics.ts";
export { PassedBy } from "./passed-by.ts";
export { mutualTls, type Properties } from "./properties.ts";
export type { Reply } from "./reply.ts";
export type { LogLevel } from "./status.ts";
export { Stream } from "./stream.ts";
export { cachedPath, FetchFailed, fetchWheel, type FetchOptions, type Wheel } from "./wheel.ts";
