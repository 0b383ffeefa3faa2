/** One request on its way through the filter. */
import type { Context, GivenReply } from "./context.ts";
import { EnvoyCrash } from "./errors.ts";
import { HeaderMap, type HeaderLine } from "./headers.ts";
import type { LogLine } from "./log.ts";
import { findProperty, pluginProperty, requestProperties, type Properties } from "./properties.ts";
import { detailsText, FAILED_STREAM, isGrpc, replyHeaders, type Reply } from "./reply.ts";
import type { Root } from "./root.ts";
import { MapType } from "./status.ts";

export interface StreamOptions {
  properties?: Properties;
  endOfStream?: boolean;
}

/** `NONE`: between callbacks. The log callback sees the maps and can change nothing. */
type Phase = "NONE" | "REQUEST_HEADERS" | "RESPONSE_HEADERS" | "LOG" | "ENDED";

export class Stream implements Context {
  readonly id: number;
  readonly root: Root;
  /** What the last header callback asked for; a reply makes it void. */
  action: "CONTINUE" | "PAUSE" = "CONTINUE";
  /** The answer in place of the upstream's, as the client gets it. */
  reply: Reply | undefined;
  /** Whether the filter reset the stream. */
  closed = false;
  /** Filter state that the filter set, by whole key (`wasm.…`). */
  readonly filterState = new Map<string, Buffer>();
  /** How often a change of request headers made the route be chosen anew. */
  routeChoices = 0;
  /** Log lines during this stream's callbacks. */
  readonly logs: LogLine[] = [];
  /** Pages that the guest's memory grew by in this stream's callbacks. */
  pagesGrown = 0;
  /** Instructions that this stream's callbacks ran; 0 where the engine does not count. */
  fuel = 0;
  readonly #request: HeaderMap;
  readonly #grpc: boolean;
  readonly #properties: Properties;
  #response: HeaderMap | undefined;
  #phase: Phase = "NONE";
  #given: GivenReply[] = [];
  #closes = 0;
  #over = false;

