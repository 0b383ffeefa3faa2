/** proxy-wasm ABI 0.2.1 for AssemblyScript filters. Importing `abort` puts it where `--use` finds it. */
export { ascii } from "./ascii";
export { abort } from "./abort";
export { getBufferBytes } from "./buffers";
export { malloc } from "./callback-memory";
export * from "./callbacks";
export { currentTimeNanoseconds, setTickPeriod } from "./clock";
export { RootContext, StreamContext } from "./contexts";
export * from "./enums";
export {
  onConfigure,
  onDelete,
  onDone,
  onLog,
  onRequestHeaders,
  onResponseHeaders,
  onRootDelete,
  onRootDone,
  onTick,
} from "./handlers";
export {
  addHeaderMapValue,
  getHeaderMapPairs,
  getHeaderMapValue,
  removeHeaderMapValue,
  replaceHeaderMapValue,
} from "./headers";
export {
  ABSENT,
  failureOf,
  hostAddress,
  hostBytes,
  HostBytes,
  hostLength,
  isAbsent,
  isFailed,
  isValue,
} from "./host-bytes";
export { log, logLevel, logs } from "./log";
export { defineMetric, incrementMetric, Metric, metricValue, recordMetric } from "./metrics";
export { MAX_PAIRS, MAX_PAIRS_BYTES, PairsReader, PairsWriter, readPairs, writePairs } from "./pairs";
export { getProperty, setProperty } from "./properties";
export { environmentVariable } from "./environment";
export { fillRandom } from "./random";
export { canEnd, closeStream, sendLocalResponse } from "./reply";
export { isSafeHeaderName, isSafeHeaderValue } from "./safe";
