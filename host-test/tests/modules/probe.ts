/**
 * A filter that does what its configuration says and logs every answer, so that one script can be
 * run on Envoy and on the host and the answers compared. It calls the host directly: what the SDK's
 * guards would refuse is what most scripts are about.
 *
 * The configuration: a name, then lines `CALLBACK OPERATION ARGUMENT…`, separated by single spaces,
 * with `%XX` for any byte. Each operation logs `NAME CALLBACK OPERATION ANSWER`.
 */
import {
  Action,
  hostAddress,
  HostBytes,
  hostLength,
  onConfigure,
  onDelete,
  onDone,
  onLog,
  onRequestHeaders,
  onResponseHeaders,
  onRootDelete,
  onRootDone,
  onTick,
  RootContext,
  malloc as allocate,
  StreamContext,
} from "proxy-wasm-assemblyscript-sdk";
import {
  argument,
  argumentAt,
  argumentCount,
  argumentLength,
  isWord,
  numberAt,
  splitLine,
} from "./probe/script";
import { flush, write, writeBytes, writeNumber, writeText } from "./probe/output";
import * as host from "./probe/host";

export {
  proxy_abi_version_0_2_1,
  proxy_on_configure,
  proxy_on_context_create,
  proxy_on_delete,
  proxy_on_done,
  proxy_on_log,
  proxy_on_request_headers,
  proxy_on_response_headers,
  proxy_on_tick,
  proxy_on_vm_start,
} from "proxy-wasm-assemblyscript-sdk";

const ADDRESS: usize = memory.data(8, 8);
const SIZE: usize = memory.data(8, 8);
const NUMBER: usize = memory.data(8, 8);
const PAIRS: usize = memory.data(4096);

/** What `malloc` does: 0 its work, 1 answer 0, 2 trap, 3 a call that is not allowed there. */
let mallocMode: i32 = 0;
let metric: u32 = 0;
let result: i32 = 0;

export function malloc(size: usize): usize {
  if (mallocMode == 1) return 0;
  if (mallocMode == 2) unreachable();
  if (mallocMode == 3) host.proxy_get_current_time_nanoseconds(NUMBER);
  return allocate(size);
}

/** The script, copied: a root's `data` is its address, behind its length. */
function keep(configuration: HostBytes): usize {
  const length = hostLength(configuration);
  const start = (<usize>memory.grow((length + 4 + 65535) >> 16)) << 16;
  store<u32>(start, length);
  memory.copy(start + 4, hostAddress(configuration), length);
  return start;
}

/** Runs the lines of `callback`; what `return` said, else `byDefault`. */
function run(root: RootContext, callback: string, byDefault: i32): i32 {
  const start = root.data + 4;
  const end = start + load<u32>(root.data);
  let line = start;
  let lineEnd = endOfLine(line, end);
  const name = line;
  const nameLength = <u32>(lineEnd - line);
  result = byDefault;
  while (lineEnd < end) {
    line = lineEnd + 1;
    lineEnd = endOfLine(line, end);
    splitLine(line, lineEnd);
    if (argumentCount < 2 || !isWord(0, callback)) continue;
    writeBytes(name, nameLength);
    write(0x20);
    writeText(callback);
    write(0x20);
    writeBytes(argumentAt(1), argumentLength(1));
    operate();
    flush();
  }
  return result;
}

function endOfLine(from: usize, end: usize): usize {
  while (from < end && load<u8>(from) != 0x0a) from++;
  return from;
}

function status(answer: i32): void {
  write(0x20);
  writeNumber(answer);
}

/** The bytes that a call returned. */
function returned(answer: i32): void {
  status(answer);
  if (answer != 0) return;
  write(0x20);
  writeNumber(load<u32>(SIZE));
  write(0x20);
  writeBytes(load<u32>(ADDRESS), load<u32>(SIZE));
}

