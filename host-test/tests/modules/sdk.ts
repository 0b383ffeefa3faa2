/**
 * The SDK from inside, one function an `x-op` header: it works on filter state `a`, `b` and `c` that
 * the test gives, and logs what came out.
 */
import {
  Action,
  addHeaderMapValue,
  ascii,
  closeStream,
  failureOf,
  getHeaderMapPairs,
  getHeaderMapValue,
  getProperty,
  GRPC_STATUS_FROM_HTTP,
  hostAddress,
  hostBytes,
  HostBytes,
  hostLength,
  isAbsent,
  isFailed,
  isValue,
  log,
  LogLevel,
  logs,
  malloc,
  MapType,
  onConfigure,
  onDelete,
  onLog,
  onRequestHeaders,
  onResponseHeaders,
  readPairs,
  replaceHeaderMapValue,
  RootContext,
  sendLocalResponse,
  setProperty,
  StreamContext,
  StreamType,
  writePairs,
} from "proxy-wasm-assemblyscript-sdk";

export {
  malloc,
  proxy_abi_version_0_2_1,
  proxy_on_configure,
  proxy_on_context_create,
  proxy_on_delete,
  proxy_on_log,
  proxy_on_request_headers,
  proxy_on_response_headers,
  proxy_on_tick,
} from "proxy-wasm-assemblyscript-sdk";

const OPERATION = ascii("x-op");
const A = ascii("filter_state\0a");
const B = ascii("filter_state\0b");
const C = ascii("filter_state\0c");
const ABSENT_TEXT = ascii("absent");
const FAILED_TEXT = ascii("failed ");
const VALUE_TEXT = ascii("value ");
const MALFORMED_TEXT = ascii("malformed");
const DIGITS = ascii("0123456789");
const REFUSED = ascii("refuse");
const NOTHING = ascii("");

function get(path: HostBytes): HostBytes {
  return getProperty(hostAddress(path), hostLength(path));
}

function say(bytes: HostBytes): void {
  if (logs(LogLevel.INFO)) log(LogLevel.INFO, hostAddress(bytes), hostLength(bytes));
}

/** A number below 100. */
function sayNumber(prefix: HostBytes, value: u32): void {
  const line = malloc(hostLength(prefix) + 2);
  memory.copy(line, hostAddress(prefix), hostLength(prefix));
  const digits = line + hostLength(prefix);
  store<u8>(digits, load<u8>(hostAddress(DIGITS) + value / 10));
  store<u8>(digits + 1, load<u8>(hostAddress(DIGITS) + (value % 10)));
  log(LogLevel.INFO, line, hostLength(prefix) + 2);
}

/** Whether each of two attempts went through: `1` or `0` each. */
function sayOutcomes(first: bool, second: bool): void {
  sayNumber(NOTHING, (first ? 10 : 0) + (second ? 1 : 0));
}

function deny(stream: StreamContext, headers: HostBytes): bool {
  const details = get(A);
  return sendLocalResponse(
    stream,
    403,
    hostAddress(details),
    hostLength(details),
    0,
    0,
    hostAddress(headers),
    hostLength(headers),
    GRPC_STATUS_FROM_HTTP,
  );
}

function rewrite(map: HostBytes): void {
  const reader = readPairs(map);
  if (reader.malformed) {
    say(MALFORMED_TEXT);
    return;
  }
  const capacity = hostLength(map) + 4;
  const writer = writePairs(malloc(capacity), capacity, reader.count);
  while (reader.next()) writer.add(reader.name, reader.value);
  say(writer.finish());
}

function sayKind(bytes: HostBytes): void {
  if (isAbsent(bytes)) say(ABSENT_TEXT);
  else if (isFailed(bytes)) sayNumber(FAILED_TEXT, failureOf(bytes));
  else if (isValue(bytes)) sayNumber(VALUE_TEXT, min(hostLength(bytes), 99));
}

onConfigure((_root: RootContext, configuration: HostBytes): bool => {
  return hostLength(configuration) != hostLength(REFUSED);
});

onRequestHeaders((stream: StreamContext, _count: u32, _endOfStream: bool): Action => {
  const operation = getHeaderMapValue(MapType.REQUEST_HEADERS, hostAddress(OPERATION), hostLength(OPERATION));
  if (hostLength(operation) == 0) return Action.CONTINUE;
  const a = get(A);
  const b = get(B);
  switch (load<u8>(hostAddress(operation))) {
    case 0x70: // p: pairs, read and written again
      rewrite(a);
      break;
    case 0x68: // h: the same with the request's own headers
      rewrite(getHeaderMapPairs(MapType.REQUEST_HEADERS));
      break;
    case 0x6f: {
      // o: one pair into a buffer of c bytes
      const capacity = hostLength(get(C));
      const writer = writePairs(malloc(capacity), capacity, 1);
      writer.add(a, b);
      sayKind(writer.finish());
      break;
    }
    case 0x6b: // k: which kind of answer
      sayKind(a);
      sayKind(getProperty(hostAddress(b), hostLength(b)));
      break;
    case 0x61: // a: add and replace
      sayNumber(
        NOTHING,
        10 * addHeaderMapValue(0, hostAddress(a), hostLength(a), hostAddress(b), hostLength(b)) +
          replaceHeaderMapValue(0, hostAddress(a), hostLength(a), hostAddress(b), hostLength(b)),
      );
      break;
    case 0x73: // s: set
      sayNumber(
        NOTHING,
        setProperty(hostAddress(OPERATION), hostLength(OPERATION), hostAddress(a), hostLength(a)),
      );
      break;
    case 0x72: // r: reply with headers b, twice
      sayOutcomes(deny(stream, isValue(b) ? b : hostBytes(0, 0)), deny(stream, hostBytes(0, 0)));
      break;
    case 0x63: // c: close, twice
      sayOutcomes(closeStream(stream, StreamType.REQUEST), closeStream(stream, StreamType.RESPONSE));
      break;
    case 0x6d: {
      // m: the bytes of c as a size, asked of malloc
      const address = malloc(load<u32>(hostAddress(get(C))));
      sayOutcomes(address != 0, (address & 15) == 0);
      break;
    }
    case 0x74: // t: only from the response, or later
      stream.data = 1;
      break;
  }
  return Action.CONTINUE;
});

onResponseHeaders((stream: StreamContext, _count: u32, _endOfStream: bool): Action => {
  if (stream.data == 1) sayOutcomes(deny(stream, hostBytes(0, 0)), closeStream(stream, StreamType.RESPONSE));
  return Action.CONTINUE;
});

onLog((stream: StreamContext): void => {
  sayOutcomes(deny(stream, hostBytes(0, 0)), closeStream(stream, StreamType.REQUEST));
});

onDelete((stream: StreamContext): void => {
  stream.data = 0;
});
