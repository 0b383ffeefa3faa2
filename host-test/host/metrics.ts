/** Metrics: values belong to the proxy, ids to one VM. */
import { CallFailed, MetricType, Status } from "./status.ts";

interface Metric {
  type: number;
  value: bigint;
  /** What a histogram recorded. */
  recorded: bigint[];
}

/** Ids grow in steps of four; the low two bits are the type. */
const ID_STEP = 4;

export class MetricStore {
  readonly #metrics = new Map<string, Metric>();

  /** The value of a counter or gauge; undefined where nothing defined it. */
  value(name: string): number | undefined {
    const types = [MetricType.COUNTER, MetricType.GAUGE];
    const found = types
      .map((type) => this.#metrics.get(keyOf(type, name)))
      .find((metric) => metric !== undefined);
    return found === undefined ? undefined : Number(found.value);
  }

  /** What a histogram recorded, in order. */
  recorded(name: string): number[] {
    return (this.#metrics.get(keyOf(MetricType.HISTOGRAM, name))?.recorded ?? []).map(Number);
  }

  names(): string[] {
    return [...this.#metrics.keys()].map((key) => key.slice(key.indexOf(" ") + 1));
  }

  /** The metric of that type and name; one name may stand for several types. */
  define(type: number, name: string): Metric {
    const known = this.#metrics.get(keyOf(type, name));
    if (known !== undefined) return known;
    const metric = { type, value: 0n, recorded: [] };
    this.#metrics.set(keyOf(type, name), metric);
    return metric;
  }
}

function keyOf(type: number, name: string): string {
  return `${type} ${name}`;
}

/** The metrics that one VM defined. */
export class MetricIds {
  readonly #store: MetricStore;
  readonly #byId = new Map<number, Metric>();
  readonly #last = [0, MetricType.GAUGE, MetricType.HISTOGRAM] as [number, number, number];

  constructor(store: MetricStore) {
    this.#store = store;
  }

  define(type: number, name: string): number {
    const last = this.#last[type];
    if (last === undefined) throw new CallFailed(Status.BAD_ARGUMENT);
    const id = last + ID_STEP;
    this.#last[type] = id;
    this.#byId.set(id, this.#store.define(type, name));
    return id;
  }

  increment(id: number, offset: bigint): void {
    const metric = this.#find(id);
    if (metric.type === MetricType.HISTOGRAM) throw new CallFailed(Status.BAD_ARGUMENT);
    if (metric.type === MetricType.COUNTER && offset <= 0n) throw new CallFailed(Status.BAD_ARGUMENT);
    metric.value += offset;
  }

  record(id: number, value: bigint): void {
    const metric = this.#find(id);
    if (metric.type === MetricType.COUNTER) metric.value += value;
    else if (metric.type === MetricType.GAUGE) metric.value = value;
    else metric.recorded.push(value);
  }

  value(id: number): bigint {
    const metric = this.#find(id);
    if (metric.type === MetricType.HISTOGRAM) throw new CallFailed(Status.BAD_ARGUMENT);
    return metric.value;
  }

  #find(id: number): Metric {
    const metric = this.#byId.get(id);
    if (metric === undefined) throw new CallFailed(Status.NOT_FOUND);
    return metric;
  }
}