function operate(): void {
  store<u32>(ADDRESS, 0);
  store<u32>(SIZE, 0);
  store<u64>(NUMBER, 0);
  const second = argument(2);
  const secondSize = argumentLength(2);
  if (isWord(1, "pairs")) returned(host.proxy_get_header_map_pairs(numberAt(2), ADDRESS, SIZE));
  else if (isWord(1, "value")) {
    returned(host.proxy_get_header_map_value(numberAt(2), argument(3), argumentLength(3), ADDRESS, SIZE));
  } else if (isWord(1, "add")) {
    status(
      host.proxy_add_header_map_value(
        numberAt(2),
        argument(3),
        argumentLength(3),
        argument(4),
        argumentLength(4),
      ),
    );
  } else if (isWord(1, "replace")) {
    status(
      host.proxy_replace_header_map_value(
        numberAt(2),
        argument(3),
        argumentLength(3),
        argument(4),
        argumentLength(4),
      ),
    );
  } else if (isWord(1, "remove")) {
    status(host.proxy_remove_header_map_value(numberAt(2), argument(3), argumentLength(3)));
  } else if (isWord(1, "property")) returned(host.proxy_get_property(second, secondSize, ADDRESS, SIZE));
  else if (isWord(1, "propertySize")) {
    status(host.proxy_get_property(second, secondSize, ADDRESS, SIZE));
    status(load<u32>(SIZE));
  } else if (isWord(1, "set")) {
    status(host.proxy_set_property(second, secondSize, argument(3), argumentLength(3)));
  } else if (isWord(1, "buffer")) {
    returned(host.proxy_get_buffer_bytes(numberAt(2), numberAt(3), numberAt(4), ADDRESS, SIZE));
  } else if (isWord(1, "reply")) status(reply());
  else if (isWord(1, "replyPairs")) status(replyPairs(numberAt(2), numberAt(3), numberAt(4)));
  else if (isWord(1, "close")) status(host.proxy_close_stream(numberAt(2)));
  else if (isWord(1, "define")) {
    status(host.proxy_define_metric(numberAt(2), argument(3), argumentLength(3), NUMBER));
    metric = load<u32>(NUMBER);
  } else if (isWord(1, "increment")) status(host.proxy_increment_metric(metric, numberAt(2)));
  else if (isWord(1, "record")) status(host.proxy_record_metric(metric, numberAt(2)));
  else if (isWord(1, "metric")) {
    status(host.proxy_get_metric(metric, NUMBER));
    status(load<i32>(NUMBER));
  } else if (isWord(1, "log")) status(host.proxy_log(numberAt(2), argument(3), argumentLength(3)));
  else if (isWord(1, "logAt")) status(host.proxy_log(2, numberAt(2), numberAt(3)));
  else if (isWord(1, "level")) {
    status(host.proxy_get_log_level(NUMBER));
    status(load<i32>(NUMBER));
  } else if (isWord(1, "period")) status(host.proxy_set_tick_period_milliseconds(numberAt(2)));
  else if (isWord(1, "malloc")) mallocMode = numberAt(2);
  else if (isWord(1, "return")) result = numberAt(2);
  else if (isWord(1, "trap")) unreachable();
  else if (isWord(1, "trapUnlessFailed")) {
    if (result != 0) unreachable();
  } else if (isWord(1, "recurse")) status(recurse(1));
  else if (isWord(1, "failFrom")) failFrom(second, secondSize, numberAt(3));
}

/** `reply STATUS DETAILS BODY GRPC_STATUS [NAME VALUE]…` */
function reply(): i32 {
  const count = (argumentCount - 6) / 2;
  let at = PAIRS + 4 + count * 8;
  store<u32>(PAIRS, count);
  for (let i = 0; i < count; i++) {
    for (let part = 0; part < 2; part++) {
      const length = argumentLength(6 + i * 2 + part);
      store<u32>(PAIRS + 4 + i * 8 + part * 4, length);
      memory.copy(at, argument(6 + i * 2 + part), length);
      store<u8>(at + length, 0);
      at += length + 1;
    }
  }
  return host.proxy_send_local_response(
    numberAt(2),
    argument(3),
    argumentLength(3),
    argument(4),
    argumentLength(4),
    PAIRS,
    at - PAIRS,
    numberAt(5),
  );
}

/** `replyPairs COUNT SIZE STRAY`: 403 with headers `h: v…v`, COUNT times SIZE bytes, and STRAY bytes behind. */
function replyPairs(count: u32, size: u32, stray: u32): i32 {
  const start = (<usize>memory.grow((count * (size + 11) + 4 + stray + 65535) >> 16)) << 16;
  let at = start + 4 + count * 8;
  store<u32>(start, count);
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(start + 4 + i * 8, 1);
    store<u32>(start + 8 + i * 8, size);
    store<u8>(at, 0x68);
    memory.fill(at + 2, 0x76, size);
    at += size + 3;
  }
  return host.proxy_send_local_response(403, 0, 0, 0, 0, start, at + stray - start, -1);
}

function recurse(depth: i32): i32 {
  store<i32>(NUMBER, depth);
  return recurse(depth + 1) + load<i32>(NUMBER);
}

/** `failFrom GAUGE N`: answers 1, and from the N-th time on in this proxy 0 (in configure: refuses). */
function failFrom(name: usize, nameLength: u32, from: i32): void {
  host.proxy_define_metric(1, name, nameLength, NUMBER);
  const gauge = load<u32>(NUMBER);
  host.proxy_increment_metric(gauge, 1);
  host.proxy_get_metric(gauge, NUMBER);
  result = load<i32>(NUMBER) >= from ? 0 : 1;
}

onConfigure((root: RootContext, configuration: HostBytes): bool => {
  root.data = keep(configuration);
  return run(root, "configure", 1) != 0;
});
onRequestHeaders((stream: StreamContext, _count: u32, _endOfStream: bool): Action => {
  return <Action>run(stream.root, "request", 0);
});
onResponseHeaders((stream: StreamContext, _count: u32, _endOfStream: bool): Action => {
  return <Action>run(stream.root, "response", 0);
});
onTick((root: RootContext): void => {
  run(root, "tick", 0);
});
onRootDone((root: RootContext): void => {
  run(root, "rootDone", 0);
});
onRootDelete((root: RootContext): void => {
  run(root, "rootDelete", 0);
});
onLog((stream: StreamContext): void => {
  run(stream.root, "log", 0);
});
onDone((stream: StreamContext): void => {
  run(stream.root, "done", 0);
});
onDelete((stream: StreamContext): void => {
  run(stream.root, "delete", 0);
});
