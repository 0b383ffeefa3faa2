import { JsonValue, indexOfWord } from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { PatternKind } from "../patterns/pattern";
import { refuseContradiction } from "./contradiction";
import { parseKey } from "./parse-key";
import { PolicyReader } from "./parse-policies";
import { parseComparison, parseEquality, parseExists, parseSameAs, parseSet } from "./parse-typed-operators";
import { parseValues } from "./parse-values";
import { PathCursor } from "./path-names";
import { Conjunction, Part } from "./policy";
import { RefusalCode } from "./refusal";

const CONDITION_MEMBERS = "key values notValues allOf anyOf noneOf eq ne lt lte gt gte exists sameAs";

/** In the order of `CONDITION_MEMBERS`, and the comparisons in that of their patterns. */
enum Member {
  KEY,
  VALUES,
  NOT_VALUES,
  ALL_OF,
  ANY_OF,
  NONE_OF,
  EQ,
  NE,
  LT,
  LTE,
  GT,
  GTE,
  EXISTS,
  SAME_AS,
}

/** Reads `{key, …}`, each operator into a part of its own. */
export function parseCondition(
  value: JsonValue,
  bound: PathCursor | null,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const reader = context.reader;
  if (!reader.object(value, CONDITION_MEMBERS)) return;
  const key = reader.required(value, "key");
  if (key === null) return;
  const attribute = parseKey(key, bound, context);
  if (value.count() < 2) reader.refuse(RefusalCode.MISSING_MEMBER, value, "an operator beside the key");
  const first = parts.length;
  let name = value.first();
  for (let left = value.count(); left > 0; left--) {
    const operand = name.next();
    const member: Member = indexOfWord(name.string(), CONDITION_MEMBERS);
    if (member > Member.NOT_VALUES) context.countValues(operand, operand.isArray() ? operand.count() : 1);
    if (member != Member.KEY) parts.push(parseOperator(member, operand, attribute, bound, context));
    if (reader.refused) return;
    name = operand.next();
  }
  refuseContradiction(value, parts, first, context);
}

function parseOperator(
  operator: Member,
  operand: JsonValue,
  attribute: Attribute,
  bound: PathCursor | null,
  context: PolicyReader,
): Part {
  switch (operator) {
    case Member.VALUES:
    case Member.NOT_VALUES:
      if (!isIstioKey(attribute))
        context.reader.refuse(
          RefusalCode.BAD_VALUE,
          operand,
          "anyOf, noneOf or another typed operator for this key",
        );
      return parseValues(operand, null, attribute, operator == Member.NOT_VALUES, context);
    case Member.ALL_OF:
    case Member.ANY_OF:
    case Member.NONE_OF:
      return parseSet(operand, attribute, operator == Member.ALL_OF, operator == Member.NONE_OF, context);
    case Member.EQ:
    case Member.NE:
      return parseEquality(operand, attribute, operator == Member.NE, context);
    case Member.EXISTS:
      return parseExists(operand, attribute, context);
    case Member.SAME_AS:
      return parseSameAs(operand, attribute, bound, context);
    default:
      return parseComparison(operand, attribute, PatternKind.LESS + (operator - Member.LT), context);
  }
}

/** Istio's own keys have Istio's own operators: neither parts of the request line nor times are such. */
function isIstioKey(attribute: Attribute): bool {
  const kind = attribute.kind;
  return kind < AttributeKind.HOST || (kind > AttributeKind.QUERY && kind < AttributeKind.TIME);
}
