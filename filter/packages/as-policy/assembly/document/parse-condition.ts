import { JsonValue } from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { parseKey } from "./parse-key";
import { PolicyReader } from "./parse-policies";
import { parseExists, parseSameAs, parseScalarOperators, parseSetOperators } from "./parse-typed-operators";
import { parseValues } from "./parse-values";
import { PathCursor } from "./path-names";
import { Conjunction } from "./policy";
import { RefusalCode } from "./refusal";

const CONDITION_MEMBERS = "key values notValues allOf anyOf noneOf eq ne lt lte gt gte exists sameAs";

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
  if (reader.refused) return;
  if (value.count() < 2) reader.refuse(RefusalCode.MISSING_MEMBER, value, "an operator beside the key");
  parseIstioOperators(value, attribute, parts, context);
  parseSetOperators(value, attribute, parts, context);
  parseScalarOperators(value, attribute, parts, context);
  parseExists(value, attribute, parts, context);
  parseSameAs(value, attribute, bound, parts, context);
}

/** Istio's own keys have Istio's own operators. */
function parseIstioOperators(
  value: JsonValue,
  attribute: Attribute,
  parts: Conjunction,
  context: PolicyReader,
): void {
  const reader = context.reader;
  const values = value.memberNamed("values");
  const notValues = value.memberNamed("notValues");
  const first = values === null ? notValues : values;
  if (first !== null && !isIstioKey(attribute))
    reader.refuse(RefusalCode.BAD_VALUE, first, "anyOf, noneOf or another typed operator for this key");
  if (values !== null && !reader.refused) parts.push(parseValues(values, null, attribute, false, context));
  if (notValues !== null && !reader.refused)
    parts.push(parseValues(notValues, null, attribute, true, context));
}

function isIstioKey(attribute: Attribute): bool {
  switch (attribute.kind) {
    case AttributeKind.HOST:
    case AttributeKind.METHOD:
    case AttributeKind.PATH:
    case AttributeKind.PATH_SEGMENT:
    case AttributeKind.QUERY:
    case AttributeKind.TIME:
    case AttributeKind.WEEKDAY:
      return false;
    default:
      return true;
  }
}
