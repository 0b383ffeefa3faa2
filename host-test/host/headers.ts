/** Header maps as Envoy keeps them. */
import { toBytes, toText, type ByteText } from "./bytes.ts";
import type { Pair } from "./pairs.ts";

/** `[name, value]`, as in documents and options. */
export type HeaderLine = readonly [name: ByteText, value: ByteText];

/**
 * Headers that Envoy keeps in one slot each: repeated lines arrive as one value, comma between.
 * Everything else, `cookie` on HTTP/1.1 included, stays apart.
 */
const MERGED = new Set(
  (
    ":authority accept accept-encoding access-control-request-headers access-control-request-method " +
    "access-control-request-private-network authorization cache-control content-encoding content-type " +
    "grpc-accept-encoding grpc-timeout if-match if-modified-since if-none-match if-range if-unmodified-since " +
    "origin pragma referer user-agent via x-client-trace-id x-envoy-decorator-operation " +
    "x-envoy-downstream-service-cluster x-envoy-external-address x-envoy-original-path x-forwarded-for " +
    "x-forwarded-host x-forwarded-port x-forwarded-proto x-request-id"
  ).split(" "),
);

export class HeaderMap {
  readonly #lines: { name: string; value: Buffer }[] = [];

  constructor(lines: readonly HeaderLine[] = []) {
    for (const [name, value] of lines) this.#receive(toText(toBytes(name)).toLowerCase(), toBytes(value));
  }

  #receive(name: string, value: Buffer): void {
    const known = name === "host" ? ":authority" : name;
    const first = MERGED.has(known) ? this.#lines.find((line) => line.name === known) : undefined;
    if (first === undefined) this.#lines.push({ name: known, value });
    else first.value = Buffer.concat([first.value, Buffer.from(","), value]);
  }

  /** The first value. */
  get(name: string): Buffer | undefined {
    const lower = name.toLowerCase();
    return this.#lines.find((line) => line.name === lower)?.value;
  }

  /** All values, comma between: what `request.headers` says. */
  joined(name: string): Buffer | undefined {
    const values = this.#lines.filter((line) => line.name === name.toLowerCase()).map((line) => line.value);
    return values.length === 0 ? undefined : Buffer.from(values.map(toText).join(","), "latin1");
  }

  add(name: string, value: Buffer): void {
    this.#receive(name.toLowerCase(), value);
  }

  /** Drops every line and appends, pseudo-headers to the others of their kind. */
  replace(name: string, value: Buffer): void {
    const lower = name.toLowerCase();
    this.remove(lower);
    const firstRegular = this.#lines.findIndex((line) => !line.name.startsWith(":"));
    const at = lower.startsWith(":") && firstRegular >= 0 ? firstRegular : this.#lines.length;
    this.#lines.splice(at, 0, { name: lower, value });
  }

  remove(name: string): void {
    const lower = name.toLowerCase();
    const kept = this.#lines.filter((line) => line.name !== lower);
    this.#lines.splice(0, this.#lines.length, ...kept);
  }

  names(): string[] {
    return [...new Set(this.#lines.map((line) => line.name))];
  }

  pairs(): Pair[] {
    return this.#lines.map(({ name, value }) => ({ name: Buffer.from(name, "latin1"), value }));
  }

  /** One character a byte; pseudo-headers included. */
  lines(): [name: string, value: string][] {
    return this.#lines.map(({ name, value }) => [name, toText(value)]);
  }
}
