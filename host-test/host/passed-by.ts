import { HeaderMap, type HeaderLine } from "./headers.ts";

/**
 * A request that no filter saw, because Envoy left it out. It has the shape of a stream on which
 * nothing happened, so that a test that forgets to ask finds an open door, not an error.
 */
export class PassedBy {
  readonly passedBy = true;
  readonly action = "CONTINUE";
  readonly reply = undefined;
  readonly closed = false;
  readonly headers: [name: string, value: string][];
  readonly filterState: ReadonlyMap<string, Buffer> = new Map();
  readonly routeChoices = 0;
  readonly logs = [];
  readonly pagesGrown = 0;
  readonly fuel = 0;

  constructor(lines: readonly HeaderLine[]) {
    this.headers = new HeaderMap(lines).lines();
  }

  state(_key: string): undefined {
    return undefined;
  }

  respond(): this {
    return this;
  }

  end(): this {
    return this;
  }
}
