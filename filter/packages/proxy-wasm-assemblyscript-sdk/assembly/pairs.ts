/**
 * Header maps on the wire between host and guest, both ways, little-endian:
 *
 *     u32 count; count × (u32 name length, u32 value length); count × (name, 0x00, value, 0x00)
 *
 * An empty map is no bytes at all. Readers and writers live in callback memory.
 */
import { malloc } from "./callback-memory";
import { Status } from "./enums";
import { failed, hostAddress, hostBytes, HostBytes, hostLength, isValue } from "./host-bytes";
import { isSafeHeaderName, isSafeHeaderValue } from "./safe";

/** LIMIT: hosts take a larger map from a guest for an empty one, silently. */
export const MAX_PAIRS_BYTES: u32 = 1 << 20;
/** LIMIT: as above, for the number of pairs. */
export const MAX_PAIRS: u32 = 1024;

const COUNT_BYTES: u32 = 4;
const LENGTHS_BYTES: u32 = 8;

/** Walks a map: `while (reader.next()) use(reader.name, reader.value)`. */
@unmanaged
export class PairsReader {
  /** Of the pair at hand, from the first `next()` that answered true. */
  name: HostBytes;
  value: HostBytes;
  /** Pairs in all; 0 when malformed. */
  count: u32;
  /** Whether the bytes are no map: then there is no pair, and the map has to count as failed. */
  malformed: bool;
  private left: u32;
  private lengths: usize;
  private bytes: usize;

  /** Goes to the next pair; false behind the last one. */
  next(): bool {
    if (this.left == 0) return false;
    const nameLength = load<u32>(this.lengths);
    const valueLength = load<u32>(this.lengths, 4);
    const name = this.bytes;
    const value = name + nameLength + 1;
    this.name = hostBytes(name, nameLength);
    this.value = hostBytes(value, valueLength);
    this.bytes = value + valueLength + 1;
    this.lengths += LENGTHS_BYTES;
    this.left--;
    return true;
  }

  /** From the start again; every length is checked here, so that `next` stays inside the map. */
  open(map: HostBytes): void {
    const start = hostAddress(map);
    const length = hostLength(map);
    this.name = 0;
    this.value = 0;
    this.count = 0;
    this.left = 0;
    this.malformed = !isValue(map) || (length != 0 && !isWellFormed(start, length));
    if (this.malformed || length == 0) return;
    this.count = load<u32>(start);
    this.left = this.count;
    this.lengths = start + COUNT_BYTES;
    this.bytes = this.lengths + <usize>this.count * LENGTHS_BYTES;
  }
}

const MALFORMED: PairsReader = changetype<PairsReader>(memory.data(offsetof<PairsReader>(), 8));

/** A reader at the start of `map`. Absent, failed and malformed maps read as malformed. */
export function readPairs(map: HostBytes): PairsReader {
  const address = malloc(offsetof<PairsReader>());
  if (address == 0) {
    MALFORMED.malformed = true;
    return MALFORMED;
  }
  const reader = changetype<PairsReader>(address);
  reader.open(map);
  return reader;
}

/** Whether all lengths add up to exactly `length`. */
function isWellFormed(start: usize, length: u32): bool {
  if (length < COUNT_BYTES) return false;
  const count = load<u32>(start);
  if (count > (length - COUNT_BYTES) / LENGTHS_BYTES) return false;
  let total: u64 = COUNT_BYTES;
  let lengths = start + COUNT_BYTES;
  for (let i: u32 = 0; i < count; i++) {
    const nameLength = load<u32>(lengths);
    const valueLength = load<u32>(lengths, 4);
    total += <u64>nameLength + <u64>valueLength + LENGTHS_BYTES + 2;
    lengths += LENGTHS_BYTES;
  }
  return total == length;
}

/** Whether `map` is well formed, within the limits, and safe to send (`safe.ts`). */
export function isSafeToSend(map: HostBytes): bool {
  if (hostLength(map) > MAX_PAIRS_BYTES) return false;
  const reader = readPairs(map);
  if (reader.malformed || reader.count > MAX_PAIRS) return false;
  while (reader.next()) {
    if (!isSafeHeaderName(hostAddress(reader.name), hostLength(reader.name))) return false;
    if (!isSafeHeaderValue(hostAddress(reader.value), hostLength(reader.value))) return false;
  }
  return true;
}

/** Builds a map of a number of pairs that is known at the start. */
@unmanaged
export class PairsWriter {
  private start: usize;
  private end: usize;
  private count: u32;
  private left: u32;
  private lengths: usize;
  private bytes: usize;
  private broken: bool;

  open(buffer: usize, capacity: u32, count: u32): void {
    const size = min(capacity, MAX_PAIRS_BYTES);
    this.start = buffer;
    this.end = buffer + size;
    this.count = count;
    this.left = count;
    this.lengths = buffer + COUNT_BYTES;
    this.broken = count > MAX_PAIRS || COUNT_BYTES + count * LENGTHS_BYTES > size;
    if (this.broken) return;
    this.bytes = this.lengths + <usize>count * LENGTHS_BYTES;
    store<u32>(buffer, count);
  }

  /** Appends a pair; false when it is one too many, finds no room, or when an argument is no value. */
  add(name: HostBytes, value: HostBytes): bool {
    const nameLength = hostLength(name);
    const valueLength = hostLength(value);
    const needed = <u64>nameLength + <u64>valueLength + 2;
    if (
      this.broken ||
      this.left == 0 ||
      !isValue(name) ||
      !isValue(value) ||
      needed > this.end - this.bytes
    ) {
      this.broken = true;
      return false;
    }
    store<u32>(this.lengths, nameLength);
    store<u32>(this.lengths, valueLength, 4);
    this.lengths += LENGTHS_BYTES;
    const valueAt = this.bytes + nameLength + 1;
    memory.copy(this.bytes, hostAddress(name), nameLength);
    store<u8>(this.bytes + nameLength, 0);
    memory.copy(valueAt, hostAddress(value), valueLength);
    store<u8>(valueAt + valueLength, 0);
    this.bytes = valueAt + valueLength + 1;
    this.left--;
    return true;
  }

  /** The map; failed when a pair was refused or is missing. */
  finish(): HostBytes {
    if (this.broken || this.left != 0) return failed(Status.BAD_ARGUMENT);
    if (this.count == 0) return hostBytes(0, 0);
    return hostBytes(this.start, <u32>(this.bytes - this.start));
  }
}

const NO_WRITER: PairsWriter = changetype<PairsWriter>(memory.data(offsetof<PairsWriter>(), 8));

/** A writer of exactly `count` pairs into the `capacity` bytes at `buffer`, which the caller keeps. */
export function writePairs(buffer: usize, capacity: u32, count: u32): PairsWriter {
  const address = malloc(offsetof<PairsWriter>());
  const writer = address == 0 ? NO_WRITER : changetype<PairsWriter>(address);
  writer.open(buffer, address == 0 ? 0 : capacity, count);
  return writer;
}
