import { Arena } from "as-bytes";
import { Action, StreamContext, currentTimeNanoseconds } from "proxy-wasm-assemblyscript-sdk";
import { Reason, Verdict, enforce } from "../enforce";
import { act, forwardChanged, goesOn, refuse } from "./act";
import { collectFacts } from "./facts";
import { countDecision, countEvaluation } from "./metrics";
import { writeRecord } from "./record";
import { Root } from "./root";

/** Memory of one request; whatever of it must outlive the callback goes to the proxy. */
let scratch: Arena | null = null;

/** Of how many requests one is timed. */
const SAMPLED: u32 = 64;

/** One minute: no decision takes it, but a clock that is set does. */
const MAX_SENSIBLE_NANOSECONDS: u64 = 60000000000;

let sample: u32 = 0;

/** The way of one request: facts, decision, changed headers, record, act. */
export function handleRequest(stream: StreamContext, count: u32, endOfStream: bool): Action {
  const arena = scratchArena();
  if (stream.root.data == 0) return refuse(Verdict.create(arena), stream); // no document: the zero verdict
  const root = changetype<Root>(stream.root.data);
  const now = currentTimeNanoseconds();
  const verdict = decide(root, now, arena);
  const spent = sampledTime(now);
  // A token that the proxy does not let go of must not reach the service.
  if (goesOn(verdict, root.document) && !forwardChanged(verdict, root.document)) withdraw(verdict);
  countDecision(verdict);
  writeRecord(verdict, root, now, spent, arena);
  return act(verdict, stream, root.document);
}

/** The verdict of `enforce`, or the zero verdict, `not_ready`, where the VM, the clock or the headers are missing. */
function decide(root: Root, now: u64, arena: Arena): Verdict {
  if (!root.ready || now == 0) return Verdict.create(arena);
  const facts = collectFacts(root.document, arena);
  if (facts === null) return Verdict.create(arena);
  return enforce(facts, root.document, root.cache, <f64>now / 1e9, arena);
}

/** Denies what was allowed: no policy decided that, whoever the decider was. */
function withdraw(verdict: Verdict): void {
  verdict.where.decider.policy = null;
  verdict.deny(Reason.NOT_READY);
}

/** The decision's time in nanoseconds for one request in `SAMPLED`, else 0: a clock for every request costs too much. */
function sampledTime(started: u64): u64 {
  sample += 1;
  if (sample % SAMPLED != 0) return 0;
  const spent = currentTimeNanoseconds() - started;
  // A clock that stepped back gives no time.
  if (spent > MAX_SENSIBLE_NANOSECONDS) return 0;
  countEvaluation(spent);
  return spent;
}

/** Emptied of what the request before left in it. */
function scratchArena(): Arena {
  let arena = scratch;
  if (arena === null) {
    arena = Arena.create();
    scratch = arena;
  } else {
    arena.reset();
  }
  return arena;
}
