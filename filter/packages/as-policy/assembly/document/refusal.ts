import { JsonValue, Writer, writeJsonPointer } from "as-bytes";

/** Why a document does not load. Names are part of the format: added to, never changed. */
export enum RefusalCode {
  NONE,
  NOT_JSON,
  NOT_UTF8,
  DUPLICATE_MEMBER,
  UNKNOWN_MEMBER,
  WRONG_TYPE,
  BAD_VALUE,
  MISSING_MEMBER,
  TOO_LARGE,
  TOO_DEEP,
  TOO_MANY,
  BAD_KEY,
  UNKNOWN_ALGORITHM,
  CONFLICT,
  NOT_SUPPORTED,
}

const NAMES =
  "none not_json not_utf8 duplicate_member unknown_member wrong_type bad_value missing_member too_large too_deep too_many bad_key unknown_algorithm conflict not_supported";

/** Bytes of the refused value that the message quotes at most. */
const QUOTED_BYTES: u32 = 64;

/** Room for any line: `writeJsonPointer` and `QUOTED_BYTES` bound what comes from the document, escaped sixfold. */
export const REFUSAL_LINE_BYTES: u32 = 2048;

/** The first thing that is wrong with a document. */
@unmanaged
export class Refusal {
  code: RefusalCode;
  /** The value or the member's name that is refused; null: the document as a whole. */
  at: JsonValue | null;
  /** What would have been right, a literal of the program in lower case. */
  expected: string;
  /** The value is not quoted: it is a secret. */
  isSecret: bool;

  /** `lictor refused CODE at POINTER: expected WHAT`, where `root` is the tape that `at` is on, if there is one. */
  write(root: JsonValue | null, writer: Writer): void {
    writer.text("lictor refused ");
    writer.word(NAMES, this.code);
    writer.text(" at ");
    const at = this.at;
    if (root === null || at === null || changetype<usize>(at) == changetype<usize>(root)) {
      writer.text("/");
    } else {
      writeJsonPointer(root, at, writer);
    }
    writer.text(": expected ");
    writer.text(this.expected);
    if (at !== null && at.isString() && this.code == RefusalCode.BAD_VALUE && !this.isSecret) {
      writer.text(", got ");
      writer.jsonString(at.string(), QUOTED_BYTES);
    }
  }
}
