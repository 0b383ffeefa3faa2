/** The host calls: proxy-wasm ABI 0.2.1 as far as Lictor uses it, each answering as Envoy does. */
import { toText } from "./bytes.ts";
import { mapOf, type Context } from "./context.ts";
import type { HeaderMap } from "./headers.ts";
import { decodePairs, encodePairs } from "./pairs.ts";
import { BufferType, CallFailed, LOG_LEVELS, Status } from "./status.ts";
import type { Vm } from "./vm.ts";

/** Answers by returning, or throws `CallFailed`. */
type HostCall = (vm: Vm, parameters: (number | bigint)[]) => void;

/** A call of 32-bit parameters. */
function call(run: (vm: Vm, ...parameters: number[]) => void): HostCall {
  return (vm, parameters) => run(vm, ...parameters.map(Number));
}

/** The highest buffer type; all but the plugin configuration are empty here, as in headers callbacks. */
const LAST_BUFFER = 8;

/** The context at hand; calls that need one fail inside `malloc` and at start before they get here. */
function contextOf(vm: Vm): Context {
  if (vm.current === undefined) throw new CallFailed(Status.BAD_ARGUMENT);
  return vm.current;
}

function changeableMap(vm: Vm, type: number): HeaderMap {
  const map = mapOf(vm.current, type, true);
  if (map === undefined) throw new CallFailed(Status.BAD_ARGUMENT);
  vm.current?.headersChanged(type);
  return map;
}

