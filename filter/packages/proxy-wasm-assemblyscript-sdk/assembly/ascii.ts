import { hostBytes, HostBytes } from "./host-bytes";
import { takeForGood } from "./pages";

/**
 * The bytes of an ASCII text, for good: header names, property paths and messages as module
 * constants (`const NAME = ascii("x-request-id")`). Not for use in callbacks: nothing frees it.
 * Traps on other text and on text beyond a page, at module start, where the host refuses the module.
 */
export function ascii(text: string): HostBytes {
  const length = text.length;
  const address: usize = length == 0 ? 0 : takeForGood(length);
  if (address == 0 && length != 0) unreachable();
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) unreachable();
    store<u8>(address + i, <u8>unit);
  }
  return hostBytes(address, length);
}
