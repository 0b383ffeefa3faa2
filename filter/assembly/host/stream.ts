import { Arena } from "as-bytes";
import { Action, StreamContext, currentTimeNanoseconds } from "proxy-wasm-assemblyscript-sdk";
import { Verdict, enforce } from "../enforce";
import { act } from "./act";
import { collectFacts } from "./facts";
import { countDecision } from "./metrics";
import { writeRecord } from "./record";
import { Root } from "./root";

/** Memory of one request; whatever of it must outlive the callback goes to the proxy. */
let scratch: Arena | null = null;

/** The way of one request: facts, decision, record, act. */
export function handleRequest(stream: StreamContext, count: u32, endOfStream: bool): Action {
  const root = changetype<Root>(stream.root.data);
  const arena = scratchArena();
  const now = currentTimeNanoseconds();
  const verdict = decide(root, now, arena);
  countDecision(verdict);
  writeRecord(verdict, root.document, now, arena);
  const action = act(verdict, stream, root.document);
  arena.reset();
  return action;
}

/** The verdict of `enforce`, or the zero verdict, `not_ready`, where the VM, the clock or the headers are missing. */
function decide(root: Root, now: u64, arena: Arena): Verdict {
  if (!root.ready || now == 0) return Verdict.create(arena);
  const facts = collectFacts(root.document, arena);
  if (facts === null) return Verdict.create(arena);
  return enforce(facts, root.document, <f64>now / 1e9, arena);
}

function scratchArena(): Arena {
  let arena = scratch;
  if (arena === null) {
    arena = Arena.create();
    scratch = arena;
  }
  return arena;
}
