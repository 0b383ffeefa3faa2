import {
  Arena,
  Bytes,
  List,
  Writer,
  addressOf,
  bytesAt,
  equal,
  isDigit,
  isLetter,
  lengthOf,
  literalBytes,
} from "as-bytes";
import { Policy } from "as-policy";
import {
  Metric,
  MetricType,
  defineMetric,
  incrementMetric,
  isFailed,
  recordMetric,
} from "proxy-wasm-assemblyscript-sdk";
import { Document, REASON_COUNT, Reason, Verdict, unusableKeys, writeReason } from "../enforce";

/** Policies with a counter of their own; those that come later have none, so that labels stay few. */
const MAX_POLICY_METRICS: u32 = 256;

/** Longest name of a metric; a policy whose name makes a longer one has no counter. */
const MAX_NAME_BYTES: u32 = 1024;

const SLASH: u32 = 0x2f;

/** Counters of decisions, by reason; a reason belongs to one outcome. */
const DECISIONS: usize = memory.data(REASON_COUNT * 8);

/** A metric under the name that it is defined by; `active` counts the documents of a gauge. */
@unmanaged
class NamedMetric {
  name: Bytes;
  metric: Metric;
  active: u32;
  next: NamedMetric | null;
}

/** What this VM has defined; lives as long as the VM. */
@unmanaged
class Registry {
  arena: Arena;
  /** Where names are put together. */
  writer: Writer;
  evaluation: Metric;
  unusableKeys: Metric;
  policies: List<NamedMetric>;
  documents: NamedMetric | null;
}

let registry: Registry | null = null;

/** Defines the counters of this VM, once: every definition gives a new id. */
export function prepareMetrics(): void {
  if (registry !== null) return;
  const arena = Arena.create();
  const fresh = changetype<Registry>(arena.allocate(offsetof<Registry>()));
  fresh.arena = arena;
  fresh.writer = Writer.create(arena, MAX_NAME_BYTES);
  fresh.policies = List.create<NamedMetric>(arena, MAX_POLICY_METRICS);
  for (let reason: u32 = 0; reason < REASON_COUNT; reason++) {
    const writer = fresh.writer;
    writer.clear();
    writer.text(reason == Reason.ALLOWED ? "outcome=.=allow;.;reason=.=" : "outcome=.=deny;.;reason=.=");
    writeReason(reason, writer);
    writer.text(";.;lictor_decisions_total");
    store<u64>(DECISIONS + (reason << 3), define(MetricType.COUNTER, writer.written()));
  }
  fresh.evaluation = define(MetricType.HISTOGRAM, literalBytes("lictor_evaluation_ns", arena));
  fresh.unusableKeys = define(MetricType.GAUGE, literalBytes("lictor_unusable_keys", arena));
  registry = fresh;
}

/** Gives a document's policies their counters, and raises the gauge that says which document is active. */
export function announceDocument(document: Document): void {
  const known = registry;
  if (known === null) return;
  const policies = document.policies.policies;
  for (let index: u32 = 0; index < policies.length; index++) {
    policies.at(index).metric = policyMetric(known, policies.at(index));
  }
  if (!isFailed(known.unusableKeys)) recordMetric(known.unusableKeys, unusableKeys(document));
  const gauge = documentMetric(known, document);
  gauge.active += 1;
  if (gauge.active == 1) recordMetric(gauge.metric, 1);
}

/** Lowers the gauge of a replaced document, unless another root context of this VM still has the same. */
export function retireDocument(document: Document): void {
  const known = registry;
  if (known === null) return;
  const gauge = documentMetric(known, document);
  gauge.active -= 1;
  if (gauge.active == 0) recordMetric(gauge.metric, 0);
}

export function countDecision(verdict: Verdict): void {
  count(load<u64>(DECISIONS + ((<u32>verdict.reason) << 3)));
  const policy = verdict.where.decider.policy;
  if (policy !== null) count(policy.metric);
}

/** The time of a decision, in nanoseconds. */
export function countEvaluation(spent: u64): void {
  const known = registry;
  if (known !== null && !isFailed(known.evaluation)) recordMetric(known.evaluation, spent);
}

function count(metric: Metric): void {
  if (metric != 0 && !isFailed(metric)) incrementMetric(metric, 1);
}

/** `policy=.=NAMESPACE/NAME;.;lictor_policy_decisions_total`, one a name across documents; 0 past the limit. */
function policyMetric(known: Registry, policy: Policy): Metric {
  const writer = known.writer;
  writer.clear();
  writer.text("policy=.=");
  if (lengthOf(policy.namespace) != 0) {
    reduced(policy.namespace, writer);
    writer.byte(SLASH);
  }
  reduced(policy.name, writer);
  writer.text(";.;lictor_policy_decisions_total");
  if (writer.overflowed) return 0;
  for (let index: u32 = 0; index < known.policies.length; index++) {
    const named = known.policies.at(index);
    if (equal(named.name, writer.written())) return named.metric;
  }
  if (known.policies.length == MAX_POLICY_METRICS) return 0;
  const named = remember(known, MetricType.COUNTER);
  known.policies.push(named);
  return named.metric;
}

/** `revision=.=R;.;hash=.=H;.;lictor_document_info` */
function documentMetric(known: Registry, document: Document): NamedMetric {
  const writer = known.writer;
  writer.clear();
  writer.text("revision=.=");
  writer.bytes(document.revision);
  writer.text(";.;hash=.=");
  writer.hexadecimal(bytesAt(document.hash, 32));
  writer.text(";.;lictor_document_info");
  let named = known.documents;
  while (named !== null) {
    if (equal(named.name, writer.written())) return named;
    named = named.next;
  }
  const fresh = remember(known, MetricType.GAUGE);
  fresh.next = known.documents;
  known.documents = fresh;
  return fresh;
}

/** Defines the metric whose name the writer holds. */
function remember(known: Registry, type: MetricType): NamedMetric {
  const written = known.writer.written();
  const name = known.arena.take(lengthOf(written));
  memory.copy(name, addressOf(written), lengthOf(written));
  const named = changetype<NamedMetric>(known.arena.allocate(offsetof<NamedMetric>()));
  named.name = bytesAt(name, lengthOf(written));
  named.metric = define(type, written);
  return named;
}

function define(type: MetricType, name: Bytes): Metric {
  return defineMetric(type, addressOf(name), lengthOf(name));
}

/** Only bytes that mean nothing to a tag extractor: letters, digits and `._/-`, others as `_`. */
function reduced(text: Bytes, writer: Writer): void {
  for (let index: u32 = 0; index < lengthOf(text); index++) {
    const byte: u32 = load<u8>(addressOf(text) + index);
    const isPlain =
      isLetter(byte) || isDigit(byte) || byte == 0x2e || byte == 0x5f || byte == SLASH || byte == 0x2d;
    writer.byte(isPlain ? byte : 0x5f);
  }
}
