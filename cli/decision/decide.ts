/** One decision without a proxy, by the filter itself. */
import type { Host } from "lictor-host";
import type { DecisionRecord } from "./record.ts";
import { headerLines, propertiesOf, timeOf, type RequestOrder } from "./request.ts";

/** The record that the filter leaves of a request. */
export function decideIn(host: Host, request: RequestOrder): DecisionRecord {
  host.clock.set(timeOf(request));
  const stream = host.request(headerLines(request), { properties: propertiesOf(request) });
  const record = stream.state("wasm.lictor.decision");
  if (record === undefined) throw new Error(host.failure() ?? "the filter left no record of this request");
  return JSON.parse(record) as DecisionRecord;
}
