import { Arena, Bytes } from "as-bytes";
import { Document, TokenCache, forgetKeyTables } from "../enforce";

/** What a root context keeps: one document and its memory. */
@unmanaged
export class Root {
  arena: Arena;
  document: Document;
  /** The end of every decision record. */
  recordTail: Bytes;
  /** Memory of what only saves work, the cache and the keys' tables; null where there is none, or no more. */
  spare: Arena | null;
  /** Tokens that the document's keys have verified in this VM; null where none are kept. */
  cache: TokenCache | null;
  /** False: this VM could not get ready and every request is refused. */
  ready: bool;
  /** The root context that this VM got before. */
  next: Root | null;
}

let latest: Root | null = null;

export function addRoot(root: Root): void {
  root.next = latest;
  latest = root;
}

export function removeRoot(root: Root): void {
  const next = root.next;
  if (changetype<usize>(latest) == changetype<usize>(root)) {
    latest = next;
    return;
  }
  let before = latest;
  while (before !== null && changetype<usize>(before.next) != changetype<usize>(root)) before = before.next;
  if (before !== null) before.next = next;
}

/**
 * Gives back what all root contexts keep only to save work. A document lives as long as the streams that
 * came under it, and a proxy does not say which documents are old: so where memory is short, all of them
 * verify anew and without tables, rather than that a new document finds no room.
 */
export function releaseSpares(): void {
  let root = latest;
  while (root !== null) {
    releaseSpare(root);
    root = root.next;
  }
}

export function releaseSpare(root: Root): void {
  const spare = root.spare;
  if (spare === null) return;
  root.spare = null;
  root.cache = null;
  forgetKeyTables(root.document);
  spare.release();
}