export const hostCalls: ReadonlyMap<string, HostCall> = new Map<string, HostCall>([
  [
    "proxy_log",
    call((vm, level = 0, address = 0, size = 0) => {
      const name = LOG_LEVELS[level];
      if (name === undefined) throw new CallFailed(Status.BAD_ARGUMENT);
      vm.log(name, vm.memory.read(address, size));
    }),
  ],
  [
    "proxy_get_log_level",
    call((vm, returned = 0) => vm.memory.writeU32(returned, LOG_LEVELS.indexOf(vm.proxy.logLevel))),
  ],
  [
    "proxy_get_current_time_nanoseconds",
    call((vm, returned = 0) => vm.memory.writeU64(returned, vm.proxy.clock.nanoseconds)),
  ],
  [
    "proxy_set_tick_period_milliseconds",
    call((vm, milliseconds = 0) => contextOf(vm).setTickPeriod(milliseconds >>> 0)),
  ],
  [
    "proxy_get_property",
    call((vm, path = 0, pathSize = 0, returnAddress = 0, returnSize = 0) => {
      const parts = toText(vm.memory.read(path, pathSize)).split("\0");
      vm.memory.give(contextOf(vm).property(parts), returnAddress, returnSize);
    }),
  ],
  [
    "proxy_set_property",
    call((vm, path = 0, pathSize = 0, value = 0, valueSize = 0) => {
      const key = toText(vm.memory.read(path, pathSize));
      contextOf(vm).setProperty(key, vm.memory.read(value, valueSize));
    }),
  ],
  [
    "proxy_get_header_map_pairs",
    call((vm, type = 0, returnAddress = 0, returnSize = 0) => {
      const pairs = mapOf(vm.current, type, false)?.pairs() ?? [];
      vm.memory.give(encodePairs(pairs), returnAddress, returnSize);
    }),
  ],
  [
    "proxy_get_header_map_value",
    call((vm, type = 0, name = 0, nameSize = 0, returnAddress = 0, returnSize = 0) => {
      const key = toText(vm.memory.read(name, nameSize));
      const map = mapOf(vm.current, type, false);
      if (map === undefined) throw new CallFailed(Status.BAD_ARGUMENT);
      const value = map.get(key);
      if (value === undefined) throw new CallFailed(Status.NOT_FOUND);
      vm.memory.give(value, returnAddress, returnSize);
    }),
  ],
  [
    "proxy_add_header_map_value",
    call((vm, type = 0, name = 0, nameSize = 0, value = 0, valueSize = 0) => {
      const key = toText(vm.memory.read(name, nameSize));
      const bytes = vm.memory.read(value, valueSize);
      changeableMap(vm, type).add(key, bytes);
    }),
  ],
  [
    "proxy_replace_header_map_value",
    call((vm, type = 0, name = 0, nameSize = 0, value = 0, valueSize = 0) => {
      const key = toText(vm.memory.read(name, nameSize));
      const bytes = vm.memory.read(value, valueSize);
      changeableMap(vm, type).replace(key, bytes);
    }),
  ],
  [
    "proxy_remove_header_map_value",
    call((vm, type = 0, name = 0, nameSize = 0) => {
      const key = toText(vm.memory.read(name, nameSize));
      changeableMap(vm, type).remove(key);
    }),
  ],
  [
    "proxy_get_buffer_bytes",
    call((vm, type = 0, start = 0, length = 0, returnAddress = 0, returnSize = 0) => {
      if (type < 0 || type > LAST_BUFFER) throw new CallFailed(Status.BAD_ARGUMENT);
      const isConfiguration = type === BufferType.PLUGIN_CONFIGURATION;
      const buffer = isConfiguration ? vm.current?.configuration() : Buffer.alloc(0);
      if (buffer === undefined) throw new CallFailed(Status.NOT_FOUND);
      const from = start >>> 0;
      vm.memory.give(buffer.subarray(from, from + (length >>> 0)), returnAddress, returnSize);
    }),
  ],
  [
    "proxy_send_local_response",
    call((vm, status = 0, details = 0, detailsSize = 0, body = 0, bodySize = 0, ...rest) => {
      const [pairs = 0, pairsSize = 0, grpcStatus = 0] = rest;
      const { memory } = vm;
      const reply = {
        status: status >>> 0,
        details: memory.read(details, detailsSize),
        body: memory.read(body, bodySize),
        headers: decodePairs(memory.read(pairs, pairsSize)),
        grpcStatus,
      };
      contextOf(vm).sendLocalResponse(reply);
    }),
  ],
  ["proxy_close_stream", call((vm) => contextOf(vm).closeStream())],
  [
    "proxy_define_metric",
    call((vm, type = 0, name = 0, nameSize = 0, returned = 0) => {
      vm.memory.writeU32(returned, vm.metrics.define(type, toText(vm.memory.read(name, nameSize))));
    }),
  ],
  ["proxy_increment_metric", (vm, [id = 0, offset = 0n]) => vm.metrics.increment(Number(id), BigInt(offset))],
  [
    "proxy_record_metric",
    (vm, [id = 0, value = 0n]) => vm.metrics.record(Number(id), BigInt.asUintN(64, BigInt(value))),
  ],
  [
    "proxy_get_metric",
    call((vm, id = 0, returned = 0) => vm.memory.writeU64(returned, vm.metrics.value(id))),
  ],
  ["random_get", call((vm, address = 0, size = 0) => vm.memory.write(address, vm.proxy.random(size)))],
  [
    "environ_sizes_get",
    call((vm, returnCount = 0, returnSize = 0) => {
      const variables = environmentOf(vm);
      vm.memory.writeU32(returnCount, variables.length);
      vm.memory.writeU32(returnSize, Buffer.concat(variables).length);
    }),
  ],
  [
    "environ_get",
    call((vm, addresses = 0, bytes = 0) => {
      let at = bytes;
      environmentOf(vm).forEach((variable, index) => {
        vm.memory.writeU32(addresses + index * 4, at);
        vm.memory.write(at, variable);
        at += variable.length;
      });
    }),
  ],
]);

/** `NAME=value`, NUL-terminated each. */
function environmentOf(vm: Vm): Buffer[] {
  return Object.entries(vm.proxy.environment).map(([name, value]) => Buffer.from(`${name}=${value}\0`));
}
