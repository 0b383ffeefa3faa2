import { Arena, Bytes, List, addressOf, endsWith, equal, lengthOf, part, startsWith } from "as-bytes";
import { AttributeValue, ScalarType } from "../attributes/value";
import { trustDomainOf } from "../attributes/spiffe";
import { globMatches } from "./glob";
import { serviceAccountMatches } from "./service-account";
import { templateMatches } from "./template";

/** A question about the value of one attribute, true or false. */
export enum PatternKind {
  /** The zero value: true of nothing. */
  NEVER,
  /** There is a value, even if it is empty. */
  PRESENT,

  // Of `values` and Istio's fields: true where one of the value's texts …
  /** … is not empty. */
  NON_EMPTY,
  EXACT,
  PREFIX,
  SUFFIX,
  /** `*` anywhere stands for any bytes. */
  GLOB,
  /** A path template with `{*}` and `{**}`. */
  TEMPLATE,
  /** `namespace/account` in a SPIFFE ID, as Istio looks for it. */
  SERVICE_ACCOUNT,
  /** A trust domain with one `*` in a SPIFFE ID. */
  TRUST_DOMAIN,
  /** A network that an address lies in. */
  NETWORK,
  /** The issuer matches the pattern itself, the subject `subject`. */
  REQUEST_PRINCIPAL,

  // Of typed operators: the value as a whole is, or one of its elements is …
  TEXT,
  BOOLEAN,
  ELEMENT_TEXT,
  ELEMENT_BOOLEAN,
  // … or, from here on, a number.
  ELEMENT_NUMBER,
  NUMBER,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL,

  // The value can be compared: as a whole it is of this type, or it has elements.
  KNOWN_TEXT,
  KNOWN_NUMBER,
  KNOWN_BOOLEAN,
  KNOWN_ELEMENTS,
}

/** Of a kind of the typed operators, what a value has to be that it compares. */
export function knownKind(kind: PatternKind): PatternKind {
  if (kind >= PatternKind.ELEMENT_NUMBER) return PatternKind.KNOWN_NUMBER;
  const isBoolean = kind == PatternKind.BOOLEAN || kind == PatternKind.ELEMENT_BOOLEAN;
  return isBoolean ? PatternKind.KNOWN_BOOLEAN : PatternKind.KNOWN_TEXT;
}


@unmanaged
export class Pattern {
  kind: PatternKind;
  text: Bytes;
  /** The number or boolean to compare with; of a NETWORK the bits of its prefix. */
  number: f64;
  /** What a TEMPLATE's operators take: any byte, or only those of the template set. */
  anyByte: bool;
  /** How the issuer is to match, a kind for texts. */
  issuerKind: PatternKind;
  subject: Pattern | null;
  /** Its number in the tables of the document. */
  atom: u32;

  static create(kind: PatternKind, text: Bytes, arena: Arena): Pattern {
    const pattern = changetype<Pattern>(arena.allocate(offsetof<Pattern>()));
    pattern.kind = kind;
    pattern.text = text;
    return pattern;
  }

  static ofNumber(kind: PatternKind, number: f64, arena: Arena): Pattern {
    const pattern = Pattern.create(kind, 0, arena);
    pattern.number = number;
    return pattern;
  }

  /**
   * Whether it is true of a value, for the kinds that no table can look up: the others are false. See
   * `reference/pattern-truth.ts` for all of them.
   */
  holdsWhereTried(value: AttributeValue): bool {
    switch (this.kind) {
      case PatternKind.GLOB:
      case PatternKind.TEMPLATE:
      case PatternKind.SERVICE_ACCOUNT:
      case PatternKind.TRUST_DOMAIN:
        return this.holdsForAnyText(value.texts);
      case PatternKind.REQUEST_PRINCIPAL:
        return this.holdsForPrincipal(value.texts);
      default: {
        const whole = value.whole;
        return whole !== null && whole.type == ScalarType.NUMBER && this.holdsForNumber(whole.number);
      }
    }
  }

  private holdsForAnyText(texts: List<Bytes>): bool {
    for (let index: u32 = 0; index < texts.length; index++) {
      if (this.holdsForText(this.kind, texts.at(index))) return true;
    }
    return false;
  }

  /** Whether a kind for texts is true of one. */
  holdsForText(kind: PatternKind, text: Bytes): bool {
    switch (kind) {
      case PatternKind.NON_EMPTY:
        return lengthOf(text) != 0;
      case PatternKind.EXACT:
        return equal(text, this.text);
      case PatternKind.PREFIX:
        return startsWith(text, this.text);
      case PatternKind.SUFFIX:
        return endsWith(text, this.text);
      case PatternKind.GLOB:
        return globMatches(this.text, text);
      case PatternKind.TEMPLATE:
        return templateMatches(this.text, text, this.anyByte);
      case PatternKind.SERVICE_ACCOUNT:
        return serviceAccountMatches(this.text, text);
      case PatternKind.TRUST_DOMAIN:
        return globMatches(this.text, trustDomainOf(text));
      default:
        return false;
    }
  }

  private holdsForPrincipal(texts: List<Bytes>): bool {
    const subject = this.subject;
    if (subject === null || texts.length != 2) return false;
    return this.holdsForText(this.issuerKind, texts.at(0)) && subject.holdsForText(subject.kind, texts.at(1));
  }

  private holdsForNumber(number: f64): bool {
    switch (this.kind) {
      case PatternKind.LESS:
        return number < this.number;
      case PatternKind.LESS_OR_EQUAL:
        return number <= this.number;
      case PatternKind.GREATER:
        return number > this.number;
      case PatternKind.GREATER_OR_EQUAL:
        return number >= this.number;
      default:
        return false;
    }
  }
}

/**
 * Istio's string matching: `*` is `presence`, `*x` a suffix, `x*` a prefix, the leading `*` looked at
 * first; a `*` elsewhere stands for itself.
 */
export function stringPattern(value: Bytes, presence: PatternKind, arena: Arena): Pattern {
  const length = lengthOf(value);
  const address = addressOf(value);
  if (length == 1 && load<u8>(address) == STAR) return Pattern.create(presence, value, arena);
  if (length > 0 && load<u8>(address) == STAR)
    return Pattern.create(PatternKind.SUFFIX, part(value, 1, length), arena);
  if (length > 0 && load<u8>(address + length - 1) == STAR)
    return Pattern.create(PatternKind.PREFIX, part(value, 0, length - 1), arena);
  return Pattern.create(PatternKind.EXACT, value, arena);
}

const STAR: u8 = 0x2a;
