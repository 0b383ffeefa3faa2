/**
 * Bytes that came from the host, or a word on why there are none, in one value: the address in the
 * low 32 bits, the length in the high 32.
 *
 * Three answers stay apart, because a filter that takes one for another opens or breaks:
 * - a value, be it empty: the address is not 0;
 * - absent (`ABSENT`, 0): the host says there is no such thing;
 * - failed: the address is 0 and the high 32 bits hold the host's `Status`.
 *
 * The bytes live until the outermost callback returns (see `callback-memory.ts`). The layout of a
 * value and of `ABSENT` is that of `Bytes` in the package `as-bytes`.
 */
import { Status } from "./enums";

export type HostBytes = u64;

/** No such header, property or part. */
export const ABSENT: HostBytes = 0;

/** Where an empty value points to: any address but 0. */
const EMPTY_ADDRESS: usize = memory.data(1);

/** The `length` bytes at `address`, which is not 0 unless `length` is. */
export function hostBytes(address: usize, length: u32): HostBytes {
  const present = length == 0 ? EMPTY_ADDRESS : address;
  return (<u64>(<u32>present)) | ((<u64>length) << 32);
}

/** The answer for a host call that failed; `status` is not `OK`. */
export function failed(status: Status): HostBytes {
  return (<u64>(<u32>status)) << 32;
}

/** Whether there are bytes, be they none. */
export function isValue(bytes: HostBytes): bool {
  return <u32>bytes != 0;
}

export function isAbsent(bytes: HostBytes): bool {
  return bytes == ABSENT;
}

export function isFailed(bytes: HostBytes): bool {
  return <u32>bytes == 0 && bytes != 0;
}

/** The host's word on a failure; `OK` where nothing failed. */
export function failureOf(bytes: HostBytes): Status {
  return isFailed(bytes) ? <Status>(<u32>(bytes >> 32)) : Status.OK;
}

/** The address of a value; 0 without one. */
export function hostAddress(bytes: HostBytes): usize {
  return <usize>(<u32>bytes);
}

/** The length of a value; 0 without one. */
export function hostLength(bytes: HostBytes): u32 {
  return isValue(bytes) ? <u32>(bytes >> 32) : 0;
}
