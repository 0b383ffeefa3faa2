/** A guest's linear memory as the host uses it: every address is checked. */
import { CallFailed, Status } from "./status.ts";

const PAGE_BYTES = 65536;

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #malloc: (size: number) => number;

  constructor(memory: WebAssembly.Memory, malloc: (size: number) => number) {
    this.#memory = memory;
    this.#malloc = malloc;
  }

  get pages(): number {
    return this.#memory.buffer.byteLength / PAGE_BYTES;
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

  #view(address: number, size: number): Buffer {
    const start = address >>> 0;
    const length = size >>> 0;
    if (start + length > this.#memory.buffer.byteLength) throw new CallFailed(Status.INVALID_MEMORY_ACCESS);
    return Buffer.from(this.#memory.buffer, start, length);
  }
}
