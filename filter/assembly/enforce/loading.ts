import { Arena, JsonValue, Writer } from "as-bytes";
import { Refusal, RefusalCode } from "as-policy";
import { Document } from "./document";

/** How a document loaded. It lies in working memory and goes with it; the document does not. */
@unmanaged
export class Loading {
  /** To be used only where it is not refused. */
  document: Document;
  refusal: Refusal;
  /** The tape that the refusal points into; null where the text was not JSON. */
  root: JsonValue | null;

  static create(document: Document, working: Arena): Loading {
    const loading = changetype<Loading>(working.allocate(offsetof<Loading>()));
    loading.document = document;
    loading.refusal = changetype<Refusal>(working.allocate(offsetof<Refusal>()));
    return loading;
  }

  get refused(): bool {
    return this.refusal.code != RefusalCode.NONE;
  }

  /** One line, of at most `REFUSAL_LINE_BYTES`. */
  writeRefusal(writer: Writer): void {
    this.refusal.write(this.root, writer);
  }
}
