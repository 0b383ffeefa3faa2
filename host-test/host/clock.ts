/** The time that guests see; it stands still until it is moved. */
export class ManualClock {
  #nanoseconds: bigint;

  constructor(milliseconds: number) {
    this.#nanoseconds = BigInt(milliseconds) * 1_000_000n;
  }

  get nanoseconds(): bigint {
    return this.#nanoseconds;
  }

  get milliseconds(): number {
    return Number(this.#nanoseconds / 1_000_000n);
  }

  set(milliseconds: number): void {
    this.#nanoseconds = BigInt(milliseconds) * 1_000_000n;
  }

  advance(milliseconds: number): void {
    this.#nanoseconds += BigInt(milliseconds) * 1_000_000n;
  }
}
