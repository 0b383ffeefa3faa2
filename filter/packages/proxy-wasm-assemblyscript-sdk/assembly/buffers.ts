import { proxy_get_buffer_bytes } from "./abi";
import { BufferType } from "./enums";
import { HostBytes } from "./host-bytes";
import { clearReturned, returnedAddress, returnedBytes, returnedSize } from "./results";

/** Up to `length` bytes of a buffer from `start`; fewer, or an empty value, where it ends before. */
export function getBufferBytes(type: BufferType, start: u32, length: u32): HostBytes {
  clearReturned();
  return returnedBytes(proxy_get_buffer_bytes(type, start, length, returnedAddress, returnedSize));
}
