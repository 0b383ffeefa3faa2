/**
 * Properties: attributes of the request, the connection and the proxy, and filter state. A path is
 * its parts joined by NUL (`connection`, NUL, `mtls`), which callers keep as constants.
 */
import { proxy_get_property, proxy_set_property } from "./abi";
import { Status } from "./enums";
import { HostBytes } from "./host-bytes";
import { clearReturned, returnedAddress, returnedBytes, returnedSize } from "./results";
import { isSafeHeaderValue } from "./safe";

/** The property in the host's encoding: text raw, booleans 1 byte, numbers and times 8 bytes little-endian. */
export function getProperty(path: usize, pathLength: u32): HostBytes {
  clearReturned();
  return returnedBytes(proxy_get_property(path, pathLength, returnedAddress, returnedSize));
}

/**
 * Sets filter state `wasm.PATH`; built-in attributes cannot be changed, although hosts answer `OK`.
 * `BAD_ARGUMENT`, without asking the host, for a value with CR, LF or NUL: access logs print it raw.
 */
export function setProperty(path: usize, pathLength: u32, value: usize, valueLength: u32): Status {
  if (!isSafeHeaderValue(value, valueLength)) return Status.BAD_ARGUMENT;
  return proxy_set_property(path, pathLength, value, valueLength);
}
