/** The proxy-wasm host on Node's own engine: Envoy's behaviour, for tests and for the command line. */
export { Double, type Attribute, type AttributeMap } from "./attributes.ts";
export { toBytes, toText, type ByteText } from "./bytes.ts";
export type { ManualClock } from "./clock.ts";
export { ConfigurationRefused, EnvoyCrash, LoadError, NotImplemented } from "./errors.ts";
export type { HeaderLine } from "./headers.ts";
export { Host, type HostOptions, type Push, type RequestOptions } from "./host.ts";
export type { LogLine } from "./log.ts";
export type { MetricStore } from "./metrics.ts";
export { PassedBy } from "./passed-by.ts";
export { mutualTls, type Properties } from "./properties.ts";
export type { Reply } from "./reply.ts";
export type { LogLevel } from "./status.ts";
export { Stream } from "./stream.ts";
