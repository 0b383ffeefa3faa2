import { Arena, Bytes, Writer, addressOf, bytesAt, lengthOf, overLimit } from "as-bytes";
import { REFUSAL_LINE_BYTES } from "as-policy";
import {
  BufferType,
  HostBytes,
  LogLevel,
  RootContext,
  getBufferBytes,
  hostAddress,
  hostLength,
  isFailed,
  log,
} from "proxy-wasm-assemblyscript-sdk";
import { Document, Loading, MAX_DOCUMENT_BYTES, loadDocument, prepareKeys } from "../enforce";
import { cacheBytes, makeTokenCache } from "./cache";
import { announceDocument, prepareMetrics, retireDocument } from "./metrics";
import { makeRecordTail } from "./record";
import { preparePolicyReplies, prepareReplies } from "./replies";
import { reportNotReady } from "./not-ready";
import { Root, addRoot, releaseSpare, releaseSpares, removeRoot } from "./root";
import { readSecrets } from "./secrets";
import { passesSelfTest } from "./self-test";

/**
 * Takes a document. False, which keeps the old document serving, only for one that is refused, a
 * pure function of its bytes; whatever else goes wrong answers true and denies everything, because
 * a worker that answers false is dropped from the chain and lets everything through.
 */
export function configure(context: RootContext, configuration: HostBytes): bool {
  forget(context);
  // Without memory a document could end in a trap, or pass for an empty one and be refused: either
  // takes the filter out of this worker's chain.
  if (isShortOfMemory()) return refuseRequests(context, NO_MEMORY);
  if (isFailed(configuration) && !isTooLarge()) return refuseRequests(context, "no configuration to be had");
  const arena = Arena.create();
  const working = Arena.create();
  const loading = loadDocument(textOf(configuration), arena, working);
  const document = loading.document;
  if (loading.refused) {
    reportRefusal(loading, working);
    working.release();
    arena.release();
    return false;
  }
  working.release();
  if (isShortOfMemory()) {
    arena.release();
    return refuseRequests(context, NO_MEMORY);
  }
  const ready = passesSelfTest() && readSecrets(document, arena);
  install(context, document, ready, arena);
  return true;
}

const NO_MEMORY = "open streams hold the memory of too many old documents; push again when they ended";

/** Even without what other documents keep only to save work. */
function isShortOfMemory(): bool {
  if (overLimit()) releaseSpares();
  return overLimit();
}

/** Takes an empty document in place of one that there is no memory for. */
function refuseRequests(context: RootContext, why: string): bool {
  reportNotReady(why);
  const arena = Arena.create();
  const document = Document.create(arena);
  document.hash = arena.allocate(32);
  install(context, document, false, arena);
  return true;
}

function install(context: RootContext, document: Document, ready: bool, arena: Arena): void {
  const root = changetype<Root>(arena.allocate(offsetof<Root>()));
  root.arena = arena;
  root.document = document;
  root.recordTail = makeRecordTail(document, arena);
  root.ready = ready;
  if (ready) saveWork(root);
  prepareReplies();
  if (ready) preparePolicyReplies(document.policies.policies, arena);
  prepareMetrics();
  addRoot(root);
  context.data = changetype<usize>(root);
  if (ready) announceDocument(document);
}

function saveWork(root: Root): void {
  const spare = Arena.create(cacheBytes(root.document));
  root.spare = spare;
  root.cache = makeTokenCache(root.document, spare);
  prepareKeys(root.document, spare);
}

/** Gives back what a root context held. */
export function forget(context: RootContext): void {
  if (context.data == 0) return;
  const root = changetype<Root>(context.data);
  context.data = 0;
  if (root.ready) retireDocument(root.document);
  removeRoot(root);
  releaseSpare(root);
  root.arena.release();
}

/** The document in the host's memory, which lasts as long as the callback; of one over the limit only that it is. */
function textOf(configuration: HostBytes): Bytes {
  if (isFailed(configuration)) return bytesAt(UNREAD, MAX_DOCUMENT_BYTES + 1);
  return bytesAt(hostAddress(configuration), hostLength(configuration));
}

/** An address that nobody reads at: a document over the limit is refused by its length. */
const UNREAD: usize = 1;

/** Whether the configuration has a byte over the limit: of its bytes alone, so true in every VM or in none. */
function isTooLarge(): bool {
  return hostLength(getBufferBytes(BufferType.PLUGIN_CONFIGURATION, MAX_DOCUMENT_BYTES, 1)) != 0;
}

function reportRefusal(loading: Loading, arena: Arena): void {
  const writer = Writer.create(arena, REFUSAL_LINE_BYTES);
  loading.writeRefusal(writer);
  const line = writer.written();
  log(LogLevel.ERROR, addressOf(line), lengthOf(line));
}