  constructor(root: Root, lines: readonly HeaderLine[], options: StreamOptions) {
    const { vm } = root;
    this.root = root;
    this.id = vm.nextContextId();
    this.#request = new HeaderMap(lines);
    this.#grpc = isGrpc(this.#request);
    this.#properties = requestProperties(this.#request, vm.proxy, options.properties ?? {});
    root.openStreams++;
    this.#observe(() => {
      vm.current = this;
      vm.call("proxy_on_context_create", this.id, root.id);
      vm.current = undefined;
      this.#headers("REQUEST_HEADERS", this.#request, options.endOfStream ?? true);
    });
  }

  /** The request headers as they go to the upstream. */
  get headers(): [name: string, value: string][] {
    return this.#request.lines();
  }

  /** The response headers after the filter; undefined before there are any. */
  get responseHeaders(): [name: string, value: string][] | undefined {
    return this.#response?.lines();
  }

  /** A text in filter state, UTF-8. */
  state(key: string): string | undefined {
    return this.filterState.get(key)?.toString();
  }

  /** The upstream answers. */
  respond(lines: readonly HeaderLine[] = [[":status", "200"]], endOfStream = true): this {
    if (this.reply !== undefined || this.closed || this.#over)
      throw new Error("the stream is answered already");
    this.#response = new HeaderMap(lines);
    const response = this.#response;
    this.#observe(() => this.#headers("RESPONSE_HEADERS", response, endOfStream));
    return this;
  }

  /** The stream is over: log, done, delete. */
  end(): this {
    if (this.#over) return this;
    this.#over = true;
    this.#observe(() => {
      this.#phase = "LOG";
      this.root.vm.callIn(this, "proxy_on_log");
      this.#phase = "ENDED";
      this.root.vm.callIn(this, "proxy_on_done");
      this.root.vm.callIn(this, "proxy_on_delete");
      this.root.streamEnded();
    });
    return this;
  }

  #headers(phase: Phase, map: HeaderMap, endOfStream: boolean): void {
    const { vm } = this.root;
    const callback = phase === "REQUEST_HEADERS" ? "proxy_on_request_headers" : "proxy_on_response_headers";
    this.#phase = phase;
    this.#given = [];
    this.#closes = 0;
    const action = vm.callIn(this, callback, map.pairs().length, endOfStream ? 1 : 0) ?? 0;
    this.#phase = "NONE";
    if (vm.failure !== undefined) this.#answer(FAILED_STREAM, phase, FAILED_STREAM.details);
    else if (this.#closes > 0) this.closed = true;
    else if (this.#given[0] !== undefined) this.#answer(this.#given[0], phase, this.#given.at(-1)?.details);
    else this.action = action === 0 ? "CONTINUE" : "PAUSE";
  }

  /** The client gets the first of several replies; the details are the last one's. */
  #answer(given: GivenReply, phase: Phase, details: Buffer | undefined): void {
    const headers = replyHeaders(given, this.#grpc);
    this.#response = headers;
    // A reply passes through the response filters, ours included, except one that stands in for a response.
    if (phase === "REQUEST_HEADERS") {
      this.#phase = "RESPONSE_HEADERS";
      this.root.vm.callIn(this, "proxy_on_response_headers", headers.pairs().length, 0);
      this.#phase = "NONE";
    }
    this.reply = {
      status: Number(headers.get(":status")),
      details: detailsText(details ?? given.details),
      headers: headers.lines().filter(([name]) => name !== ":status"),
      body: this.#grpc ? Buffer.alloc(0) : given.body,
      grpcStatus: this.#grpc ? Number(headers.get("grpc-status")) : undefined,
    };
  }

  #observe(run: () => void): void {
    const { vm } = this.root;
    const pages = vm.pages;
    const fuel = vm.fuel ?? 0;
    const from = vm.proxy.logs.length;
    run();
    this.pagesGrown += vm.pages - pages;
    this.fuel += (vm.fuel ?? 0) - fuel;
    this.logs.push(...vm.proxy.logs.slice(from));
  }

  map(type: number, change: boolean): HeaderMap | undefined {
    const readable = this.#phase === "LOG" && !change;
    if (type === MapType.REQUEST_HEADERS && (readable || this.#phase === "REQUEST_HEADERS"))
      return this.#request;
    if (type === MapType.RESPONSE_HEADERS && (readable || this.#phase === "RESPONSE_HEADERS"))
      return this.#response;
    return undefined;
  }

  headersChanged(type: number): void {
    if (type === MapType.REQUEST_HEADERS) this.routeChoices++;
  }

  property(path: string[]): Buffer {
    const [first = "", second] = path;
    const key = first === "filter_state" ? second : `wasm.${first}`;
    const state =
      path.length === (first === "filter_state" ? 2 : 1) ? this.filterState.get(key ?? "") : undefined;
    if (state !== undefined) return state;
    if (first.startsWith("plugin_")) return pluginProperty(this.root.vm.proxy, path);
    return findProperty({ ...this.#properties, ...this.#responseProperties() }, path);
  }

  #responseProperties(): Properties {
    const status = this.#response?.get(":status");
    if (status === undefined) return {};
    const details = this.reply?.details ?? "via_upstream";
    return { response: { ...this.#properties["response"], code: Number(status), code_details: details } };
  }

  setProperty(path: string, value: Buffer): void {
    this.filterState.set(`wasm.${path}`, value);
  }

  sendLocalResponse(reply: GivenReply): void {
    if (this.#isOver()) throw new EnvoyCrash("local response after the end of the stream");
    this.#given.push(reply);
  }

  closeStream(): void {
    if (this.#isOver()) throw new EnvoyCrash("close_stream after the end of the stream");
    if (++this.#closes > 1) throw new EnvoyCrash("close_stream twice in one callback");
  }

  #isOver(): boolean {
    return this.#phase === "LOG" || this.#phase === "ENDED";
  }

  configuration(): undefined {
    return undefined;
  }

  setTickPeriod(milliseconds: number): void {
    this.root.setTickPeriod(milliseconds);
  }
}
