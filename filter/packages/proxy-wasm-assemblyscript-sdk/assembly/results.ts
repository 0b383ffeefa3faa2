/** Where host calls write their results, and how a result becomes a `HostBytes`. */
import { Status } from "./enums";
import { ABSENT, failed, hostBytes, HostBytes } from "./host-bytes";

/** Room for the address that a host call returns; never held across another call. */
export const returnedAddress: usize = memory.data(8, 8);
/** Room for the size that a host call returns. */
export const returnedSize: usize = memory.data(8, 8);
/** Room for a number of up to 64 bits. */
export const returnedNumber: usize = memory.data(8, 8);

/** Before the call: a host that says `OK` and writes nothing has returned nothing. */
export function clearReturned(): void {
  store<u32>(returnedAddress, 0);
  store<u32>(returnedSize, 0);
}

/** The answer of a call that returns bytes. `OK` with a size but no address, or beyond memory, is a failure. */
export function returnedBytes(status: i32): HostBytes {
  if (status == Status.NOT_FOUND) return ABSENT;
  if (status != Status.OK) return failed(status);
  const address = load<u32>(returnedAddress);
  const size = load<u32>(returnedSize);
  const end = <u64>address + size;
  const memoryBytes = (<u64>memory.size()) << 16;
  if (end > memoryBytes || (address == 0 && size != 0)) return failed(Status.INVALID_MEMORY_ACCESS);
  return hostBytes(address, size);
}
