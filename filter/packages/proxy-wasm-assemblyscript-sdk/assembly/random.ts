import { random_get } from "./abi";

/** Most bytes that a host gives at once. */
const MAX_RANDOM_BYTES: u32 = 65536;

/** Fills memory with bytes from the host's cryptographic generator; whether it did. Not while the module starts. */
export function fillRandom(address: usize, length: u32): bool {
  return length <= MAX_RANDOM_BYTES && random_get(address, length) == 0;
}
