/**
 * The imports of proxy-wasm ABI 0.2.1 that the SDK calls, with the exact signatures that hosts check
 * when they link a module. Every function answers with a `Status`; `return*` parameters are
 * addresses that the host writes results to.
 *
 * A host writes bytes into memory that it asks `malloc` for, in the middle of the call: nothing may
 * hold a half-updated callback arena across one.
 */

@external("env", "proxy_log")
export declare function proxy_log(level: i32, message: usize, messageSize: usize): i32;


@external("env", "proxy_get_log_level")
export declare function proxy_get_log_level(returnLevel: usize): i32;


@external("env", "proxy_get_current_time_nanoseconds")
export declare function proxy_get_current_time_nanoseconds(returnTime: usize): i32;


@external("env", "proxy_set_tick_period_milliseconds")
export declare function proxy_set_tick_period_milliseconds(period: u32): i32;


@external("env", "proxy_get_property")
export declare function proxy_get_property(
  path: usize,
  pathSize: usize,
  returnData: usize,
  returnSize: usize,
): i32;


@external("env", "proxy_set_property")
export declare function proxy_set_property(path: usize, pathSize: usize, value: usize, valueSize: usize): i32;


@external("env", "proxy_get_header_map_pairs")
export declare function proxy_get_header_map_pairs(map: i32, returnData: usize, returnSize: usize): i32;


@external("env", "proxy_get_header_map_value")
export declare function proxy_get_header_map_value(
  map: i32,
  name: usize,
  nameSize: usize,
  returnData: usize,
  returnSize: usize,
): i32;


@external("env", "proxy_add_header_map_value")
export declare function proxy_add_header_map_value(
  map: i32,
  name: usize,
  nameSize: usize,
  value: usize,
  valueSize: usize,
): i32;


@external("env", "proxy_replace_header_map_value")
export declare function proxy_replace_header_map_value(
  map: i32,
  name: usize,
  nameSize: usize,
  value: usize,
  valueSize: usize,
): i32;


@external("env", "proxy_remove_header_map_value")
export declare function proxy_remove_header_map_value(map: i32, name: usize, nameSize: usize): i32;


@external("env", "proxy_get_buffer_bytes")
export declare function proxy_get_buffer_bytes(
  buffer: i32,
  start: u32,
  length: u32,
  returnData: usize,
  returnSize: usize,
): i32;


@external("env", "proxy_close_stream")
export declare function proxy_close_stream(stream: i32): i32;


@external("env", "proxy_send_local_response")
export declare function proxy_send_local_response(
  statusCode: u32,
  details: usize,
  detailsSize: usize,
  body: usize,
  bodySize: usize,
  headerPairs: usize,
  headerPairsSize: usize,
  grpcStatus: u32,
): i32;


@external("env", "proxy_define_metric")
export declare function proxy_define_metric(type: i32, name: usize, nameSize: usize, returnId: usize): i32;


@external("env", "proxy_increment_metric")
export declare function proxy_increment_metric(id: u32, offset: i64): i32;


@external("env", "proxy_record_metric")
export declare function proxy_record_metric(id: u32, value: u64): i32;


@external("env", "proxy_get_metric")
export declare function proxy_get_metric(id: u32, returnValue: usize): i32;

/** WASI, which hosts offer beside the ABI: 0 on success. */
@external("wasi_snapshot_preview1", "random_get")
export declare function random_get(address: usize, size: usize): i32;


@external("wasi_snapshot_preview1", "environ_sizes_get")
export declare function environ_sizes_get(returnCount: usize, returnSize: usize): i32;


@external("wasi_snapshot_preview1", "environ_get")
export declare function environ_get(addresses: usize, bytes: usize): i32;
