import { List, equal } from "as-bytes";
import { AttributeValue, Form, Scalar, ScalarType } from "../attributes/value";
import { inNetwork } from "../patterns/address";
import { Pattern, PatternKind } from "../patterns/pattern";

/** Whether a pattern is true of a value, for every kind. */
export function isTrueOf(pattern: Pattern, value: AttributeValue): bool {
  const whole = value.whole;
  switch (pattern.kind) {
    case PatternKind.PRESENT:
      return value.form != Form.ABSENT;
    case PatternKind.KNOWN_ELEMENTS:
      return value.form == Form.SCALAR || value.form == Form.LIST;
    case PatternKind.NON_EMPTY:
    case PatternKind.EXACT:
    case PatternKind.PREFIX:
    case PatternKind.SUFFIX:
      return isTrueOfAnyText(pattern, value);
    case PatternKind.NETWORK:
      return value.texts.length != 0 && inNetwork(value.texts.at(0), pattern.text, <u32>pattern.number);
    case PatternKind.TEXT:
      return whole !== null && whole.type == ScalarType.TEXT && equal(whole.text, pattern.text);
    case PatternKind.NUMBER:
      return whole !== null && whole.type == ScalarType.NUMBER && whole.number == pattern.number;
    case PatternKind.BOOLEAN:
      return whole !== null && whole.type == ScalarType.BOOLEAN && whole.number == pattern.number;
    case PatternKind.KNOWN_TEXT:
      return whole !== null && whole.type == ScalarType.TEXT;
    case PatternKind.KNOWN_NUMBER:
      return whole !== null && whole.type == ScalarType.NUMBER;
    case PatternKind.KNOWN_BOOLEAN:
      return whole !== null && whole.type == ScalarType.BOOLEAN;
    case PatternKind.ELEMENT_TEXT:
    case PatternKind.ELEMENT_NUMBER:
    case PatternKind.ELEMENT_BOOLEAN:
      return isTrueOfAnyElement(pattern, value.elements);
    default:
      return pattern.holdsWhereTried(value);
  }
}

function isTrueOfAnyText(pattern: Pattern, value: AttributeValue): bool {
  for (let index: u32 = 0; index < value.texts.length; index++) {
    if (pattern.holdsForText(pattern.kind, value.texts.at(index))) return true;
  }
  return false;
}

function isTrueOfAnyElement(pattern: Pattern, elements: List<Scalar>): bool {
  for (let index: u32 = 0; index < elements.length; index++) {
    if (isElement(pattern, elements.at(index))) return true;
  }
  return false;
}

function isElement(pattern: Pattern, element: Scalar): bool {
  switch (pattern.kind) {
    case PatternKind.ELEMENT_TEXT:
      return element.type == ScalarType.TEXT && equal(element.text, pattern.text);
    case PatternKind.ELEMENT_NUMBER:
      return element.type == ScalarType.NUMBER && element.number == pattern.number;
    default:
      return element.type == ScalarType.BOOLEAN && element.number == pattern.number;
  }
}
