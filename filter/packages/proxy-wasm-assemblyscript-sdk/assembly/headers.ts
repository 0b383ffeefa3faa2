/**
 * Header maps. Envoy joins repeated standard headers (two `authorization` lines arrive as one, comma
 * between); repeated custom ones stay apart, and `getHeaderMapValue` sees the first only. Changing
 * request headers makes the host choose the route anew.
 */
import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "./abi";
import { MapType, Status } from "./enums";
import { HostBytes } from "./host-bytes";
import { clearReturned, returnedAddress, returnedBytes, returnedSize } from "./results";
import { isSafeHeaderName, isSafeHeaderValue } from "./safe";

/**
 * All pairs of a map, in the wire format that `readPairs` walks. Never absent: hosts answer with an
 * empty value for an empty map and for one that is out of reach, so a caller that expects headers
 * treats an empty map as a failure.
 */
export function getHeaderMapPairs(map: MapType): HostBytes {
  clearReturned();
  return returnedBytes(proxy_get_header_map_pairs(map, returnedAddress, returnedSize));
}

/** The first value of the header; its name in any case. */
export function getHeaderMapValue(map: MapType, name: usize, nameLength: u32): HostBytes {
  clearReturned();
  return returnedBytes(proxy_get_header_map_value(map, name, nameLength, returnedAddress, returnedSize));
}

/** Appends a header; `BAD_ARGUMENT`, without asking the host, where name or value is not safe to send. */
export function addHeaderMapValue(
  map: MapType,
  name: usize,
  nameLength: u32,
  value: usize,
  valueLength: u32,
): Status {
  if (!isSafeHeaderName(name, nameLength) || !isSafeHeaderValue(value, valueLength)) {
    return Status.BAD_ARGUMENT;
  }
  return proxy_add_header_map_value(map, name, nameLength, value, valueLength);
}

/** Sets a header; `BAD_ARGUMENT`, without asking the host, where name or value is not safe to send. */
export function replaceHeaderMapValue(
  map: MapType,
  name: usize,
  nameLength: u32,
  value: usize,
  valueLength: u32,
): Status {
  if (!isSafeHeaderName(name, nameLength) || !isSafeHeaderValue(value, valueLength)) {
    return Status.BAD_ARGUMENT;
  }
  return proxy_replace_header_map_value(map, name, nameLength, value, valueLength);
}

/** Removes every line of the header. */
export function removeHeaderMapValue(map: MapType, name: usize, nameLength: u32): Status {
  return proxy_remove_header_map_value(map, name, nameLength);
}
