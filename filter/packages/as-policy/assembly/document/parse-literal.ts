import { JsonKind, JsonValue, inLowerCase } from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { MAX_PORT } from "../attributes/request";
import { isWeekday } from "../attributes/read-time";
import { Pattern, PatternKind } from "../patterns/pattern";
import { PolicyReader } from "./parse-policies";
import { MAX_EXACT_INTEGER } from "./reader";
import { RefusalCode } from "./refusal";

/** A literal of `eq` and `ne`, or of the operators over elements. */
export function literalPattern(
  literal: JsonValue,
  attribute: Attribute,
  element: bool,
  context: PolicyReader,
): Pattern {
  const reader = context.reader;
  const arena = reader.arena;
  refuseUncomparable(literal, attribute, context);
  if (literal.isString()) {
    const isHost = attribute.kind == AttributeKind.HOST;
    const text = isHost ? inLowerCase(literal.string(), arena) : literal.string();
    return Pattern.create(element ? PatternKind.ELEMENT_TEXT : PatternKind.TEXT, text, arena);
  }
  if (literal.isNumber()) {
    const kind = element ? PatternKind.ELEMENT_NUMBER : PatternKind.NUMBER;
    return Pattern.ofNumber(kind, numberOf(literal, context), arena);
  }
  if (literal.isBoolean()) {
    const kind = element ? PatternKind.ELEMENT_BOOLEAN : PatternKind.BOOLEAN;
    return Pattern.ofNumber(kind, literal.kind == JsonKind.TRUE ? 1 : 0, arena);
  }
  reader.refuse(RefusalCode.WRONG_TYPE, literal, "a string, a number or a boolean");
  return Pattern.create(PatternKind.NEVER, 0, arena);
}

/** The number that a literal is; one that is rounded would also match its neighbors. */
export function numberOf(literal: JsonValue, context: PolicyReader): f64 {
  if (!literal.isNumber()) {
    context.reader.refuse(RefusalCode.WRONG_TYPE, literal, "a number");
    return 0;
  }
  const number = literal.number();
  if (!(Math.abs(number) <= MAX_EXACT_INTEGER))
    context.reader.refuse(RefusalCode.BAD_VALUE, literal, "a number within 2^53 either way");
  return number;
}

function refuseOtherThanPort(literal: JsonValue, context: PolicyReader): void {
  const number = numberOf(literal, context);
  if (number != Math.floor(number) || number < 0 || number > <f64>MAX_PORT)
    context.reader.refuse(RefusalCode.BAD_VALUE, literal, "a port from 0 to 65535");
}

/** What could never be true of the key is a mistake. */
function refuseUncomparable(literal: JsonValue, attribute: Attribute, context: PolicyReader): void {
  const reader = context.reader;
  switch (attribute.kind) {
    case AttributeKind.CLAIM:
      break;
    case AttributeKind.PORT:
      refuseOtherThanPort(literal, context);
      break;
    case AttributeKind.SOURCE_ADDRESS:
    case AttributeKind.REMOTE_ADDRESS:
    case AttributeKind.DESTINATION_ADDRESS:
      reader.refuse(RefusalCode.CONFLICT, literal, "values or notValues for addresses");
      break;
    case AttributeKind.TIME:
      reader.refuse(RefusalCode.CONFLICT, literal, "lt, lte, gt or gte for times");
      break;
    case AttributeKind.WEEKDAY:
      if (!literal.isString() || !isWeekday(literal.string()))
        reader.refuse(RefusalCode.BAD_VALUE, literal, "mon, tue, wed, thu, fri, sat or sun");
      break;
    default:
      if (!literal.isString()) reader.refuse(RefusalCode.WRONG_TYPE, literal, "a string");
  }
}
