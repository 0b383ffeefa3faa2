import { environ_get, environ_sizes_get } from "./abi";
import { malloc } from "./callback-memory";
import { Status } from "./enums";
import { ABSENT, failed, hostBytes, HostBytes } from "./host-bytes";
import { returnedAddress, returnedSize } from "./results";

const EQUALS: u8 = 0x3d;

/** Most variables and bytes of an environment that is read. */
const MAX_VARIABLES: u32 = 4096;
const MAX_ENVIRONMENT_BYTES: u32 = 4 << 20;

/** The value of a variable of the VM's environment; it lives until the callback returns. Not while the module starts. */
export function environmentVariable(name: usize, nameLength: u32): HostBytes {
  store<u32>(returnedAddress, 0);
  store<u32>(returnedSize, 0);
  if (environ_sizes_get(returnedAddress, returnedSize) != 0) return failed(Status.INTERNAL_FAILURE);
  const count = load<u32>(returnedAddress);
  const size = load<u32>(returnedSize);
  if (count == 0 || size == 0) return ABSENT;
  if (count > MAX_VARIABLES || size > MAX_ENVIRONMENT_BYTES) return failed(Status.INTERNAL_FAILURE);
  const addresses = malloc(count * sizeof<u32>());
  const bytes = malloc(size);
  if (addresses == 0 || bytes == 0) return failed(Status.INTERNAL_FAILURE);
  if (environ_get(addresses, bytes) != 0) return failed(Status.INTERNAL_FAILURE);
  return find(bytes, size, name, nameLength);
}

/** `NAME=value` and a NUL, one after the other: WASI's order, so the addresses are not needed. */
function find(bytes: usize, size: u32, name: usize, nameLength: u32): HostBytes {
  let start: u32 = 0;
  for (let at: u32 = 0; at < size; at++) {
    if (load<u8>(bytes + at) != 0) continue;
    const value = start + nameLength + 1;
    if (value <= at && load<u8>(bytes + value - 1) == EQUALS && isSame(bytes + start, name, nameLength)) {
      return hostBytes(bytes + value, at - value);
    }
    start = at + 1;
  }
  return ABSENT;
}

function isSame(left: usize, right: usize, length: u32): bool {
  for (let index: u32 = 0; index < length; index++) {
    if (load<u8>(left + index) != load<u8>(right + index)) return false;
  }
  return true;
}
