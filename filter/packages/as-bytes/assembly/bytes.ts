/**
 * A run of bytes in linear memory, as one value: the address in the low 32 bits, the length in the
 * high 32. Passed and returned without allocating.
 *
 * Three answers stay apart: `ABSENT` (0) is no bytes at all, a length of 0 with an address is an
 * empty run, and everything else is a value. The zero value of a field is therefore "absent".
 */
export type Bytes = u64;

/** No bytes: not found, not given. */
export const ABSENT: Bytes = 0;

/** The run of `length` bytes at `address`; `address` must not be 0 for a run that is present. */
@inline
export function bytesAt(address: usize, length: u32): Bytes {
  return (<u64>(<u32>address)) | ((<u64>length) << 32);
}

export function addressOf(bytes: Bytes): usize {
  return <usize>(<u32>bytes);
}

export function lengthOf(bytes: Bytes): u32 {
  return <u32>(bytes >> 32);
}

/** Whether there are bytes at all, be they none. */
export function isPresent(bytes: Bytes): bool {
  return <u32>bytes != 0;
}

/** The part of `bytes` from `start` up to `end`; the caller guarantees start ≤ end ≤ length. */
export function part(bytes: Bytes, start: u32, end: u32): Bytes {
  return bytesAt(addressOf(bytes) + start, end - start);
}
