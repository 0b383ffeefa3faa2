/** A guest's linear memory as the host uses it: every address is checked. */
import type { Instance } from "./engine.ts";
import { CallFailed, Status } from "./status.ts";

const PAGE_BYTES = 65536;

export class GuestMemory {
  readonly #instance: Instance;
  readonly #malloc: (size: number) => number;

  constructor(instance: Instance, malloc: (size: number) => number) {
    this.#instance = instance;
    this.#malloc = malloc;
  }

  get pages(): number {
    return (this.#instance.memory()?.length ?? 0) / PAGE_BYTES;
  }

  /** A copy of the bytes. */
  read(address: number, size: number): Buffer {
    return Buffer.from(this.#view(address, size));
  }

  write(address: number, bytes: Uint8Array): void {
    this.#view(address, bytes.length).set(bytes);
  }

  writeU32(address: number, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    this.write(address, bytes);
  }

  writeU64(address: number, value: bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    this.write(address, bytes);
  }

  /** Hands bytes over in memory that the guest gives; no bytes: address and size 0, guest not asked. */
  give(bytes: Uint8Array, returnAddress: number, returnSize: number): void {
    let address = 0;
    if (bytes.length !== 0) {
      address = this.#malloc(bytes.length);
      if (address === 0) throw new CallFailed(Status.INVALID_MEMORY_ACCESS);
      this.write(address, bytes);
    }
    this.writeU32(returnAddress, address);
    this.writeU32(returnSize, bytes.length);
  }

  #view(address: number, size: number): Uint8Array {
    const memory = this.#instance.memory();
    const start = address >>> 0;
    const end = start + (size >>> 0);
    if (memory === undefined || end > memory.length) throw new CallFailed(Status.INVALID_MEMORY_ACCESS);
    return memory.subarray(start, end);
  }
}
