import { equal } from "as-bytes";
import { Truth } from "./truth";
import { AttributeValue, ScalarType } from "./value";

/** `sameAs`: two scalars of one type; anything else cannot be compared. */
export function compareValues(left: AttributeValue, right: AttributeValue): Truth {
  const one = left.whole;
  const other = right.whole;
  if (one === null || other === null || one.type != other.type) return Truth.UNKNOWN;
  const same = one.type == ScalarType.TEXT ? equal(one.text, other.text) : one.number == other.number;
  return same ? Truth.TRUE : Truth.FALSE;
}
