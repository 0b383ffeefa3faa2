import { Arena, Bytes } from "as-bytes";
import { Document, TokenCache } from "../enforce";

/** What a root context keeps: one document and its memory. */
@unmanaged
export class Root {
  arena: Arena;
  document: Document;
  /** The end of every decision record. */
  recordTail: Bytes;
  /** Tokens that the document's keys have verified in this VM; null where none are kept. */
  cache: TokenCache | null;
  /** False: this VM could not get ready and every request is refused. */
  ready: bool;
}
